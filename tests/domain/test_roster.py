"""Who is on duty: nights, hand-overs by the wall clock, overrides in one order, and never nobody."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cem.domain.reasons import Invalid
from cem.domain.roster import Roster, gaps, on_duty
from tests.domain.rosters import (
    BERLIN,
    DAY_AND_NIGHT,
    EVERY_DAY,
    NEW_YORK,
    SHANGHAI,
    friday,
    local,
    override,
    roster,
)


@pytest.mark.parametrize("zone", [SHANGHAI, BERLIN, NEW_YORK])
def test_at_two_on_saturday_night_the_person_on_the_night_shift_is_found(zone: str) -> None:
    found = on_duty(roster(zone=zone), local("2026-01-10 02:00", zone))
    assert (found.people, found.source) == (("nils",), "shift")
    assert found.until == local("2026-01-10 07:00", zone)
    assert found.reason.as_dict() == {"code": "duty.shift", "args": {"user": "nils"}}


def test_a_night_belongs_to_the_weekday_on_which_it_begins() -> None:
    fridays = [{"user": "nils", "weekdays": [4], "start": "22:00", "end": "07:00"}]
    assert on_duty(roster(fridays), local("2026-01-10 06:59")).first == "nils"
    assert on_duty(roster(fridays), local("2026-01-10 07:00")).first == "mona"
    assert on_duty(roster(fridays), local("2026-01-09 06:59")).first == "mona"


def test_a_hand_over_belongs_to_who_comes() -> None:
    assert on_duty(roster(), local("2026-01-09 22:00")).first == "nils"
    assert on_duty(roster(), local("2026-01-09 21:59")).first == "dora"


@pytest.mark.parametrize("day", ["2026-03-28", "2026-03-29", "2026-10-24", "2026-10-25"])
def test_the_hand_over_stays_at_seven_on_the_days_the_clock_changes(day: str) -> None:
    night = on_duty(roster(zone=BERLIN), local(f"{day} 06:59", BERLIN))
    assert (night.first, night.until) == ("nils", local(f"{day} 07:00", BERLIN))
    assert on_duty(roster(zone=BERLIN), local(f"{day} 07:00", BERLIN)).first == "dora"


def test_a_hand_over_in_the_hour_that_does_not_exist_leaves_no_gap() -> None:
    shifts = [
        {"user": "early", "weekdays": EVERY_DAY, "start": "14:30", "end": "02:30"},
        {"user": "late", "weekdays": EVERY_DAY, "start": "02:30", "end": "14:30"},
    ]
    for day in ("2026-03-07", "2026-10-31"):
        start = local(f"{day} 00:00", NEW_YORK)
        assert gaps(roster(shifts, zone=NEW_YORK), start, start + timedelta(days=3)) == ()


def test_several_on_duty_stand_in_the_order_of_the_roster() -> None:
    both = [
        {"user": "zoe", "weekdays": EVERY_DAY, "start": "08:00", "end": "20:00"},
        {"user": "adam", "weekdays": EVERY_DAY, "start": "08:00", "end": "20:00"},
        {"user": "zoe", "weekdays": EVERY_DAY, "start": "12:00", "end": "14:00"},
    ]
    assert on_duty(roster(both), local("2026-01-09 13:00")).people == ("zoe", "adam")


def test_the_duty_goes_on_over_two_shifts_of_the_same_person() -> None:
    double = [
        {"user": "dora", "weekdays": EVERY_DAY, "start": "07:00", "end": "14:00"},
        {"user": "dora", "weekdays": EVERY_DAY, "start": "14:00", "end": "22:00"},
    ]
    assert on_duty(roster(double), local("2026-01-09 08:00")).until == local("2026-01-09 22:00")


def test_a_duty_without_an_end_in_sight_says_so() -> None:
    always = [{"user": "dora", "weekdays": EVERY_DAY, "start": "00:00", "end": "24:00"}]
    assert on_duty(roster(always), local("2026-01-09 08:00")).until is None


def test_who_has_left_the_house_is_passed_over() -> None:
    both = [*DAY_AND_NIGHT, {"user": "ada", "weekdays": EVERY_DAY, "start": "07:00", "end": "22:00"}]
    found = on_duty(roster(both), local("2026-01-09 13:00"), lambda user: user != "dora")
    assert (found.people, found.source) == (("ada",), "shift")


def test_the_manager_s_watch_ends_when_a_shift_begins() -> None:
    days = [DAY_AND_NIGHT[0]]
    assert on_duty(roster(days), local("2026-01-09 23:00")).until == local("2026-01-10 07:00")


def test_gaps_are_the_hours_that_nobody_covers() -> None:
    found = gaps(roster([DAY_AND_NIGHT[0]]), local("2026-01-09 12:00"), local("2026-01-11 12:00"))
    assert [(g.start, g.end) for g in found] == [
        (local("2026-01-09 22:00"), local("2026-01-10 07:00")),
        (local("2026-01-10 22:00"), local("2026-01-11 07:00")),
    ]


def test_weekly_turns_go_round() -> None:
    turns = [{"users": ["ann", "ben"], "turn": "week", "since": "2026-01-05", "weekdays": EVERY_DAY,
              "start": "09:00", "end": "18:00"}]  # fmt: skip
    found = [on_duty(roster(turns), local(f"2026-01-{day} 10:00")).first for day in ("05", "11", "12", "19")]
    assert found == ["ann", "ann", "ben", "ann"]


def test_daily_turns_are_counted_on_working_days_only() -> None:
    turns = [{"users": ["ann", "ben", "cyd"], "turn": "day", "since": "2026-01-05",
              "weekdays": [0, 1, 2, 3, 4], "start": "09:00", "end": "18:00"}]  # fmt: skip
    days = ["05", "06", "07", "08", "09", "12", "13", "14"]
    found = [on_duty(roster(turns), local(f"2026-01-{day} 10:00")).first for day in days]
    assert found == ["ann", "ben", "cyd", "ann", "ben", "cyd", "ann", "ben"]


def test_turns_hand_over_at_nine_by_the_clock_after_the_spring_change_too() -> None:
    turns = [{"users": ["ann", "ben"], "turn": "day", "since": "2026-03-01", "weekdays": EVERY_DAY,
              "start": "09:00", "end": "09:00"}]  # fmt: skip
    for day in ("2026-03-28", "2026-03-29", "2026-03-30"):
        before = on_duty(roster(turns, zone=BERLIN), local(f"{day} 08:59", BERLIN))
        after = on_duty(roster(turns, zone=BERLIN), local(f"{day} 09:00", BERLIN))
        assert before.until == local(f"{day} 09:00", BERLIN)
        assert {before.first, after.first} == {"ann", "ben"}


def test_a_roster_survives_its_document() -> None:
    turns = {"users": ["ann", "ben"], "turn": "day", "since": "2026-01-05", "weekdays": [0, 6],
             "start": "09:00", "end": "18:00"}  # fmt: skip
    whole = roster(
        [*DAY_AND_NIGHT, turns], [friday("add", "ada"), friday("replace", "dora", "ada")], deputy="d"
    )
    assert Roster.from_document(whole.to_document()) == whole


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"timezone": "Nowhere"}, "timezone"),
        ({"timezone": 8}, "timezone"),
        ({"fallback": ""}, "fallback"),
        ({"fallback": None}, "fallback"),
        ({"shifts": [{"user": "a", "weekdays": [7], "start": "09:00", "end": "10:00"}]}, "shifts"),
        ({"shifts": [{"user": "a", "weekdays": [], "start": "09:00", "end": "10:00"}]}, "shifts"),
        ({"shifts": [{"user": "a", "weekdays": [1], "start": "9 am", "end": "10:00"}]}, "shifts"),
        ({"shifts": [{"user": "", "weekdays": [1], "start": "09:00", "end": "10:00"}]}, "shifts"),
        ({"shifts": [{"users": [], "weekdays": [1], "start": "09:00", "end": "10:00"}]}, "shifts"),
        ({"shifts": ["a"]}, "shifts"),
        ({"overrides": [friday("replace", "a")]}, "overrides"),
        ({"overrides": [friday("add", "a", "b")]}, "overrides"),
        ({"overrides": [override("add", "a", "2026-01-02T00:00", "2026-01-01T00:00")]}, "overrides"),
        ({"overrides": [friday("add", "a") | {"start": "2026-01-01T00:00"}]}, "overrides"),
    ],
)
def test_a_document_that_makes_no_sense_is_refused_by_the_name_of_its_field(
    change: dict[str, Any], field: str
) -> None:
    document = {"timezone": SHANGHAI, "shifts": DAY_AND_NIGHT, "overrides": [], "fallback": "frida"}
    with pytest.raises(Invalid) as refusal:
        Roster.from_document(document | change)
    assert list(refusal.value.fields) == [field]


USERS = st.sampled_from(["ann", "ben", "cyd", "dan"])
WALL = st.builds("{:02d}:{:02d}".format, st.integers(0, 23), st.sampled_from([0, 30]))
SHIFTS = st.fixed_dictionaries(
    {
        "user": USERS,
        "weekdays": st.sets(st.integers(0, 6), min_size=1).map(sorted),
        "start": WALL,
        "end": WALL,
    }
)
STARTS = st.datetimes(
    datetime(2026, 3, 20),  # noqa: DTZ001 - hypothesis adds the zone
    datetime(2026, 4, 5),  # noqa: DTZ001
    timezones=st.just(UTC),
)
OVERRIDES = st.builds(
    lambda kind, user, by, start, length: {
        "kind": kind, "user": user, "start": start.isoformat(), "end": (start + length).isoformat(),
    } | ({"with": by} if kind == "replace" else {}),
    st.sampled_from(["add", "remove", "replace"]), USERS, USERS, STARTS,
    st.timedeltas(timedelta(minutes=1), timedelta(days=3)),
)  # fmt: skip
ROSTERS = st.builds(
    roster,
    st.lists(SHIFTS, max_size=4),
    st.lists(OVERRIDES, max_size=4),
    st.sampled_from([SHANGHAI, BERLIN, NEW_YORK]),
)


@given(ROSTERS, STARTS, st.sets(USERS))
def test_somebody_is_always_asked_and_nobody_twice_and_nobody_who_has_left(
    found: Roster, now: datetime, ended: set[str]
) -> None:
    people = on_duty(found, now, lambda user: user not in ended).people
    assert people
    assert len(set(people)) == len(people)
    assert not ended & set(people)


@given(ROSTERS, STARTS, st.floats(0, 0.999))
def test_until_then_nobody_else_comes_first(found: Roster, now: datetime, part: float) -> None:
    duty = on_duty(found, now)
    until = duty.until or now + timedelta(days=8)
    assert on_duty(found, now + part * (until - now)).first == duty.first
    if duty.until:
        assert on_duty(found, duty.until).first != duty.first


@given(ROSTERS, STARTS, st.floats(0, 0.999))
def test_in_a_gap_and_only_there_the_manager_answers(found: Roster, start: datetime, part: float) -> None:
    end = start + timedelta(days=4)
    moment = start + part * (end - start)
    inside = any(gap.start <= moment < gap.end for gap in gaps(found, start, end))
    assert inside == (on_duty(found, moment).source == "manager")
