"""The promises and the ladder of each priority: a versioned document, with a floor that nobody goes under.

All durations in the document are whole minutes, of the priority's own hours (`wall` or `business`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise
from types import MappingProxyType
from typing import Any

from cem.domain import calendars
from cem.domain.calendars import Calendar
from cem.domain.reasons import Invalid, Refused
from cem.domain.submission import N_
from cem.domain.vocabulary import Hours, Priority, PromiseKind

EXPIRES_AFTER = timedelta(minutes=15)
EXPIRES_WITHIN = timedelta(days=7)
"""Between these an acknowledgement that no contact followed expires."""
ON_MISSED_ACKNOWLEDGE = "acknowledge"
"""In a ladder's steps: not after some minutes but when the promise to acknowledge breaks."""


@dataclass(frozen=True, slots=True)
class LadderTimes:
    """When the steps after the first page are due: `steps[0]` is the second step, and so on.

    None is a step that is due when `acknowledge` breaks. After the last, the last one again `every` so often.
    """

    steps: tuple[timedelta | None, ...]
    every: timedelta


@dataclass(frozen=True, slots=True)
class PromiseTable:
    """What one priority promises. `acknowledgement_expires` is None where it does not expire."""

    hours: Hours
    acknowledge: timedelta
    first_contact: timedelta
    resolve: timedelta
    ladder: LadderTimes
    acknowledgement_expires: timedelta | None = None

    def target(self, kind: PromiseKind) -> timedelta:
        return {
            PromiseKind.ACKNOWLEDGE: self.acknowledge,
            PromiseKind.FIRST_CONTACT: self.first_contact,
            PromiseKind.RESOLVE: self.resolve,
        }[kind]


@dataclass(frozen=True)
class Policy:
    """One promise table for every priority."""

    tables: Mapping[Priority, PromiseTable]

    def __getitem__(self, priority: Priority) -> PromiseTable:
        return self.tables[priority]

    @classmethod
    def from_document(cls, document: Mapping[str, Any]) -> Policy:
        """Read `{"p1": {"hours", "acknowledge", "first_contact", "resolve", "ladder": {"steps", "every"},
        "acknowledgement_expires"?}, ...}`.

        `Invalid` names the priority that is wrong; `Refused` where one is slower than the floor, or a higher
        one slower than a lower one: value lifts, never lowers.
        """
        tables = {priority: _table(document.get(priority), priority) for priority in Priority}
        policy = cls(MappingProxyType(tables))
        if slower := slower_than_floor(policy):
            raise Refused("policy.slower_than_floor", promises=slower)
        if lowered := slower_than_next(policy):
            raise Refused("policy.value_lowers", promises=lowered)
        return policy

    def to_document(self) -> dict[str, Any]:
        """What `from_document` reads back as an equal policy."""
        return {str(priority): _written(table) for priority, table in self.tables.items()}


@dataclass(frozen=True, slots=True)
class Made:
    """One promise as it is made to one case: so much time, in these hours, and so due then."""

    target: timedelta
    hours: Hours
    due_at: datetime


def made(
    policy: Policy,
    ranks: Sequence[Priority],
    kind: PromiseKind,
    start: datetime,
    calendar: Calendar,
    sooner: timedelta | None = None,
) -> Made:
    """What is promised to a case of the first of `ranks`, and no later than the others would have promised.

    The others are what it was lifted from: two days by the clock may be later than forty business hours where
    the house hardly ever closes, and value lifts, never lowers. `sooner` is what a rule promises.
    """
    each = (_made(policy[rank], kind, start, calendar, sooner) for rank in ranks)
    return min(each, key=lambda one: one.due_at)


def _made(
    table: PromiseTable, kind: PromiseKind, start: datetime, calendar: Calendar, sooner: timedelta | None
) -> Made:
    target = table.target(kind) if sooner is None else min(table.target(kind), sooner)
    due_at = calendars.due_at(start, target, calendar if table.hours is Hours.BUSINESS else None)
    return Made(target, table.hours, due_at)


def slower_than_floor(policy: Policy) -> list[str]:
    """Which promises (`p3.resolve`) are slower than the floor: what p4 promises in every pack at first.

    Wall hours are never fewer than the same business hours, so a wall promise is compared as it stands.
    """
    floor = DEFAULT_POLICY[Priority.P4]
    return [
        f"{priority}.{kind}"
        for priority, table in policy.tables.items()
        for kind in PromiseKind
        if table.target(kind) > floor.target(kind)
    ]


