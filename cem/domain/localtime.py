"""Between a wall clock on a site and instants in UTC.

Every sum is done in UTC; local times only say where a range begins and ends. The map from wall time to
instant never goes backwards: a time that a spring change skips is the instant of the change, and of a time
that an autumn change repeats it is the first. So ranges that touch on the clock also touch in UTC, and a
hand-over at 02:30 happens once on both days.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from cem.domain.reasons import Invalid

DAY = timedelta(days=1)
MIDNIGHT = time(0)
_WALL_TIME = re.compile(r"([01][0-9]|2[0-3]):[0-5][0-9]")


@dataclass(frozen=True, slots=True, order=True)
class Period:
    """From `start` until just before `end`, both aware."""

    start: datetime
    end: datetime


def utc(moment: datetime) -> datetime:
    """The same instant in UTC. A naive time raises `ValueError`: nobody knows what it means."""
    if moment.tzinfo is None:
        raise ValueError("a time without a zone is not an instant")
    return moment.astimezone(UTC)


def zone(name: str) -> ZoneInfo:
    """The IANA zone of that name; `Invalid` on `timezone` where there is none."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise Invalid({"timezone": [f"There is no time zone {name!r}."]}) from error


def wall_time(text: Any, *, may_end_a_day: bool = False) -> time:
    """Read `09:30`; at the end of a range `24:00` too, which is 00:00 of the next day. Else `ValueError`."""
    if may_end_a_day and text == "24:00":
        return MIDNIGHT
    if not isinstance(text, str) or not _WALL_TIME.fullmatch(text):
        raise ValueError(f"{text!r} is not a time as 09:30")
    return time.fromisoformat(text)


def local_date(moment: datetime, zone_name: str) -> date:
    return moment.astimezone(zone(zone_name)).date()


@lru_cache(maxsize=16384)
def instant(zone_name: str, day: date, wall: time) -> datetime:
    """When the clock of that zone first shows `wall` on `day`, in UTC."""
    local = datetime.combine(day, wall, zone(zone_name))
    moment = local.astimezone(UTC)
    if moment.astimezone(local.tzinfo).replace(tzinfo=None) == local.replace(tzinfo=None):
        return moment
    return _change_before(moment, zone(zone_name))


def _change_before(moment: datetime, local: ZoneInfo) -> datetime:
    """The instant of the change of offset in the last day before `moment`, to the second."""
    after = moment.astimezone(local).utcoffset()
    low, high = 0, int(DAY.total_seconds())
    while high - low > 1:
        middle = (low + high) // 2
        changed = (moment - timedelta(seconds=middle)).astimezone(local).utcoffset() != after
        low, high = (low, middle) if changed else (middle, high)
    return moment.replace(microsecond=0) - timedelta(seconds=low)


def span(zone_name: str, day: date, start: time, end: time) -> Period:
    """A range of wall time that begins on `day`; it ends on the next day where `end` is not after `start`."""
    last = day if end > start else day + DAY
    return Period(instant(zone_name, day, start), instant(zone_name, last, end))


def united(periods: Iterable[Period]) -> tuple[Period, ...]:
    """The same moments as periods in order that neither touch nor overlap."""
    done: list[Period] = []
    for period in sorted(p for p in periods if p.end > p.start):
        if done and period.start <= done[-1].end:
            done[-1] = Period(done[-1].start, max(done[-1].end, period.end))
        else:
            done.append(period)
    return tuple(done)


def without(period: Period, breaks: Iterable[Period]) -> Iterable[Period]:
    """What is left of `period` outside `breaks`, which are in order and do not overlap."""
    at = period.start
    for gap in breaks:
        if gap.end <= at or gap.start >= period.end:
            continue
        if gap.start > at:
            yield Period(at, gap.start)
        at = max(at, gap.end)
    if at < period.end:
        yield Period(at, period.end)
