"""`/admin/calendars`: the hours of a place, its holidays, special hours and make-up days."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

from flask import redirect, render_template, request, url_for
from flask_babel import gettext

from cem import clock
from cem.domain import calendar_lists as lists
from cem.domain.calendars import Calendar, due_at
from cem.domain.reasons import Invalid
from cem.domain.submission import N_
from cem.engine.organisation import Place
from cem.web.admin import choosing, drafting
from cem.web.admin.blueprint import READERS, WRITERS, admin
from cem.web.admin.week import weekdays

VIEWS: Final[dict[str, Any]] = {"calendars": READERS, "keep_calendar": WRITERS, "import_days": WRITERS}
LARGEST: Final = 512 * 1024


@admin.get("/calendars")
def calendars() -> str:
    place = choosing.chosen()
    draft = choosing.draft_of("calendar", place)
    looks_at_draft = draft is not None and (request.args.get("look") == "draft")
    shown = Calendar.from_document(draft.document) if draft and looks_at_draft else place.calendar
    return _page(place, _given(shown), {}, looks_at_draft=looks_at_draft)


@admin.post("/calendars")
def keep_calendar() -> Any:
    place = choosing.chosen()
    try:
        document = _document(request.form)
        if late := drafting.keep("calendar", place, document, request.form.get("days", "")):
            return late
    except Invalid as invalid:
        return _page(place, request.form.to_dict(), _words(invalid)), 422
    return redirect(url_for("admin.calendars", site=place.code, look="draft", done="kept"), 303)


@admin.post("/calendars/days")
def import_days() -> Any:
    """The events of a file, added to the list: somebody looks through them before they are kept."""
    place, given = choosing.chosen(), request.form.to_dict()
    try:
        file = request.files.get("ics")
        text = file.read(LARGEST).decode("utf-8", errors="replace") if file else ""
        days = lists.read_days(given.get("days", "")) | lists.from_ics(text)
    except Invalid as invalid:
        return _page(place, given, _words(invalid)), 422
    return _page(place, {**given, "days": lists.write_days(days)}, {}, imported=True)


def _page(place: Place, given: Mapping[str, Any], errors: dict[str, list[str]], **more: Any) -> str:
    return render_template(
        "admin/calendars.html",
        place=place,
        places=choosing.place_options(),
        given=given,
        errors=errors,
        weekdays=weekdays(),
        version=choosing.version_of("calendar", place),
        draft=choosing.draft_of("calendar", place),
        example=_example(given),
        done=request.args.get("done", ""),
        seen=request.form.get("seen") or drafting.seen("calendar", place),
        **{"looks_at_draft": False, "imported": False, **more},
    )


def _example(given: Mapping[str, Any]) -> tuple[str, str] | None:
    """Now, and the end of eight business hours from now, in the place's own time."""
    try:
        calendar = Calendar.from_document(_document(given))
    except Invalid:
        return None
    zone = ZoneInfo(calendar.timezone)
    now = clock.now().astimezone(zone)
    due = due_at(now, timedelta(hours=8), calendar).astimezone(zone)
    return now.strftime("%m-%d %H:%M"), due.strftime("%m-%d %H:%M")


def _given(calendar: Calendar) -> dict[str, str]:
    week = {f"day{number}": lists.write_ranges(ranges) for number, ranges in enumerate(calendar.week)}
    return {**week, "timezone": calendar.timezone, "days": lists.write_days(calendar.exceptions)}


def _document(given: Mapping[str, Any]) -> dict[str, Any]:
    wrong: dict[str, list[str]] = {}
    week: list[list[list[str]]] = []
    for number in range(7):
        try:
            ranges = lists.read_ranges(given.get(f"day{number}", ""))
        except ValueError:
            wrong[f"day{number}"] = [N_("Write hours as 09:00-12:00, 14:00-21:00, or nothing for closed.")]
            ranges = ()
        week.append([part.split("-") for part in lists.write_ranges(ranges).split(", ") if part])
    if wrong:
        raise Invalid(wrong)
    days = lists.documents(lists.read_days(given.get("days", "")))
    document = {"timezone": given.get("timezone", "").strip(), "week": week, "exceptions": days}
    return Calendar.from_document(document).to_document()


def _words(invalid: Invalid) -> dict[str, list[str]]:
    return {_field(name): [gettext(words) for words in said] for name, said in invalid.fields.items()}


def _field(name: str) -> str:
    return {"exceptions": "days", "week": "day0"}.get(name, name)
