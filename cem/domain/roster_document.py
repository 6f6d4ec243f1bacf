"""The roster as a JSON document, versioned with the other rules; read strictly and written back equal.

    {"timezone": "Asia/Shanghai",
     "shifts": [{"user": ID, "weekdays": [0..6], "start": "22:00", "end": "07:00"},
                {"users": [ID, ...], "turn": "day"|"week", "since": "2026-01-05", ...}],
     "overrides": [{"kind": "add"|"remove"|"replace", "user": ID, "with": ID (replace), "start", "end"}],
     "fallback": ID, "manager"?: ID, "deputy"?: ID, "region"?: ID}

Weekdays begin with Monday as 0 and name the day on which a shift begins; an override's times carry an offset.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any, cast, get_args

from cem.domain.localtime import utc, wall_time, zone
from cem.domain.reasons import Invalid
from cem.domain.roster import Override, OverrideKind, Roster, Shift, Turn


def read(document: dict[str, Any]) -> Roster:
    timezone = document.get("timezone")
    if not isinstance(timezone, str):
        raise Invalid({"timezone": ["This is missing."]})
    zone(timezone)
    return Roster(
        timezone=timezone,
        shifts=tuple(_shift(raw) for raw in _listed(document, "shifts")),
        overrides=tuple(_override(raw) for raw in _listed(document, "overrides")),
        fallback=_user(document, "fallback"),
        manager=_post(document, "manager"),
        deputy=_post(document, "deputy"),
        region=_post(document, "region"),
    )


def write(roster: Roster) -> dict[str, Any]:
    people = {"manager": roster.manager, "deputy": roster.deputy, "region": roster.region}
    return {
        "timezone": roster.timezone,
        "shifts": [_shift_written(shift) for shift in roster.shifts],
        "overrides": [_override_written(override) for override in roster.overrides],
        "fallback": roster.fallback,
        **{name: user for name, user in people.items() if user},
    }


def _listed(document: dict[str, Any], name: str) -> Sequence[Any]:
    items = document.get(name, ())
    if not isinstance(items, Sequence) or isinstance(items, str):
        raise Invalid({name: ["This is a list."]})
    return items


def _post(document: dict[str, Any], name: str) -> str | None:
    """Somebody, or nobody."""
    return None if document.get(name) is None else _user(document, name)


def _shift(raw: Any) -> Shift:
    try:
        users = tuple(_listed(raw, "users")) if "users" in raw else (raw["user"],)
        weekdays = frozenset(raw["weekdays"])
        turn, since = raw.get("turn", "week"), date.fromisoformat(raw.get("since", "2024-01-01"))
        start, end = wall_time(raw["start"]), wall_time(raw["end"], may_end_a_day=True)
    except (AttributeError, KeyError, TypeError, ValueError, Invalid) as error:
        raise Invalid({"shifts": ["A shift has a user, weekdays, a start and an end."]}) from error
    if not users or not all(isinstance(user, str) and user for user in users):
        raise Invalid({"shifts": ["A shift has somebody on it."]})
    if not weekdays or not weekdays <= set(range(7)) or turn not in get_args(Turn):
        raise Invalid({"shifts": ["Weekdays go from 0 (Monday) to 6; a turn is a day or a week."]})
    if len(users) == 1:
        return Shift(users, weekdays, start, end)
    return Shift(users, weekdays, start, end, cast(Turn, turn), since)


def _shift_written(shift: Shift) -> dict[str, Any]:
    hours = {
        "weekdays": sorted(shift.weekdays),
        "start": f"{shift.start:%H:%M}",
        "end": f"{shift.end:%H:%M}",
    }
    if len(shift.users) == 1:
        return {"user": shift.users[0], **hours}
    turns = {"users": list(shift.users), "turn": shift.turn, "since": shift.since.isoformat()}
    return {**turns, **hours}


def _override(raw: Any) -> Override:
    try:
        start, end = datetime.fromisoformat(raw["start"]), datetime.fromisoformat(raw["end"])
        kind, user, by = raw["kind"], _user(raw, "user"), _post(raw, "with")
        utc(start), utc(end)
    except (AttributeError, KeyError, OverflowError, TypeError, ValueError, Invalid) as error:
        raise Invalid({"overrides": ["Each has a kind, a user, a start and an end with offset."]}) from error
    if kind not in get_args(OverrideKind) or (kind == "replace") != bool(by):
        raise Invalid({"overrides": ["It adds or removes a user, or replaces one with another."]})
    if end <= start:
        raise Invalid({"overrides": ["It ends after it starts."]})
    return Override(cast(OverrideKind, kind), user, start, end, by)


def _override_written(override: Override) -> dict[str, Any]:
    written = {
        "kind": override.kind,
        "user": override.user,
        "start": override.start.isoformat(),
        "end": override.end.isoformat(),
    }
    return {**written, "with": override.by} if override.by else written


def _user(raw: dict[str, Any], name: str) -> str:
    user = raw.get(name)
    if not isinstance(user, str) or not user:
        raise Invalid({name: ["Somebody has to be named."]})
    return user
