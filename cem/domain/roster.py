"""Who is on duty at an instant, and where nobody is.

Shifts hand over by the site's own wall clock, also across daylight saving and midnight. Overrides are applied
in one fixed order, add, remove, replace (behaviour 15), whatever order they were entered in: a removal beats
an addition of the same person, and a replacement stands in for whoever is left.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import pairwise
from typing import Any, Literal

from cem.domain.localtime import DAY, Period, local_date, span, united, utc
from cem.domain.reasons import Reason

Active = Callable[[str], bool]
Source = Literal["shift", "override", "manager", "fallback"]
OverrideKind = Literal["add", "remove", "replace"]
Turn = Literal["day", "week"]

HORIZON = timedelta(days=8)
"""How far ahead the end of a duty is looked for: a week repeats, a day more covers what began before it."""


@dataclass(frozen=True, slots=True)
class Shift:
    """Hours of wall time on some weekdays (0 is Monday). Several `users` take turns, counted from `since`.

    A turn is a day on which the shift takes place (so nobody's turn falls on a day off), or a week.
    """

    users: tuple[str, ...]
    weekdays: frozenset[int]
    start: time
    end: time
    turn: Turn = "week"
    since: date = date(2024, 1, 1)

    def user_on(self, day: date) -> str:
        return self.users[self._turns(day) % len(self.users)]

    def _turns(self, day: date) -> int:
        weeks, rest = divmod((day - self.since).days, 7)
        if self.turn == "week":
            return weeks
        begun = sum((self.since + DAY * i).weekday() in self.weekdays for i in range(rest))
        return weeks * len(self.weekdays) + begun


@dataclass(frozen=True, slots=True)
class Override:
    """For one period: `add` a person, `remove` one, or `replace` one by `by`."""

    kind: OverrideKind
    user: str
    start: datetime
    end: datetime
    by: str | None = None


@dataclass(frozen=True, slots=True)
class Roster:
    """`fallback` answers when everybody else is missing, so that an owner is never empty."""

    timezone: str
    shifts: tuple[Shift, ...]
    overrides: tuple[Override, ...]
    fallback: str
    manager: str | None = None
    deputy: str | None = None
    region: str | None = None

    @classmethod
    def from_document(cls, document: dict[str, Any]) -> Roster:
        """Read a roster document (see `roster_document`); `Invalid` names what is wrong."""
        from cem.domain.roster_document import read

        return read(document)

    def to_document(self) -> dict[str, Any]:
        from cem.domain.roster_document import write

        return write(self)


@dataclass(frozen=True, slots=True)
class Present:
    """`people` in order, never empty. `source` says how the first came to be there."""

    people: tuple[str, ...]
    source: Source


@dataclass(frozen=True, slots=True)
class OnDuty:
    """`people` in order, never empty. `until` is when somebody else comes first, None where that is not
    within eight days. `source` says how the first came to be there."""

    people: tuple[str, ...]
    until: datetime | None
    source: Source
    reason: Reason

    @property
    def first(self) -> str:
        return self.people[0]


def everybody(_user: str) -> bool:
    return True


def on_duty(roster: Roster, now: datetime, active: Active = everybody) -> OnDuty:
    """Who is on duty at `now`: shifts and overrides, else the site's manager, else the fallback owner."""
    found = present(roster, now, active)
    first = found.people[0]
    until = _until(roster, utc(now), active, first)
    return OnDuty(found.people, until, found.source, Reason(f"duty.{found.source}", {"user": first}))


def present(roster: Roster, now: datetime, active: Active = everybody) -> Present:
    """As `on_duty`, without looking ahead for the end of the duty."""
    if people := _rostered(roster, utc(now), active):
        return Present(people, "shift" if people[0] in _on_shift(roster, utc(now)) else "override")
    if roster.manager and active(roster.manager):
        return Present((roster.manager,), "manager")
    return Present((roster.fallback,), "fallback")


def gaps(roster: Roster, start: datetime, end: datetime, active: Active = everybody) -> tuple[Period, ...]:
    """When between `start` and `end` no shift and no override has anybody there."""
    moments = [utc(start), *_changes(roster, utc(start), utc(end)), utc(end)]
    return united(Period(a, b) for a, b in pairwise(moments) if not _rostered(roster, a, active))


def _rostered(roster: Roster, now: datetime, active: Active) -> tuple[str, ...]:
    people = [user for user in _overridden(roster, now) if active(user)]
    return tuple(dict.fromkeys(people))


def _overridden(roster: Roster, now: datetime) -> list[str]:
    """The people of the shifts after add, remove, replace, in that order."""
    live = [o for o in roster.overrides if utc(o.start) <= now < utc(o.end)]
    people = _on_shift(roster, now) + [o.user for o in live if o.kind == "add"]
    removed = {o.user for o in live if o.kind == "remove"}
    instead = {o.user: o.by for o in live if o.kind == "replace" and o.by}
    return [_stand_in(user, instead) for user in people if user not in removed]


def _stand_in(user: str, instead: dict[str, str]) -> str:
    """Whoever comes in the end: who replaces may be replaced in turn; two who swap simply swap."""
    seen = {user}
    while (by := instead.get(user)) and by not in seen:
        seen.add(by)
        user = by
    return user


def _on_shift(roster: Roster, now: datetime) -> list[str]:
    today = local_date(now, roster.timezone)
    return [user for shift in roster.shifts for user in _working(roster, shift, now, today)]


def _working(roster: Roster, shift: Shift, now: datetime, today: date) -> Iterator[str]:
    for day in (today - DAY, today):
        if day.weekday() in shift.weekdays:
            period = span(roster.timezone, day, shift.start, shift.end)
            if period.start <= now < period.end:
                yield shift.user_on(day)


def _until(roster: Roster, now: datetime, active: Active, first: str) -> datetime | None:
    for moment in _changes(roster, now, now + HORIZON):
        if present(roster, moment, active).people[0] != first:
            return moment
    return None


def _changes(roster: Roster, start: datetime, end: datetime) -> Iterator[datetime]:
    """Every instant strictly between the two at which a shift or an override begins or ends, in order.

    Day by day, since who asks usually stops at the first.
    """
    overrides = {utc(moment) for o in roster.overrides for moment in (o.start, o.end)}
    day, seen = local_date(start, roster.timezone) - DAY, start
    while seen < end:
        begin, day = day, day + DAY
        limit = min(span(roster.timezone, begin, time(0), time(0)).end, end)
        found = overrides | _shift_changes(roster, begin - DAY) | _shift_changes(roster, begin)
        yield from sorted(moment for moment in found if seen <= moment < limit and moment > start)
        seen = max(seen, limit)


def _shift_changes(roster: Roster, day: date) -> set[datetime]:
    periods = [
        span(roster.timezone, day, shift.start, shift.end)
        for shift in roster.shifts
        if day.weekday() in shift.weekdays
    ]
    return {moment for period in periods for moment in (period.start, period.end)}
