"""A rule that waits: it is rehearsed, then published as the next version, or thrown away."""

from __future__ import annotations

from typing import Any, Final
from uuid import UUID

from flask import redirect
from werkzeug.wrappers import Response

from cem.domain.reasons import NotFound
from cem.engine import drafts, rosters
from cem.extensions import db
from cem.http import access
from cem.models import RuleDraft, Site
from cem.web.admin.blueprint import WRITERS, admin

VIEWS: Final[dict[str, Any]] = {"publish_waiting": WRITERS, "drop_waiting": WRITERS}
PAGES: Final = {
    "routing": "rules",
    "roster": "roster",
    "ladder": "ladder",
    "policy": "promises",
    "calendar": "calendars",
}


@admin.post("/waiting/<uuid:draft_id>/publication")
def publish_waiting(draft_id: UUID) -> Response:
    draft, address = _one(draft_id)
    publish = rosters.publish_draft if draft.kind == "roster" else drafts.publish_draft
    publish(draft_id, access.actor())
    return redirect(f"{address}&done=published", 303)


@admin.post("/waiting/<uuid:draft_id>/end")
def drop_waiting(draft_id: UUID) -> Response:
    _, address = _one(draft_id)
    drafts.throw_away(draft_id, access.actor())
    return redirect(f"{address}&done=dropped", 303)


def _one(draft_id: UUID) -> tuple[RuleDraft, str]:
    draft = db.session.get(RuleDraft, draft_id)
    if draft is None or draft.kind not in PAGES:
        raise NotFound
    site = db.session.get_one(Site, draft.site_id)
    access.must_see(site.path)
    return draft, f"/admin/{PAGES[draft.kind]}?site={site.code}"
