"""Holidays, make-up days and special hours as people write them down."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

import pytest

from cem.domain import calendar_lists as lists
from cem.domain.calendars import Calendar, SpecialDay, due_at
from cem.domain.reasons import Invalid

LIST = """
2026-10-01..2026-10-07 closed National Day
2026-10-10 working
2026-12-24 10:00-14:00 Christmas Eve
2026-12-25 放假 圣诞
"""


def test_a_list_says_holidays_make_up_days_and_special_hours() -> None:
    days = lists.read_days(LIST)
    assert len(days) == 10
    assert days[date(2026, 10, 7)] == SpecialDay("closed", (), "National Day")
    assert days[date(2026, 10, 10)] == SpecialDay("working", (), "")
    assert days[date(2026, 12, 24)] == SpecialDay("hours", ((time(10), time(14)),), "Christmas Eve")
    assert days[date(2026, 12, 25)].name == "圣诞"


def test_what_was_read_is_written_back_and_read_the_same() -> None:
    days = lists.read_days(LIST)
    assert lists.read_days(lists.write_days(days)) == days
    assert lists.write_days(days).splitlines()[0] == "2026-10-01..2026-10-07 closed National Day"


@pytest.mark.parametrize(
    "line", ["tomorrow", "2026-13-01", "2026-10-07..2026-10-01", "2026-01-01..2027-01-01"]
)
def test_a_line_that_is_not_understood_is_named(line: str) -> None:
    with pytest.raises(Invalid) as invalid:
        lists.read_days(f"2026-10-01\n{line}")
    assert invalid.value.fields == {"days": ["This line is not understood:", line]}


def test_a_make_up_day_adds_the_hours_of_a_working_day() -> None:
    document = {"timezone": "Asia/Shanghai", "week": [[["09:00", "17:00"]]] * 5 + [[], []]}
    exceptions = lists.documents(lists.read_days("2026-10-09 closed\n2026-10-10 working"))
    calendar = Calendar.from_document({**document, "exceptions": exceptions})
    thursday = datetime(2026, 10, 8, 8, tzinfo=UTC)  # 16:00 in Shanghai; Saturday is a working day
    assert due_at(thursday, timedelta(hours=4), calendar) == datetime(2026, 10, 10, 4, tzinfo=UTC)


ICS = """BEGIN:VCALENDAR
BEGIN:VEVENT
DTSTART;VALUE=DATE:20261001
DTEND;VALUE=DATE:20261008
SUMMARY:国庆节
END:VEVENT
BEGIN:VEVENT
DTSTART;VALUE=DATE:20261010
SUMMARY:国庆节
 补班
END:VEVENT
BEGIN:VEVENT
DTSTART:20261011T090000Z
SUMMARY:a meeting
END:VEVENT
END:VCALENDAR"""


def test_a_calendar_file_gives_its_all_day_events_to_look_through() -> None:
    days = lists.from_ics(ICS.replace("\n", "\r\n"))
    assert sorted(days) == [date(2026, 10, each) for each in (1, 2, 3, 4, 5, 6, 7, 10)]
    assert days[date(2026, 10, 1)] == SpecialDay("closed", (), "国庆节")
    assert days[date(2026, 10, 10)].kind == "working"


def test_a_file_without_days_is_refused() -> None:
    with pytest.raises(Invalid):
        lists.from_ics("BEGIN:VCALENDAR\nEND:VCALENDAR")


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("09:00-12:00, 14:00-21:00", 2),
        ("18:00-02:00", 1),
        ("00:00-24:00", 1),
        ("09:00–12:00；14:00–18:00", 2),
        ("", 0),
    ],
)
def test_ranges_of_a_day_are_read_back_as_they_were_written(written: str, read: int) -> None:
    ranges = lists.read_ranges(written)
    assert len(ranges) == read
    assert lists.read_ranges(lists.write_ranges(ranges)) == ranges
