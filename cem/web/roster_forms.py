"""What a person writes about shifts and arrangements, read strictly, in the site's own time."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Any, cast, get_args
from uuid import UUID

from cem.domain.localtime import instant, wall_time
from cem.domain.reasons import Invalid
from cem.domain.roster import Override, OverrideKind, Shift, Turn
from cem.domain.submission import N_


def shift_from(form: Any) -> Shift:
    """`users` in the order of their turns, `weekdays`, `start`, `end`, `turn`, `since`."""
    wrong: dict[str, list[str]] = {}
    users = tuple(dict.fromkeys(filter(None, form.getlist("users"))))
    weekdays = frozenset(int(day) for day in form.getlist("weekdays") if day in "0123456" and day)
    if not users:
        wrong["users"] = [N_("Choose who has this shift.")]
    if not weekdays:
        wrong["weekdays"] = [N_("Choose at least one day.")]
    start, end = _wall(form, "start", wrong), _wall(form, "end", wrong)
    turn = form.get("turn", "week")
    if turn not in get_args(Turn):
        wrong["turn"] = [N_("A turn is a day or a week.")]
    since = _date(form, "since", wrong) if len(users) > 1 else date(2024, 1, 1)
    if wrong:
        raise Invalid(wrong)
    return Shift(users, weekdays, start, end, cast(Turn, turn if len(users) > 1 else "week"), since)


def shift_of(document: Mapping[str, Any]) -> Shift:
    """One that a page wrote into a form, as `roster_document` writes it."""
    from cem.domain.roster import Roster

    whole = {"timezone": "UTC", "fallback": "nobody", "shifts": [document]}
    return Roster.from_document(whole).shifts[0]


def override_from(form: Any, zone: str) -> Override:
    """`kind`, `user`, `by` (for replace), `start` and `end` as `2026-11-24T09:00`."""
    start, end = period_from(form, zone)
    kind, user, by = form.get("kind", ""), form.get("user", ""), form.get("by") or None
    wrong: dict[str, list[str]] = {}
    if kind not in get_args(OverrideKind):
        wrong["kind"] = [N_("Choose what is to happen.")]
    if not user:
        wrong["user"] = [N_("Choose who.")]
    if kind == "replace" and not by:
        wrong["by"] = [N_("Choose who stands in.")]
    if wrong:
        raise Invalid(wrong)
    return Override(cast(OverrideKind, kind), user, start, end, by if kind == "replace" else None)


def period_from(form: Any, zone: str) -> tuple[datetime, datetime]:
    wrong: dict[str, list[str]] = {}
    start, end = _moment(form, "start", zone, wrong), _moment(form, "end", zone, wrong)
    if not wrong and end <= start:
        wrong["end"] = [N_("It ends after it starts.")]
    if wrong:
        raise Invalid(wrong)
    return start, end


def person_from(form: Any, name: str) -> UUID | None:
    try:
        return UUID(form[name]) if form.get(name) else None
    except ValueError as error:
        raise Invalid({name: [N_("Choose who.")]}) from error


def _moment(form: Any, name: str, zone: str, wrong: dict[str, list[str]]) -> datetime:
    try:
        local = datetime.fromisoformat(form.get(name, ""))
        return instant(zone, local.date(), local.time().replace(second=0, microsecond=0, tzinfo=None))
    except ValueError:
        wrong[name] = [N_("Write a day and a time.")]
        return datetime.min.replace(tzinfo=UTC)


def _wall(form: Any, name: str, wrong: dict[str, list[str]]) -> Any:
    try:
        return wall_time(form.get(name, ""), may_end_a_day=name == "end")
    except ValueError:
        wrong[name] = [N_("Write a time as 09:00.")]


def _date(form: Any, name: str, wrong: dict[str, list[str]]) -> Any:
    try:
        return date.fromisoformat(form.get(name, ""))
    except ValueError:
        wrong[name] = [N_("Write the day on which the first turn begins.")]
