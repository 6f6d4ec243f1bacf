"""When people are reminded of a duty: at a distance from it, but never at night, and never twice."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Final

from cem.domain.localtime import instant, utc, zone

SWAP: Final = (timedelta(days=3), timedelta(days=1), timedelta(hours=12))
"""How long before a shift begins a request that nobody has answered is brought up again."""
DUTY: Final = timedelta(hours=12)
"""How long before it begins somebody who took a shift over is reminded of it."""
WAKES, SLEEPS = time(8), time(21)


@dataclass(frozen=True, slots=True)
class Moment:
    """`before` is the distance that it stands for; None is the beginning of the shift itself."""

    at: datetime
    before: timedelta | None


def next_moment(start: datetime, end: datetime, zone_name: str, now: datetime) -> Moment:
    """What comes next, strictly after `now`, of a request for a duty from `start` to `end`: a reminder by the
    clock of whoever is asked, or that it expires when the shift begins (asked for later: when it ends)."""
    reminders = (Moment(awake(start - before, zone_name), before) for before in SWAP)
    coming = [each for each in reminders if utc(now) < each.at < utc(start)]
    over = utc(start) if utc(start) > utc(now) else utc(end)
    return min(coming, key=lambda each: each.at, default=Moment(over, None))


def awake(at: datetime, zone_name: str) -> datetime:
    """The same moment between eight and nine in the evening on the clock of that zone: from late in the
    evening it is moved to nine, from the small hours to eight in the morning."""
    local = utc(at).astimezone(zone(zone_name))
    if local.time() < WAKES:
        return instant(zone_name, local.date(), WAKES)
    return instant(zone_name, local.date(), SLEEPS) if local.time() > SLEEPS else utc(at)
