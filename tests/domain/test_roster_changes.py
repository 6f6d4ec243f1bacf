"""Changes of a roster are pure: each says what the roster will be, and refuses what makes no sense."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from cem.domain import roster_changes as changes
from cem.domain.reasons import Invalid, Refused
from cem.domain.roster import Override, Roster, on_duty

ZONE = "Europe/Berlin"
EVERY_DAY = list(range(7))
NOW = datetime(2026, 3, 27, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
DAY_AND_NIGHT = Roster.from_document(
    {
        "timezone": ZONE,
        "shifts": [
            {"user": "dora", "weekdays": EVERY_DAY, "start": "07:00", "end": "22:00"},
            {"user": "nils", "weekdays": EVERY_DAY, "start": "22:00", "end": "07:00"},
        ],
        "fallback": "frida",
        "manager": "mona",
    }
)


def hours(roster: Roster, day: date) -> list[tuple[str, str, str]]:
    zone = ZoneInfo(ZONE)
    return [
        (
            each.people[0],
            f"{each.period.start.astimezone(zone):%H:%M}",
            f"{each.period.end.astimezone(zone):%H:%M}",
        )
        for each in changes.stretches(roster, day)
    ]


@pytest.mark.parametrize("day", [date(2026, 3, 28), date(2026, 3, 29), date(2026, 10, 25)])
def test_a_day_is_covered_from_midnight_to_midnight_whatever_the_clock_does(day: date) -> None:
    assert hours(DAY_AND_NIGHT, day) == [
        ("nils", "00:00", "07:00"),
        ("dora", "07:00", "22:00"),
        ("nils", "22:00", "00:00"),
    ]
    found = changes.stretches(DAY_AND_NIGHT, day)
    length = {date(2026, 3, 28): 24, date(2026, 3, 29): 23, date(2026, 10, 25): 25}[day]
    assert sum((each.period.end - each.period.start for each in found), timedelta()) == length * HOUR


def test_a_gap_says_who_answers_for_it() -> None:
    away = Override("remove", "dora", NOW, NOW + 2 * HOUR)
    (gap,) = [
        each
        for each in changes.stretches(changes.with_override(DAY_AND_NIGHT, away, NOW), NOW.date())
        if each.is_gap
    ]
    assert (gap.people, gap.source) == (("mona",), "manager")
    assert (gap.period.start, gap.period.end) == (NOW, NOW + 2 * HOUR)


def test_whoever_takes_over_has_the_duty_until_it_ends() -> None:
    taken = changes.taken_over(DAY_AND_NIGHT, "mona", NOW)
    assert (taken.kind, taken.user, taken.by) == ("replace", "dora", "mona")
    assert taken.end == datetime(2026, 3, 27, 21, tzinfo=UTC)
    assert on_duty(changes.with_override(DAY_AND_NIGHT, taken, NOW), NOW).first == "mona"
    with pytest.raises(Refused, match="already_on_duty"):
        changes.taken_over(DAY_AND_NIGHT, "dora", NOW)


def test_in_a_gap_whoever_takes_over_comes_in_addition() -> None:
    empty = Roster.from_document({"timezone": ZONE, "fallback": "frida"})
    taken = changes.taken_over(empty, "mona", NOW)
    assert (taken.kind, taken.end) == ("add", NOW + changes.TAKEN_OVER_FOR)


@pytest.mark.parametrize(
    "override",
    [
        Override("remove", "dora", NOW, NOW),
        Override("remove", "dora", NOW - 2 * HOUR, NOW),
        Override("remove", "dora", NOW, NOW + timedelta(days=93)),
        Override("replace", "dora", NOW, NOW + HOUR, "dora"),
    ],
)
def test_what_makes_no_sense_is_refused(override: Override) -> None:
    with pytest.raises(Invalid):
        changes.with_override(DAY_AND_NIGHT, override, NOW)


def test_what_ended_long_ago_is_left_out_of_the_next_version() -> None:
    old = Override("add", "ada", NOW - timedelta(days=60), NOW - timedelta(days=59))
    late = Override("add", "ada", NOW - timedelta(days=3), NOW - timedelta(days=2))
    before = Roster(ZONE, DAY_AND_NIGHT.shifts, (old, late), "frida")
    new = Override("add", "ada", NOW, NOW + HOUR)
    assert changes.with_override(before, new, NOW).overrides == (late, new)


def test_what_is_gone_cannot_be_taken_back_twice() -> None:
    once = Override("add", "ada", NOW, NOW + HOUR)
    there = changes.with_override(DAY_AND_NIGHT, once, NOW)
    assert changes.without_override(there, once) == DAY_AND_NIGHT
    with pytest.raises(Refused):
        changes.without_override(DAY_AND_NIGHT, once)
    with pytest.raises(Refused):
        changes.without_shift(changes.without_shift(there, there.shifts[0]), there.shifts[0])


def test_an_absence_uncovers_only_the_hours_of_who_is_away() -> None:
    found = changes.uncovered_without(DAY_AND_NIGHT, "nils", NOW, NOW + 24 * HOUR)
    assert [(each.end - each.start) / HOUR for each in found] == [9]
    assert changes.uncovered_without(DAY_AND_NIGHT, "ada", NOW, NOW + 24 * HOUR) == ()


def test_a_successor_has_every_post() -> None:
    after = changes.succeeded(changes.succeeded(DAY_AND_NIGHT, "frida", "sam"), "mona", "sam")
    assert (after.fallback, after.manager, after.deputy) == ("sam", "sam", None)
    assert changes.people_of(after) == ("dora", "nils", "sam")
