"""`/admin/roster`: who is on duty when, where nobody is, and everything that changes it."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID
from zoneinfo import ZoneInfo

from flask import redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from cem import clock
from cem.domain import roster_changes
from cem.domain.localtime import utc
from cem.domain.reasons import Invalid, NotFound
from cem.domain.roster import Override, Roster
from cem.domain.submission import N_
from cem.engine import drafts, rosters, swaps
from cem.engine.organisation import Place
from cem.extensions import db
from cem.http import access
from cem.models import Swap
from cem.web import roster_forms
from cem.web.admin import choosing, contact, reach
from cem.web.admin.blueprint import READERS, WRITERS, admin
from cem.web.admin.week import monday_of, week, weekdays

VIEWS: Final[dict[str, Any]] = {
    "roster": READERS,
    "shift_form": WRITERS,
    "add_shift": WRITERS,
    "remove_shift": WRITERS,
    "name_posts": WRITERS,
    "arrange_form": WRITERS,
    "arrange": WRITERS,
    "take_back": WRITERS,
    "swap_form": WRITERS,
    "ask_swap": WRITERS,
    "answer_swap": WRITERS,
}


@admin.get("/roster")
def roster() -> str:
    place = choosing.chosen(branch=True)
    draft = choosing.draft_of("roster", place)
    looks_at_draft = draft is not None and request.args.get("look") == "draft"
    shown = Roster.from_document(draft.document) if draft and looks_at_draft else place.roster
    now, names, known = clock.now(), choosing.names(), choosing.known()
    monday = monday_of(request.args.get("week", ""), now.astimezone(ZoneInfo(shown.timezone)).date())
    return render_template(
        "admin/roster.html",
        place=place,
        places=choosing.place_options(),
        roster=shown,
        week=week(shown, place.calendar, monday, now, known.is_active, names),
        weekdays=weekdays(),
        names=names,
        shifts=list(zip(shown.shifts, map(json.dumps, shown.to_document()["shifts"]), strict=True)),
        arranged=_arranged(place, now),
        asked=swaps.waiting(db.session(), [place.id], now),
        reach=reach.of(roster_changes.people_of(shown), names),
        app_only=contact.app_only(place, roster_changes.people_of(shown)),
        draft=draft,
        looks_at_draft=looks_at_draft,
        local=lambda at: at.astimezone(ZoneInfo(shown.timezone)),
        done=request.args.get("done", ""),
        people=choosing.people_options(place),
    )


@admin.get("/roster/shift")
def shift_form() -> str:
    given = json.loads(request.args.get("shift") or "{}")
    return _shift_page(choosing.chosen(branch=True), _as_form(given), {}, request.args.get("shift", ""))


@admin.post("/roster/shift")
def add_shift() -> Any:
    """Into the draft; it holds when the draft is published."""
    place = choosing.chosen(branch=True)
    try:
        shift = roster_forms.shift_from(request.form)
        app_only = contact.check(place, "users", shift.users)
    except Invalid as invalid:
        return _shift_page(
            place, _sent(), _words(invalid), request.form.get("before", ""), _keeps(invalid)
        ), 422
    planned = _planned(place)
    if before := request.form.get("before"):
        planned = roster_changes.without_shift(planned, roster_forms.shift_of(json.loads(before)))
    answer = _into_draft(place, roster_changes.with_shift(planned, shift))
    contact.settle(place, app_only, access.actor())
    return answer


@admin.post("/roster/shift/end")
def remove_shift() -> Response:
    place = choosing.chosen(branch=True)
    shift = roster_forms.shift_of(json.loads(request.form["shift"]))
    return _into_draft(place, roster_changes.without_shift(_planned(place), shift))


@admin.post("/roster/posts")
def name_posts() -> Response:
    """Who is deputy, manager, region, and who answers when nobody else does."""
    place, form = choosing.chosen(branch=True), request.form
    posts = {name: form.get(name) or None for name in ("manager", "deputy", "region")}
    fallback = form.get("fallback") or place.roster.fallback
    return _into_draft(place, replace(_planned(place), fallback=fallback, **posts))


@admin.get("/roster/arrangement")
def arrange_form() -> str:
    return _arrange_page(choosing.chosen(branch=True), dict(request.args), {})


@admin.post("/roster/arrangement")
def arrange() -> Any:
    """Holds at once: somebody is ill now."""
    place = choosing.chosen(branch=True)
    try:
        override = roster_forms.override_from(request.form, place.roster.timezone)
        coming = {"replace": override.by, "add": override.user}.get(override.kind)
        app_only = contact.check(place, "by" if override.by else "user", filter(None, [coming]))
        rosters.add_override(place.code, override, access.actor())
    except Invalid as invalid:
        return _arrange_page(place, request.form.to_dict(), _words(invalid), _keeps(invalid)), 422
    contact.settle(place, app_only, access.actor())
    return _back(place, override.start, "arranged")


@admin.post("/roster/arrangement/end")
def take_back() -> Response:
    place, form = choosing.chosen(branch=True), request.form
    start, end = datetime.fromisoformat(form["start"]), datetime.fromisoformat(form["end"])
    override = Override(form["kind"], form["user"], start, end, form.get("by") or None)  # type: ignore[arg-type]
    rosters.remove_override(place.code, override, access.actor())
    return _back(place, start, "taken_back")


@admin.get("/roster/swap")
def swap_form() -> str:
    return _swap_page(choosing.chosen(branch=True), dict(request.args), {})


@admin.post("/roster/swap")
def ask_swap() -> Any:
    place = choosing.chosen(branch=True)
    try:
        start, end = roster_forms.period_from(request.form, place.roster.timezone)
        user = roster_forms.person_from(request.form, "user")
        if user is None:
            raise Invalid({"user": [N_("Choose who.")]})
        asked = roster_forms.person_from(request.form, "asked")
        swaps.ask(place.code, user, start, end, access.actor(), asked)
    except Invalid as invalid:
        return _swap_page(place, request.form.to_dict(), _words(invalid)), 422
    return _back(place, start, "asked")


@admin.post("/roster/swap/<uuid:swap_id>/answer")
def answer_swap(swap_id: UUID) -> Response:
    """An administrator says yes for a colleague, or takes the request back."""
    swap = db.session.get(Swap, swap_id)
    if swap is None:
        raise NotFound
    place = choosing.known().by_id[swap.site_id]
    access.must_see(place.path)
    taker = None if "withdraw" in request.form else roster_forms.person_from(request.form, "user")
    if taker is None:
        swaps.withdraw(swap_id, access.actor())
    else:
        swaps.accept(swap_id, taker, access.actor())
    return _back(place, swap.start_at, "arranged" if taker else "taken_back")


def _planned(place: Place) -> Roster:
    draft = choosing.draft_of("roster", place)
    return Roster.from_document(draft.document) if draft else place.roster


def _into_draft(place: Place, planned: Roster) -> Response:
    drafts.keep("roster", place.code, planned.to_document(), access.actor())
    return redirect(url_for("admin.roster", site=place.code, look="draft"), 303)


def _arranged(place: Place, now: datetime) -> list[Override]:
    """What is arranged for a time that is not over."""
    coming = [each for each in place.roster.overrides if utc(each.end) > now]
    return sorted(coming, key=lambda each: utc(each.start))


def _back(place: Place, start: datetime, done: str) -> Response:
    day = start.astimezone(ZoneInfo(place.roster.timezone)).date().isoformat()
    return redirect(url_for("admin.roster", site=place.code, week=day, done=done), 303)


def _keeps(invalid: Invalid) -> bool:
    """Whether it may be kept all the same."""
    return isinstance(invalid, contact.AppOnly)


def _shift_page(
    place: Place, given: dict[str, Any], errors: dict[str, list[str]], before: str, keeps: bool = False
) -> str:
    shown = {"users": [], "weekdays": [str(day) for day in range(7)], "start": "", "end": "", "turn": "week"}
    monday = monday_of("", clock.now().date())
    shown |= {"since": (monday + timedelta(days=7)).isoformat()} | given
    return render_template(
        "admin/shift.html",
        place=place,
        people=choosing.people_options(place),
        given=shown,
        errors=errors,
        before=before,
        weekdays=weekdays(),
        app_only=keeps,
    )


def _arrange_page(
    place: Place, given: dict[str, Any], errors: dict[str, list[str]], keeps: bool = False
) -> str:
    people = choosing.people_options(place)
    return render_template(
        "admin/arrangement.html", place=place, people=people, given=given, errors=errors, app_only=keeps
    )


def _swap_page(place: Place, given: dict[str, Any], errors: dict[str, list[str]]) -> str:
    people = choosing.people_options(place)
    return render_template("admin/swap.html", place=place, people=people, given=given, errors=errors)


def _as_form(document: dict[str, Any]) -> dict[str, Any]:
    """A shift as its form shows it."""
    if not document:
        return {}
    users = document.get("users") or [document["user"]]
    return {**document, "users": users, "weekdays": [str(day) for day in document["weekdays"]]}


def _sent() -> dict[str, Any]:
    form = request.form
    return {**form.to_dict(), "users": form.getlist("users"), "weekdays": form.getlist("weekdays")}


def _words(invalid: Invalid) -> dict[str, list[str]]:
    return {name: [gettext(words) for words in said] for name, said in invalid.fields.items()}
