"""Changes of a roster: each takes the roster as it is and returns the roster as it will be.

What ended long ago is left out of the next version; the versions before still say it.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from itertools import pairwise
from typing import Final

from cem.domain.localtime import DAY, Period, instant, local_date, span, united, utc, without
from cem.domain.reasons import Invalid, Refused
from cem.domain.roster import Active, Override, Roster, Shift, everybody, gaps, on_duty, present
from cem.domain.submission import N_

REMEMBERED: Final = timedelta(days=35)
"""So long overrides that are over stay in the roster, for the weeks that people look back at."""
TAKEN_OVER_FOR: Final = timedelta(hours=12)
"""How long whoever takes a duty over has it, where its end is not in sight."""
LONGEST: Final = timedelta(days=92)
"""No override is longer: who is away longer than a season is taken off the shifts."""


@dataclass(frozen=True, slots=True)
class Stretch:
    """A time on duty: `source` as in `on_duty`; a gap has nobody, `people` are then who answers for it."""

    period: Period
    people: tuple[str, ...]
    source: str

    @property
    def is_gap(self) -> bool:
        return self.source in ("manager", "fallback")


def with_override(roster: Roster, override: Override, now: datetime) -> Roster:
    """Raises `Invalid` for a time that is over, too long, or nobody's."""
    if utc(override.end) <= utc(override.start):
        raise Invalid({"end": [N_("It ends after it starts.")]})
    if utc(override.end) <= now:
        raise Invalid({"end": [N_("This time is over already.")]})
    if utc(override.end) - utc(override.start) > LONGEST:
        raise Invalid({"end": [N_("Three months at most. Change the shifts for anything longer.")]})
    if override.by == override.user:
        raise Invalid({"by": [N_("Nobody stands in for themselves.")]})
    return _remembering(replace(roster, overrides=(*roster.overrides, override)), now)


def without_override(roster: Roster, override: Override) -> Roster:
    """Raises `Refused` where it is not there (any more)."""
    if override not in roster.overrides:
        raise Refused("override_is_gone")
    return replace(roster, overrides=tuple(each for each in roster.overrides if each != override))


def with_shift(roster: Roster, shift: Shift) -> Roster:
    return replace(roster, shifts=(*roster.shifts, shift))


def without_shift(roster: Roster, shift: Shift) -> Roster:
    """Raises `Refused` where it is not there (any more)."""
    if shift not in roster.shifts:
        raise Refused("shift_is_gone")
    kept = list(roster.shifts)
    kept.remove(shift)
    return replace(roster, shifts=tuple(kept))


def taken_over(roster: Roster, user: str, now: datetime, active: Active = everybody) -> Override:
    """`user` takes the duty from now until it ends. Raises `Refused` where they have it already."""
    duty = on_duty(roster, now, active)
    if duty.first == user:
        raise Refused("already_on_duty")
    end = min(duty.until or now + TAKEN_OVER_FOR, now + TAKEN_OVER_FOR)
    if duty.source in ("manager", "fallback"):
        return Override("add", user, utc(now), end)
    return Override("replace", duty.first, utc(now), end, user)


def succeeded(roster: Roster, leaving: str, successor: str) -> Roster:
    """`successor` in every post of `leaving`. Their shifts are passed over by whoever reads the roster."""

    def post(user: str | None) -> str | None:
        return successor if user == leaving else user

    return replace(
        roster,
        fallback=post(roster.fallback) or successor,
        manager=post(roster.manager),
        deputy=post(roster.deputy),
        region=post(roster.region),
    )


def people_of(roster: Roster) -> tuple[str, ...]:
    """Everybody who has a shift, stands in or holds a post, each once."""
    shifts = [user for shift in roster.shifts for user in shift.users]
    standing_in = [user for each in roster.overrides for user in (each.user, each.by) if user]
    posts = [user for user in (roster.manager, roster.deputy, roster.region, roster.fallback) if user]
    return tuple(dict.fromkeys([*shifts, *standing_in, *posts]))


def uncovered_without(
    roster: Roster, user: str, start: datetime, end: datetime, active: Active = everybody
) -> tuple[Period, ...]:
    """The hours that nobody would cover if this person were away, beyond those uncovered anyway."""
    away = replace(roster, overrides=(*roster.overrides, Override("remove", user, start, end)))
    before = gaps(roster, start, end, active)
    return united(rest for gap in gaps(away, start, end, active) for rest in without(gap, before))


def stretches(roster: Roster, day: date, active: Active = everybody) -> tuple[Stretch, ...]:
    """Who is on duty through one day of the site's own time, from midnight to midnight, gaps included."""
    whole = span(roster.timezone, day, time(0), time(0))
    moments = [whole.start, *_moments(roster, whole), whole.end]
    found: list[Stretch] = []
    for start, end in pairwise(moments):
        there = present(roster, start, active)
        if found and (found[-1].people, found[-1].source) == (there.people, there.source):
            found[-1] = replace(found[-1], period=Period(found[-1].period.start, end))
        else:
            found.append(Stretch(Period(start, end), there.people, there.source))
    return tuple(found)


def _moments(roster: Roster, whole: Period) -> list[datetime]:
    """Every instant within the day at which something of the roster begins or ends, in order."""
    day = local_date(whole.start, roster.timezone)
    edges = {utc(moment) for each in roster.overrides for moment in (each.start, each.end)}
    for shift in roster.shifts:
        for begins in (day - DAY, day):
            if begins.weekday() in shift.weekdays:
                period = span(roster.timezone, begins, shift.start, shift.end)
                edges |= {period.start, period.end}
    return sorted(moment for moment in edges if whole.start < moment < whole.end)


def at(roster: Roster, day: date, wall: time) -> datetime:
    """An instant of the site's own clock, in UTC."""
    return instant(roster.timezone, day, wall)


def _remembering(roster: Roster, now: datetime) -> Roster:
    kept = tuple(each for each in roster.overrides if utc(each.end) > now - REMEMBERED)
    return replace(roster, overrides=kept)
