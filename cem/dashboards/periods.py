"""The periods that a report speaks of: whole ones only, in the days of one time zone."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from itertools import islice, pairwise
from typing import Final

from cem.domain.localtime import DAY, MIDNIGHT, instant, local_date

TREND: Final = 12
"""How many periods make a trend."""

_WEEK: Final = timedelta(weeks=1)


class Grain(StrEnum):
    WEEK = "week"
    FOUR_WEEKS = "4weeks"
    QUARTER = "quarter"


@dataclass(frozen=True, slots=True)
class ReportPeriod:
    """From the first instant of the day `first` until just before the day `after`."""

    first: date
    after: date
    start: datetime
    end: datetime

    @property
    def last(self) -> date:
        return self.after - DAY


def between(first: date, after: date, zone_name: str) -> ReportPeriod:
    """The days from `first` until just before `after`, as the clock of that zone counts them."""
    start, end = (instant(zone_name, day, MIDNIGHT) for day in (first, after))
    return ReportPeriod(first, after, start, end)


def full_periods(grain: Grain, now: datetime, zone_name: str, count: int = TREND) -> tuple[ReportPeriod, ...]:
    """The last `count` periods that are over at `now`, oldest first.

    Weeks begin on Mondays, quarters are those of the calendar; four weeks end with the last whole week, so
    that they never overlap and never wait for a month to end.
    """
    days = list(islice(_boundaries(grain, local_date(now, zone_name)), count + 1))[::-1]
    return tuple(between(first, after, zone_name) for first, after in pairwise(days))


def _boundaries(grain: Grain, today: date) -> Iterator[date]:
    """The first days of periods, newest first, beginning with that of the period that is not over."""
    if grain is Grain.QUARTER:
        yield from _quarters(today)
        return
    day = today - DAY * today.weekday()
    while True:
        yield day
        day -= _WEEK * (4 if grain is Grain.FOUR_WEEKS else 1)


def _quarters(today: date) -> Iterator[date]:
    year, quarter = today.year, (today.month - 1) // 3
    while True:
        yield date(year, quarter * 3 + 1, 1)
        year, quarter = (year, quarter - 1) if quarter else (year - 1, 3)
