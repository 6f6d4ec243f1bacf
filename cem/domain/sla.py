"""A promise and how it stands at an instant, always by replay of its history, never by a running total.

One function, `standing`, serves the desk, the page, the sweep and every report, so that they cannot differ.
A promise is kept before its due time; at that very instant it is broken, so that the sweep that comes at
the due time and the page opened at the due time say the same.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from cem.domain.calendars import NOTHING, Calendar, Pause, due_after, elapsed, is_open, next_open
from cem.domain.vocabulary import Hours, PauseReason, PromiseKind, PromiseState

REOPENED_AT_LEAST = timedelta(hours=4)
WARNING_LEVELS = (50, 80, 100)


def levels_of(kind: PromiseKind, hours: Hours) -> tuple[int, ...]:
    """What an owner is warned of, in per cent of the time.

    Where a missed promise sends a `breach`, that is what comes at 100. The promise to take a case at any hour
    has a ladder whose pages come sooner than any per cent of it.
    """
    if kind is not PromiseKind.ACKNOWLEDGE:
        return (50, 80)
    return WARNING_LEVELS if hours is Hours.BUSINESS else ()


@dataclass(frozen=True, slots=True)
class Clock:
    """One promise of one case. `spent` is what an earlier priority had used before `started_at`."""

    kind: PromiseKind
    target: timedelta
    hours: Hours
    started_at: datetime
    pauses: tuple[Pause, ...] = ()
    fulfilled_at: datetime | None = None
    spent: timedelta = NOTHING


@dataclass(frozen=True, slots=True)
class Standing:
    """How a promise stands.

    `due_at` is None while a person has paused it; `due_if_resumed` is then the due time if it went on now.
    `remaining` is negative by the time over. `share_left` goes from 1 down to 0. `paused_because` is a
    `PauseReason`, `outside_hours` (by the calendar) included.
    """

    state: PromiseState
    due_at: datetime | None
    due_if_resumed: datetime | None
    remaining: timedelta
    elapsed: timedelta
    paused_because: str | None
    share_left: float

    @property
    def over(self) -> timedelta:
        """Active time past the target; nothing while it is kept."""
        return max(-self.remaining, NOTHING)


@dataclass(frozen=True, slots=True)
class WarningAt:
    """Level in per cent of the target. Keyed by due time too, so that one that moves warns again."""

    level: int
    at: datetime
    due_at: datetime


def due_at(clock: Clock, calendar: Calendar | None) -> datetime | None:
    """When the promise falls due, in UTC; None while a pause that still lasts holds it."""
    return _at_share(clock, calendar, 1.0)


def standing(clock: Clock, calendar: Calendar | None, now: datetime) -> Standing:
    """How the promise stands at `now`; what happened after `now` is not known yet."""
    known = _known_at(clock, now)
    end = known.fulfilled_at or now
    used = _elapsed(known, calendar, end)
    due = due_at(known, calendar)
    broken = due is not None and end >= due
    because = None if known.fulfilled_at or broken else _paused_because(known, calendar, now)
    return Standing(
        state=_state(known, broken, because),
        due_at=due,
        due_if_resumed=due or _resumed(known, calendar, now, used),
        remaining=known.target - used,
        elapsed=used,
        paused_because=because,
        share_left=min(max((known.target - used) / known.target, 0.0), 1.0) if known.target else 0.0,
    )


def warnings(
    clock: Clock, calendar: Calendar | None, levels: Sequence[int] = WARNING_LEVELS
) -> tuple[WarningAt, ...]:
    """When to warn, one per level (per cent of the target); for business time only inside hours.

    Nothing while a person has paused the promise: the due time that comes after it warns anew.
    """
    due = due_at(clock, calendar)
    if due is None:
        return ()
    hours = _hours(clock, calendar)
    at = {level: _at_share(clock, calendar, level / 100) for level in levels}
    return tuple(WarningAt(level, next_open(hours, moment), due) for level, moment in at.items() if moment)


def next_warning(
    clock: Clock, calendar: Calendar | None, now: datetime, *, catch_up: bool = False
) -> WarningAt | None:
    """The first warning after `now`; None where all have passed, or a person has paused the promise.

    `catch_up`: a due time that came nearer may have jumped over some levels; the highest of them is told now.
    """
    levels = levels_of(clock.kind, clock.hours)
    due = due_at(clock, calendar) if levels else None
    if due is None:
        return None
    missed: WarningAt | None = None
    for level in levels:
        moment = _at_share(clock, calendar, level / 100)
        if moment is None:
            break
        warning = WarningAt(level, next_open(_hours(clock, calendar), moment), due)
        if warning.at > now:
            return missed if catch_up and missed else warning
        missed = replace(warning, at=now)
    return missed if catch_up else None


def changed(clock: Clock, calendar: Calendar | None, now: datetime, target: timedelta, hours: Hours) -> Clock:
    """The promise under another priority: due at now + (new target - time used so far), never before now."""
    still = tuple(replace(p, start=now) for p in clock.pauses if _covers(p, now))
    spent = _elapsed(clock, calendar, now)
    return replace(clock, target=target, hours=hours, started_at=now, pauses=still, spent=spent)


def reopened_target(original: timedelta, used: timedelta) -> timedelta:
    """What a second promise to resolve has left: the rest of the first, at least four hours."""
    return max(original - used, REOPENED_AT_LEAST)


def _hours(clock: Clock, calendar: Calendar | None) -> Calendar | None:
    return calendar if clock.hours == Hours.BUSINESS else None


def _elapsed(clock: Clock, calendar: Calendar | None, end: datetime) -> timedelta:
    return clock.spent + elapsed(clock.started_at, end, _hours(clock, calendar), clock.pauses)


def _at_share(clock: Clock, calendar: Calendar | None, share: float) -> datetime | None:
    budget = clock.target * share - clock.spent
    return due_after(clock.started_at, budget, _hours(clock, calendar), clock.pauses)


def _resumed(clock: Clock, calendar: Calendar | None, now: datetime, used: timedelta) -> datetime | None:
    return due_after(now, clock.target - used, _hours(clock, calendar), ())


def _known_at(clock: Clock, now: datetime) -> Clock:
    pauses = tuple(
        replace(p, end=None) if p.end is not None and p.end > now else p
        for p in clock.pauses
        if p.start <= now
    )
    fulfilled = clock.fulfilled_at if clock.fulfilled_at and clock.fulfilled_at <= now else None
    return replace(clock, pauses=pauses, fulfilled_at=fulfilled)


def _paused_because(clock: Clock, calendar: Calendar | None, now: datetime) -> str | None:
    for pause in clock.pauses:
        if _covers(pause, now):
            return pause.reason
    closed = not is_open(_hours(clock, calendar), now)
    return PauseReason.OUTSIDE_HOURS if closed else None


def _covers(pause: Pause, now: datetime) -> bool:
    return pause.start <= now and (pause.end is None or pause.end > now)


def _state(clock: Clock, broken: bool, because: str | None) -> PromiseState:
    if broken:
        return PromiseState.BREACHED
    if clock.fulfilled_at:
        return PromiseState.MET
    return PromiseState.PAUSED if because else PromiseState.RUNNING
