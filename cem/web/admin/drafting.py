"""A rule that waits: it is rehearsed, then published as the next version, or thrown away."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final
from uuid import UUID

from flask import redirect, request
from flask_babel import gettext
from werkzeug.wrappers import Response

from cem.domain.reasons import NotFound, Refused
from cem.domain.roster import Roster
from cem.domain.roster_changes import people_of
from cem.engine import contacts, drafts, rosters
from cem.engine.organisation import Place
from cem.extensions import db
from cem.http import access, errors
from cem.http.words import sentence
from cem.models import RuleDraft, Site
from cem.web.admin import choosing, contact
from cem.web.admin.blueprint import WRITERS, admin

VIEWS: Final[dict[str, Any]] = {"publish_waiting": WRITERS, "drop_waiting": WRITERS}
PAGES: Final = {
    "routing": "rules",
    "roster": "roster",
    "ladder": "ladder",
    "policy": "promises",
    "calendar": "calendars",
}


def keep(kind: str, place: Place, document: Mapping[str, Any], yours: str) -> Response | None:
    """Into the draft. The page that says who was earlier, where somebody was since this form was opened;
    `yours` is what was to be kept, in words, and stands on it."""
    try:
        drafts.keep(kind, place.code, document, access.actor(), request.form.get("seen"))
    except Refused as refused:
        if refused.reason.code != "draft_moved_on":
            raise
        here = f"/admin/{PAGES[kind]}?site={place.code}&look=draft"
        subject = (here, gettext("See what it says now"))
        return errors.answer(409, sentence(refused.reason), draft=yours, subject=subject)
    return None


def seen(kind: str, place: Place) -> str:
    """What a form carries, so that `keep` knows what its writer had before them."""
    return drafts.edition(kind, place.id)


@admin.post("/waiting/<uuid:draft_id>/publication")
def publish_waiting(draft_id: UUID) -> Response:
    draft, address = _one(draft_id)
    publish = rosters.publish_draft if draft.kind == "roster" else drafts.publish_draft
    publish(draft_id, access.actor())
    if draft.kind == "roster":
        _keep_on_record(draft)
    return redirect(f"{address}&done=published", 303)


@admin.post("/waiting/<uuid:draft_id>/end")
def drop_waiting(draft_id: UUID) -> Response:
    _, address = _one(draft_id)
    drafts.throw_away(draft_id, access.actor())
    return redirect(f"{address}&done=dropped", 303)


def _keep_on_record(draft: RuleDraft) -> None:
    """Whom the page named as reached in the app only, and was published knowingly."""
    place = choosing.known().by_id[draft.site_id]
    if found := contact.app_only(place, people_of(Roster.from_document(draft.document))):
        contacts.accept_app_only(place.id, found, access.actor())


def _one(draft_id: UUID) -> tuple[RuleDraft, str]:
    draft = db.session.get(RuleDraft, draft_id)
    if draft is None or draft.kind not in PAGES:
        raise NotFound
    site = db.session.get_one(Site, draft.site_id)
    access.must_see(site.path)
    return draft, f"/admin/{PAGES[draft.kind]}?site={site.code}"
