"""Business time: which hours count, when a budget of them is used up, and how much has passed.

A calendar has several ranges a day in the site's own zone; dated exceptions (closed, special hours, an
extra working day as in 调休) come before the week. Pauses are given as the history of their periods and are
subtracted by replay, so no order of saves, no overlap and no two that begin in one minute can change what
comes out (behaviours 4 to 6).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, Literal, get_args

from cem.domain.localtime import (
    DAY,
    MIDNIGHT,
    Period,
    local_date,
    span,
    united,
    utc,
    wall_time,
    without,
    zone,
)
from cem.domain.reasons import Invalid

Range = tuple[time, time]
"""From, until. An end of 00:00 is 24:00; an end before the start is on the next day (a bar until 02:00)."""

SpecialKind = Literal["closed", "hours", "working"]
NOTHING = timedelta()


@dataclass(frozen=True, slots=True)
class SpecialDay:
    """One date that is not like its weekday. `closed` has no ranges, the other two have some."""

    kind: SpecialKind
    ranges: tuple[Range, ...] = ()
    name: str = ""


@dataclass(frozen=True, slots=True)
class Pause:
    """A stop of the clock. `end` is None while it lasts."""

    start: datetime
    end: datetime | None
    reason: str


@dataclass(frozen=True)
class Calendar:
    """`week` begins on Monday and has at least one open range, so that every budget ends some day."""

    timezone: str
    week: tuple[tuple[Range, ...], ...]
    exceptions: Mapping[date, SpecialDay] = field(default_factory=dict, hash=False)

    def __post_init__(self) -> None:
        zone(self.timezone)
        if len(self.week) != 7 or not any(self.week):
            raise Invalid({"week": ["A calendar has seven days, one of them open."]})

    def ranges(self, day: date) -> tuple[Range, ...]:
        """The open ranges that begin on that date."""
        special = self.exceptions.get(day)
        return self.week[day.weekday()] if special is None else special.ranges

    @classmethod
    def from_document(cls, document: Mapping[str, Any]) -> Calendar:
        """Read `{"timezone", "week": [[["09:00", "17:00"], ...] x 7], "exceptions": [...]}`.

        An exception is `{"date", "kind": "closed"|"hours"|"working", "ranges"?, "name"?}`; a working day
        without ranges has those of the week's first open day. `Invalid` names the field that is wrong.
        """
        week = _week(document.get("week"))
        ordinary = next((ranges for ranges in week if ranges), ())
        exceptions = _exceptions(document.get("exceptions", ()), ordinary)
        return cls(_text(document, "timezone"), week, exceptions)

    def to_document(self) -> dict[str, Any]:
        """What `from_document` reads back as an equal calendar."""
        return {
            "timezone": self.timezone,
            "week": [_written(ranges) for ranges in self.week],
            "exceptions": [
                {"date": day.isoformat(), "kind": e.kind, "ranges": _written(e.ranges), "name": e.name}
                for day, e in sorted(self.exceptions.items())
            ],
        }


ALWAYS = Calendar("UTC", (((MIDNIGHT, MIDNIGHT),),) * 7)
"""Open at every instant: wall time as a calendar. Where a calendar may be None, None means the same."""


def due_at(start: datetime, budget: timedelta, calendar: Calendar | None) -> datetime:
    """The first instant at which `budget` of open time has passed since `start`, in UTC."""
    due = due_after(start, budget, calendar, ())
    if due is None:
        raise AssertionError("without pauses every budget is used up")
    return due


def due_after(
    start: datetime, budget: timedelta, calendar: Calendar | None, pauses: Sequence[Pause]
) -> datetime | None:
    """As `due_at`, with pauses replayed; None where one that still lasts keeps the budget from its end."""
    left = budget
    if left <= NOTHING:
        return utc(start)
    for period in _active(utc(start), calendar, pauses):
        if period.end - period.start >= left:
            return period.start + left
        left -= period.end - period.start
    return None


def elapsed(
    start: datetime, end: datetime, calendar: Calendar | None, pauses: Sequence[Pause] = ()
) -> timedelta:
    """Open time between two instants that no pause covers; nothing where `end` is before `start`."""
    total, last = NOTHING, utc(end)
    for period in _active(utc(start), calendar, pauses):
        if period.start >= last:
            break
        total += min(period.end, last) - period.start
    return total


def is_open(calendar: Calendar | None, moment: datetime) -> bool:
    return next_open(calendar, moment) == utc(moment)


def next_open(calendar: Calendar | None, moment: datetime) -> datetime:
    """`moment` itself while open, or the next opening, in UTC."""
    return next(iter(_active(utc(moment), calendar, ()))).start


def _active(start: datetime, calendar: Calendar | None, pauses: Sequence[Pause]) -> Iterator[Period]:
    """Open periods from `start` on, in order, outside the pauses; ends where a pause has no end."""
    stop = min((utc(p.start) for p in pauses if p.end is None), default=_END)
    breaks = united(Period(utc(p.start), utc(p.end)) for p in pauses if p.end is not None)
    for period in _open(start, calendar):
        if period.start >= stop:
            return
        yield from without(Period(period.start, min(period.end, stop)), breaks)


_END = datetime.max.replace(tzinfo=UTC)


def _open(start: datetime, calendar: Calendar | None) -> Iterator[Period]:
    """Open periods from `start` on, for ever; ranges of neighbouring days may touch or overlap."""
    if calendar is None:
        yield Period(start, _END)
        return
    day, covered = local_date(start, calendar.timezone) - DAY, start
    while True:
        for period in united(span(calendar.timezone, day, a, b) for a, b in calendar.ranges(day)):
            if period.end > covered:
                yield Period(max(period.start, covered), period.end)
                covered = period.end
        day += DAY


def _week(raw: Any) -> tuple[tuple[Range, ...], ...]:
    if not isinstance(raw, Sequence) or isinstance(raw, str) or len(raw) != 7:
        raise Invalid({"week": ["A week has seven days, beginning on Monday."]})
    return tuple(_ranges(day, "week") for day in raw)


def _exceptions(raw: Any, ordinary: tuple[Range, ...]) -> dict[date, SpecialDay]:
    if not isinstance(raw, Sequence) or not all(isinstance(item, Mapping) for item in raw):
        raise Invalid({"exceptions": ["This is a list of dates, each with what it is."]})
    found: dict[date, SpecialDay] = {}
    for item in raw:
        day = _date(item)
        if day in found:
            raise Invalid({"exceptions": [f"{day} is there twice."]})
        found[day] = _special(item, ordinary)
    return found


def _special(item: Mapping[str, Any], ordinary: tuple[Range, ...]) -> SpecialDay:
    kind: Any = item.get("kind")
    ranges = _ranges(item.get("ranges") or (), "exceptions")
    if kind not in get_args(SpecialKind):
        raise Invalid({"exceptions": [f"{kind!r} is none of closed, hours, working."]})
    if kind == "working" and not ranges:
        ranges = ordinary
    if (kind == "closed") == bool(ranges):
        raise Invalid({"exceptions": ["A closed day has no hours, every other exception has some."]})
    return SpecialDay(kind, ranges, str(item.get("name", "")))


def _date(item: Any) -> date:
    try:
        return date.fromisoformat(item["date"])
    except (KeyError, TypeError, ValueError) as error:
        raise Invalid({"exceptions": ["Every exception has a date, as 2026-02-14."]}) from error


def _ranges(raw: Any, where: str) -> tuple[Range, ...]:
    try:
        ranges = tuple((wall_time(a), wall_time(b, may_end_a_day=True)) for a, b in raw)
    except (TypeError, ValueError) as error:
        raise Invalid({where: ["A range is two times, as 09:00 and 17:00."]}) from error
    if any(a == b and a != MIDNIGHT for a, b in ranges):
        raise Invalid({where: ["A range ends at another time than it begins."]})
    return tuple(sorted(ranges))


def _written(ranges: Iterable[Range]) -> list[list[str]]:
    return [[f"{a:%H:%M}", "24:00" if b == MIDNIGHT else f"{b:%H:%M}"] for a, b in ranges]


def _text(document: Mapping[str, Any], name: str) -> str:
    value = document.get(name)
    if not isinstance(value, str):
        raise Invalid({name: ["This is missing."]})
    return value


def business_days_after(moment: datetime, days: int, calendar: Calendar) -> datetime:
    """The closing time of the `days`-th day with open hours after `moment`'s own date, in UTC."""
    day = local_date(moment, calendar.timezone)
    while days:
        day += DAY
        days -= bool(calendar.ranges(day))
    return max(span(calendar.timezone, day, a, b).end for a, b in calendar.ranges(day))
