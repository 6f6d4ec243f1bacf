"""Business time: what counts, when it is used up, and that no history can confuse it."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from itertools import permutations
from zoneinfo import ZoneInfo

import pytest

from cem.domain.calendars import (
    ALWAYS,
    Calendar,
    Pause,
    business_days_after,
    due_after,
    due_at,
    elapsed,
    is_open,
    next_open,
)
from cem.domain.reasons import Invalid

SHANGHAI, BERLIN, NEW_YORK = "Asia/Shanghai", "Europe/Berlin", "America/New_York"
HOUR = timedelta(hours=1)


def weekdays(start: str, end: str, zone: str = SHANGHAI, exceptions: tuple[dict[str, object], ...] = ()):
    week = [[[start, end]]] * 5 + [[], []]
    return Calendar.from_document({"timezone": zone, "week": week, "exceptions": exceptions})


def local(text: str, zone: str = SHANGHAI) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone))


# 2026-01-09 is a Friday, 2026-01-12 a Monday.


@pytest.mark.parametrize(
    ("start", "hours", "opens", "closes", "due"),
    [
        ("2026-01-09 16:00", 4, "09:00", "17:00", "2026-01-12 12:00"),
        ("2026-01-09 16:00", 4, "08:00", "17:00", "2026-01-12 11:00"),
        ("2026-01-12 10:00", 5, "09:00", "17:00", "2026-01-12 15:00"),
        ("2026-01-12 10:00", 10, "09:00", "17:00", "2026-01-13 12:00"),
    ],
)
def test_due_times_that_published_manuals_get_wrong(
    start: str, hours: int, opens: str, closes: str, due: str
) -> None:
    assert due_at(local(start), hours * HOUR, weekdays(opens, closes)) == local(due)


def test_a_budget_that_ends_at_closing_time_is_due_at_closing_time() -> None:
    assert due_at(local("2026-01-09 16:00"), HOUR, weekdays("09:00", "17:00")) == local("2026-01-09 17:00")


def test_the_lunch_break_does_not_count() -> None:
    week = [[["09:00", "12:00"], ["13:30", "18:00"]]] * 5 + [[], []]
    calendar = Calendar.from_document({"timezone": SHANGHAI, "week": week})
    assert due_at(local("2026-01-09 11:00"), 2 * HOUR, calendar) == local("2026-01-09 14:30")
    assert elapsed(local("2026-01-09 08:00"), local("2026-01-09 20:00"), calendar) == timedelta(hours=7.5)


def test_a_day_until_24_00_loses_no_minute() -> None:
    calendar = Calendar.from_document({"timezone": SHANGHAI, "week": [[["00:00", "24:00"]]] * 7})
    assert elapsed(local("2026-01-09 00:00"), local("2026-01-12 00:00"), calendar) == 72 * HOUR


def test_a_bar_open_until_two_counts_the_night_to_the_day_it_began_on() -> None:
    week = [[] for _ in range(4)] + [[["18:00", "02:00"]], [["18:00", "02:00"]], []]
    calendar = Calendar.from_document({"timezone": SHANGHAI, "week": week})
    assert due_at(local("2026-01-09 23:00"), 4 * HOUR, calendar) == local("2026-01-10 19:00")
    assert is_open(calendar, local("2026-01-11 01:59"))
    assert not is_open(calendar, local("2026-01-11 02:00"))


def test_ranges_that_overlap_are_counted_once() -> None:
    week = [[["09:00", "13:00"], ["12:00", "17:00"]]] + [[]] * 6
    calendar = Calendar.from_document({"timezone": SHANGHAI, "week": week})
    assert elapsed(local("2026-01-12 00:00"), local("2026-01-13 00:00"), calendar) == 8 * HOUR


def test_a_holiday_takes_the_day_away() -> None:
    closed = ({"date": "2026-01-12", "kind": "closed", "name": "Founders' day"},)
    calendar = weekdays("09:00", "17:00", exceptions=closed)
    assert due_at(local("2026-01-09 16:00"), 4 * HOUR, calendar) == local("2026-01-13 12:00")


def test_a_make_up_working_day_adds_a_sunday() -> None:
    extra = ({"date": "2026-01-11", "kind": "working"},)
    calendar = weekdays("09:00", "17:00", exceptions=extra)
    assert due_at(local("2026-01-09 16:00"), 4 * HOUR, calendar) == local("2026-01-11 12:00")


def test_special_hours_replace_those_of_the_weekday() -> None:
    special = ({"date": "2026-01-12", "kind": "hours", "ranges": [["10:00", "12:00"]]},)
    calendar = weekdays("09:00", "17:00", exceptions=special)
    assert due_at(local("2026-01-09 16:00"), 4 * HOUR, calendar) == local("2026-01-13 10:00")


def test_the_same_hours_in_two_zones_are_different_instants() -> None:
    start = datetime(2026, 1, 12, 0, 0, tzinfo=UTC)
    assert due_at(start, HOUR, weekdays("09:00", "17:00", SHANGHAI)) == local("2026-01-12 10:00")
    berlin = due_at(start, HOUR, weekdays("09:00", "17:00", BERLIN))
    assert berlin == local("2026-01-12 10:00", BERLIN)


def test_the_night_of_the_spring_change_is_an_hour_shorter() -> None:
    nights = Calendar.from_document({"timezone": NEW_YORK, "week": [[["00:00", "06:00"]]] * 7})
    assert (
        elapsed(local("2026-03-08 00:00", NEW_YORK), local("2026-03-08 12:00", NEW_YORK), nights) == 5 * HOUR
    )
    due = due_at(local("2026-03-08 01:00", NEW_YORK), 2 * HOUR, nights)
    assert due == local("2026-03-08 04:00", NEW_YORK)


def test_the_night_of_the_autumn_change_is_an_hour_longer() -> None:
    nights = Calendar.from_document({"timezone": NEW_YORK, "week": [[["00:00", "06:00"]]] * 7})
    assert (
        elapsed(local("2026-11-01 00:00", NEW_YORK), local("2026-11-01 12:00", NEW_YORK), nights) == 7 * HOUR
    )


def test_opening_times_that_the_spring_change_skips_begin_with_the_change() -> None:
    early = Calendar.from_document({"timezone": NEW_YORK, "week": [[["02:30", "05:00"]]] * 7})
    assert next_open(early, local("2026-03-08 00:00", NEW_YORK)) == datetime(2026, 3, 8, 7, tzinfo=UTC)
    inside = Calendar.from_document({"timezone": NEW_YORK, "week": [[["02:10", "02:50"]]] * 7})
    assert next_open(inside, local("2026-03-08 00:00", NEW_YORK)) == local("2026-03-09 02:10", NEW_YORK)


def test_where_midnight_does_not_exist_the_day_begins_with_the_change() -> None:
    days = Calendar.from_document({"timezone": "Asia/Beirut", "week": [[["00:00", "24:00"]]] * 7})
    start, end = local("2026-03-28 12:00", "Asia/Beirut"), local("2026-03-29 12:00", "Asia/Beirut")
    assert elapsed(start, end, days) == 23 * HOUR


def test_office_hours_are_eight_on_both_days_of_change() -> None:
    calendar = Calendar.from_document({"timezone": BERLIN, "week": [[["09:00", "17:00"]]] * 7})
    for day in ("2026-03-29", "2026-10-25"):
        assert elapsed(local(f"{day} 00:00", BERLIN), local(f"{day} 23:00", BERLIN), calendar) == 8 * HOUR


def test_wall_time_counts_every_hour() -> None:
    start = local("2026-03-28 12:00", BERLIN)
    for calendar in (None, ALWAYS):
        assert due_at(start, 24 * HOUR, calendar) == local("2026-03-29 13:00", BERLIN)


def test_a_pause_moves_the_due_time_by_its_open_hours_only() -> None:
    calendar = weekdays("09:00", "17:00")
    pause = Pause(local("2026-01-09 16:30"), local("2026-01-12 10:00"), "waiting_customer")
    due = due_after(local("2026-01-09 16:00"), 4 * HOUR, calendar, [pause])
    assert due == local("2026-01-12 13:30")


def test_a_pause_that_lasts_leaves_no_due_time_unless_the_budget_ended_before_it() -> None:
    start = local("2026-01-12 10:00")
    assert due_after(start, HOUR, None, [Pause(start + HOUR / 2, None, "waiting_customer")]) is None
    assert due_after(start, HOUR, None, [Pause(start + HOUR, None, "waiting_customer")]) == start + HOUR


def test_two_pauses_that_begin_in_the_same_minute_are_both_known() -> None:
    start = local("2026-01-12 10:00")
    first = Pause(start + timedelta(seconds=10), start + timedelta(seconds=20), "waiting_customer")
    second = Pause(start + timedelta(seconds=30), start + timedelta(minutes=30), "waiting_third_party")
    for order in permutations([first, second]):
        assert due_after(start, HOUR, None, order) == start + HOUR + timedelta(seconds=10 + 1770)


def test_pauses_that_overlap_are_subtracted_once() -> None:
    start = local("2026-01-12 10:00")
    outer = Pause(start + HOUR, start + 4 * HOUR, "waiting_customer")
    inner = Pause(start + 2 * HOUR, start + 3 * HOUR, "waiting_third_party")
    for order in permutations([outer, inner, outer]):
        assert elapsed(start, start + 5 * HOUR, None, order) == 2 * HOUR


def test_pauses_that_began_before_the_start_count_from_the_start() -> None:
    start = local("2026-01-12 10:00")
    early = Pause(start - HOUR, start + HOUR, "waiting_customer")
    assert elapsed(start, start + 2 * HOUR, None, [early]) == HOUR


def test_business_days_end_with_the_closing_of_the_last_of_them() -> None:
    closed = ({"date": "2026-01-13", "kind": "closed"},)
    calendar = weekdays("09:00", "17:00", exceptions=closed)
    friday = local("2026-01-09 16:00")
    assert business_days_after(friday, 1, calendar) == local("2026-01-12 17:00")
    assert business_days_after(friday, 3, calendar) == local("2026-01-15 17:00")


def test_a_time_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="zone"):
        due_at(datetime(2026, 1, 9, 16), HOUR, None)  # noqa: DTZ001


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"timezone": "Mars/Olympus"}, "timezone"),
        ({"timezone": None}, "timezone"),
        ({"week": [[["09:00", "17:00"]]] * 6}, "week"),
        ({"week": [[]] * 7}, "week"),
        ({"week": [[["25:00", "17:00"]]] * 7}, "week"),
        ({"week": [[["09:00", "09:00"]]] * 7}, "week"),
        ({"week": "closed!"}, "week"),
        ({"exceptions": [{"date": "tomorrow", "kind": "closed"}]}, "exceptions"),
        ({"exceptions": [{"date": "2026-01-01", "kind": "party"}]}, "exceptions"),
        ({"exceptions": [{"date": "2026-01-01", "kind": "hours"}]}, "exceptions"),
        (
            {"exceptions": [{"date": "2026-01-01", "kind": "closed", "ranges": [["09:00", "10:00"]]}]},
            "exceptions",
        ),
        ({"exceptions": [{"date": "2026-01-01", "kind": "closed"}] * 2}, "exceptions"),
    ],
)
def test_a_document_that_makes_no_sense_is_refused_by_the_name_of_its_field(
    change: dict[str, object], field: str
) -> None:
    document = {"timezone": SHANGHAI, "week": [[["09:00", "17:00"]]] * 5 + [[], []]}
    with pytest.raises(Invalid) as refusal:
        Calendar.from_document(document | change)
    assert list(refusal.value.fields) == [field]


def test_exceptions_survive_the_document() -> None:
    exceptions = (
        {"date": "2026-02-16", "kind": "closed", "name": "春节"},
        {"date": "2026-02-14", "kind": "working"},
        {"date": "2026-12-24", "kind": "hours", "ranges": [["09:00", "24:00"]]},
    )
    calendar = weekdays("09:00", "17:00", exceptions=exceptions)
    assert Calendar.from_document(calendar.to_document()) == calendar
    assert calendar.exceptions[date(2026, 2, 14)].ranges == ((time(9), time(17)),)