def slower_than_next(policy: Policy) -> list[str]:
    """Which promises are slower than the same promise of the priority below, which tier a is lifted from."""
    return [
        f"{higher}.{kind}"
        for higher, lower in pairwise(Priority)
        for kind in PromiseKind
        if _slower(policy[higher], policy[lower], kind)
    ]


def _slower(table: PromiseTable, other: PromiseTable, kind: PromiseKind) -> bool:
    """Wall against business hours cannot be compared without a calendar; only the opening is waited for."""
    if table.hours != other.hours:
        return table.hours == Hours.BUSINESS
    return table.target(kind) > other.target(kind)


def _table(raw: Any, priority: str) -> PromiseTable:
    try:
        expires = raw.get("acknowledgement_expires")
        return PromiseTable(
            hours=Hours(raw["hours"]),
            acknowledge=_minutes(raw["acknowledge"]),
            first_contact=_minutes(raw["first_contact"]),
            resolve=_minutes(raw["resolve"]),
            ladder=_ladder(raw["ladder"]),
            acknowledgement_expires=None if expires is None else _expiry(expires),
        )
    except (AttributeError, KeyError, OverflowError, TypeError, ValueError) as error:
        said = N_("Whole minutes above 0, ladder steps rising; an expiry from 15 minutes to 7 days.")
        raise Invalid({priority: [said]}) from error


def _expiry(raw: Any) -> timedelta:
    """Not so soon that nobody could have called, not so late that it wakes somebody after months."""
    duration = _minutes(raw)
    if not EXPIRES_AFTER <= duration <= EXPIRES_WITHIN:
        raise ValueError("an acknowledgement expires after 15 minutes at least and 7 days at most")
    return duration


def _ladder(raw: Any) -> LadderTimes:
    steps = tuple(None if step == ON_MISSED_ACKNOWLEDGE else _minutes(step) for step in raw["steps"])
    timed = [step for step in steps if step is not None]
    if any(later <= earlier for earlier, later in pairwise(timed)):
        raise ValueError("every step is later than the one before")
    return LadderTimes(steps, _minutes(raw["every"]))


def _minutes(raw: Any) -> timedelta:
    if isinstance(raw, bool) or not isinstance(raw, int) or raw <= 0:
        raise ValueError(f"{raw!r} is not a number of minutes")
    return timedelta(minutes=raw)


def _written(table: PromiseTable) -> dict[str, Any]:
    steps = [ON_MISSED_ACKNOWLEDGE if s is None else _in_minutes(s) for s in table.ladder.steps]
    expires = table.acknowledgement_expires
    return {
        "hours": str(table.hours),
        "acknowledge": _in_minutes(table.acknowledge),
        "first_contact": _in_minutes(table.first_contact),
        "resolve": _in_minutes(table.resolve),
        "ladder": {"steps": steps, "every": _in_minutes(table.ladder.every)},
        "acknowledgement_expires": None if expires is None else _in_minutes(expires),
    }


def _in_minutes(duration: timedelta) -> int:
    return duration // timedelta(minutes=1)


def _starting(hours: Hours, minutes: Sequence[int], ladder: LadderTimes, expires: int = 0) -> PromiseTable:
    acknowledge, first_contact, resolve = (timedelta(minutes=each) for each in minutes)
    expiry = timedelta(minutes=expires) or None
    return PromiseTable(hours, acknowledge, first_contact, resolve, ladder, expiry)


_URGENT = LadderTimes(tuple(timedelta(minutes=m) for m in (2, 5, 10)), timedelta(minutes=15))
_CALM = LadderTimes((None,), timedelta(hours=2))

DEFAULT_POLICY = Policy(
    MappingProxyType(
        {
            Priority.P1: _starting(Hours.WALL, (5, 30, 24 * 60), _URGENT, 4 * 60),
            Priority.P2: _starting(Hours.WALL, (15, 2 * 60, 48 * 60), _URGENT, 8 * 60),
            Priority.P3: _starting(Hours.BUSINESS, (4 * 60, 8 * 60, 40 * 60), _CALM),
            Priority.P4: _starting(Hours.BUSINESS, (8 * 60, 16 * 60, 80 * 60), _CALM),
        }
    )
)
"""The promises and the ladder that every pack starts with."""
