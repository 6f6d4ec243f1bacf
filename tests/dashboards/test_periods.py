"""Only whole periods, in the days of one zone."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

import pytest

from cem.dashboards.periods import Grain, full_periods

MONDAY_MORNING = datetime(2026, 11, 23, 0, 30, tzinfo=UTC)
SHANGHAI, LONDON = "Asia/Shanghai", "Europe/London"


def test_the_last_week_ended_on_sunday_at_midnight_of_the_groups_clock() -> None:
    week = full_periods(Grain.WEEK, MONDAY_MORNING, SHANGHAI)[-1]
    assert (week.first, week.last) == (date(2026, 11, 16), date(2026, 11, 22))
    assert week.end == datetime(2026, 11, 22, 16, tzinfo=UTC)


def test_a_week_is_not_over_before_the_groups_own_midnight() -> None:
    sunday_evening = datetime(2026, 11, 22, 15, 59, tzinfo=UTC)
    assert full_periods(Grain.WEEK, sunday_evening, SHANGHAI)[-1].last == date(2026, 11, 15)
    assert full_periods(Grain.WEEK, sunday_evening + timedelta(minutes=1), SHANGHAI)[-1].last.day == 22


def test_the_week_in_which_the_clocks_go_back_has_an_hour_more() -> None:
    weeks = full_periods(Grain.WEEK, datetime(2026, 11, 2, 9, tzinfo=UTC), LONDON)
    assert {week.first: week.end - week.start for week in weeks}[date(2026, 10, 19)] == timedelta(hours=169)


def test_four_weeks_end_with_the_last_whole_week() -> None:
    four = full_periods(Grain.FOUR_WEEKS, MONDAY_MORNING, SHANGHAI)[-1]
    assert (four.first, four.last) == (date(2026, 10, 26), date(2026, 11, 22))


def test_quarters_are_those_of_the_calendar() -> None:
    quarters = full_periods(Grain.QUARTER, MONDAY_MORNING, SHANGHAI)
    assert (quarters[-1].first, quarters[-1].last) == (date(2026, 7, 1), date(2026, 9, 30))
    assert quarters[0].first == date(2023, 10, 1)


@pytest.mark.parametrize("grain", Grain)
@pytest.mark.parametrize("zone", [SHANGHAI, LONDON])
def test_twelve_periods_follow_one_another_without_a_gap(grain: Grain, zone: str) -> None:
    periods = full_periods(grain, MONDAY_MORNING, zone)
    assert len(periods) == 12 and periods[-1].end <= MONDAY_MORNING
    assert all(one.end == other.start and one.after == other.first for one, other in pairwise(periods))
