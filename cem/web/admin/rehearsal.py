"""`/admin/rehearsal`: what a draft would have changed in the last ninety days, before it holds."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any, Final
from uuid import UUID

from flask import redirect, render_template, request, url_for
from flask_babel import lazy_gettext
from sqlalchemy import select
from werkzeug.wrappers import Response

from cem import clock
from cem.domain.reasons import NotFound
from cem.domain.vocabulary import RehearsalState
from cem.engine import rehearsals, rehearsing
from cem.extensions import db
from cem.http import access
from cem.http.words import person
from cem.models import Rehearsal, RuleDraft, Site
from cem.web.admin import choosing
from cem.web.admin import rehearsal_view as views
from cem.web.admin.blueprint import READERS, admin
from cem.web.admin.drafting import PAGES

_l = lazy_gettext

VIEWS: Final[dict[str, Any]] = {
    "rehearsal": READERS,
    "rehearsal_now": READERS,
    "ask_rehearsal": READERS,
    "end_rehearsal": READERS,
}
"""It changes nothing but itself, so whoever reads the rules may have them rehearsed."""
KINDS: Final[Mapping[str, Any]] = {
    "routing": _l("Rules"),
    "roster": _l("Roster"),
    "ladder": _l("Ladder"),
    "policy": _l("Promises"),
    "calendar": _l("Calendar"),
}


@admin.get("/rehearsal")
def rehearsal() -> str:
    """Which draft; or how far the rehearsal of one is; or what it found, as a whole or of one day."""
    wanted = request.args.get("draft", "")
    if not wanted:
        return render_template("admin/rehearsal_choice.html", waiting=_waiting(), kinds=KINDS)
    draft, site = _chosen(wanted)
    found = rehearsals.latest(draft.id)
    around = {"draft": draft, "site": site, "kind": KINDS[draft.kind], "found": found, "who": person}
    if found is None or found.state is not RehearsalState.DONE:
        return render_template(
            "admin/rehearsal_running.html", **around, page=_page(draft, site), history=_history(site)
        )
    if day := request.args.get("day", ""):
        return _day(found, site, day, around)
    return render_template(
        "admin/rehearsal.html",
        **around,
        page=_page(draft, site),
        age=rehearsals.age(found, draft),
        shown=views.result(found, site.timezone, choosing.names()),
    )


@admin.get("/rehearsal/<uuid:draft_id>/now")
def rehearsal_now(draft_id: UUID) -> str:
    """How far it is, for a page that asks every second."""
    draft, _ = _chosen(str(draft_id))
    return render_template(
        "admin/_rehearsal.html", draft=draft, found=rehearsals.latest(draft.id), who=person
    )


@admin.post("/rehearsal/<uuid:draft_id>")
def ask_rehearsal(draft_id: UUID) -> Response:
    draft, _ = _chosen(str(draft_id))
    rehearsals.ask(draft.id, access.actor())
    return redirect(url_for("admin.rehearsal", draft=draft_id), 303)


@admin.post("/rehearsal/<uuid:draft_id>/end")
def end_rehearsal(draft_id: UUID) -> Response:
    draft, _ = _chosen(str(draft_id))
    found = rehearsals.latest(draft.id)
    if found is None:
        raise NotFound
    rehearsals.cancel(found.id, access.actor())
    return redirect(url_for("admin.rehearsal", draft=draft_id), 303)


def _day(found: Rehearsal, site: Site, wanted: str, around: dict[str, Any]) -> str:
    """The items of one day that would have asked most of people, each to be opened."""
    try:
        day = date.fromisoformat(wanted)
    except ValueError as error:
        raise NotFound from error
    return render_template(
        "admin/rehearsal_day.html", **around, day=views.day(found, day, site.timezone, choosing.names())
    )


def _waiting() -> list[tuple[RuleDraft, Site]]:
    statement = (
        select(RuleDraft, Site)
        .join(Site, Site.id == RuleDraft.site_id)
        .where(RuleDraft.ended_at.is_(None))
        .order_by(RuleDraft.changed_at.desc())
    )
    rows = db.session.execute(statement)
    return [(draft, site) for draft, site in rows if access.sees(site.path) and draft.kind in PAGES]


def _chosen(wanted: str) -> tuple[RuleDraft, Site]:
    try:
        draft = db.session.get(RuleDraft, UUID(wanted))
    except ValueError as error:
        raise NotFound from error
    if draft is None or draft.kind not in PAGES:
        raise NotFound
    site = db.session.get_one(Site, draft.site_id)
    access.must_see(site.path)
    return draft, site


def _page(draft: RuleDraft, site: Site) -> str:
    return f"/admin/{PAGES[draft.kind]}?site={site.code}"


def _history(site: Site) -> bool:
    """Whether there is anything to rehearse against."""
    now = clock.now()
    return rehearsing.any_past(rehearsing.scope(site.path, now - rehearsals.SPAN, now))
