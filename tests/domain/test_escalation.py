"""Who is told next, and when, until somebody acts."""

from __future__ import annotations

from datetime import datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cem.domain.calendars import Calendar
from cem.domain.escalation import (
    Ladder,
    NextStep,
    Step,
    acknowledgement_expires_at,
    next_step,
    people_for,
)
from cem.domain.promises import DEFAULT_POLICY
from cem.domain.roster import Roster
from cem.domain.vocabulary import Priority

ZONE = ZoneInfo("Asia/Shanghai")
FRIDAY = datetime(2026, 1, 9, 16, tzinfo=ZONE)
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
OFFICE = Calendar.from_document({"timezone": "Asia/Shanghai", "week": [[["09:00", "17:00"]]] * 5 + [[], []]})
MISSED = datetime(2026, 1, 12, 12, tzinfo=ZONE)


def roster(*on_duty: str, **posts: str) -> Roster:
    shifts = [
        {"user": user, "weekdays": list(range(7)), "start": "00:00", "end": "24:00"} for user in on_duty
    ]
    people = {"fallback": "frida", "manager": "mona", "deputy": "dan", "region": "rita"} | posts
    return Roster.from_document({"timezone": "Asia/Shanghai", "shifts": shifts, **people})


def follow(
    priority: Priority, count: int, step_index: int = -1, last_at: datetime | None = None
) -> list[NextStep]:
    """The next `count` pages, each taken exactly when due."""
    found: list[NextStep] = []
    for _ in range(count):
        step = next_step(priority, DEFAULT_POLICY, FRIDAY, step_index, last_at, OFFICE, MISSED)
        found.append(step)
        step_index, last_at = step.step_index, step.at
    return found


@pytest.mark.parametrize("priority", [Priority.P1, Priority.P2])
def test_urgent_cases_page_at_0_2_5_and_10_minutes_and_then_every_15_for_ever(priority: Priority) -> None:
    after = [(step.at - FRIDAY) // MINUTE for step in follow(priority, 8)]
    assert after == [0, 2, 5, 10, 25, 40, 55, 70]
    assert [step.step_index for step in follow(priority, 8)] == list(range(8))


@pytest.mark.parametrize("priority", [Priority.P3, Priority.P4])
def test_calm_cases_wait_for_the_missed_acknowledgement_and_then_two_business_hours(
    priority: Priority,
) -> None:
    found = follow(priority, 5)
    assert [step.at for step in found] == [
        FRIDAY,
        MISSED,
        datetime(2026, 1, 12, 14, tzinfo=ZONE),
        datetime(2026, 1, 12, 16, tzinfo=ZONE),
        datetime(2026, 1, 13, 10, tzinfo=ZONE),
    ]
    assert [step.reason.code for step in found[:3]] == [
        "ladder.first_page",
        "ladder.acknowledge_missed",
        "ladder.again",
    ]


def test_the_missed_acknowledgement_is_reckoned_where_it_is_not_given() -> None:
    step = next_step(Priority.P3, DEFAULT_POLICY, FRIDAY, 0, FRIDAY, OFFICE, None)
    assert step.at == MISSED


def test_a_sweep_a_little_late_does_not_push_the_later_steps_back() -> None:
    late = FRIDAY + 2 * MINUTE + timedelta(seconds=4)
    step = next_step(Priority.P1, DEFAULT_POLICY, FRIDAY, 1, late, OFFICE, None)
    assert step.at == FRIDAY + 5 * MINUTE


def test_after_a_standstill_the_steps_come_one_after_the_other_not_all_at_once() -> None:
    back = FRIDAY + 3 * HOUR
    after = [(step.at - back) // MINUTE for step in follow(Priority.P1, 4, step_index=1, last_at=back)]
    assert after == [3, 8, 23, 38]


def test_every_step_says_why() -> None:
    codes = [step.reason.code for step in follow(Priority.P1, 5)]
    assert codes == ["ladder.first_page", "ladder.next", "ladder.next", "ladder.next", "ladder.again"]


def test_four_steps_come_to_four_people() -> None:
    found = people_for(Ladder(), roster("dora"), FRIDAY)
    assert found.ids == ("dora", "dan", "mona", "rita")
    assert found.skipped == ()


def test_the_second_on_duty_is_the_deputy() -> None:
    assert people_for(Ladder(), roster("dora", "ada"), FRIDAY).ids == ("dora", "ada", "mona", "rita")


def test_a_person_on_two_steps_is_asked_once_and_the_next_step_moves_up() -> None:
    found = people_for(Ladder(), roster("mona"), FRIDAY)
    assert found.ids == ("mona", "dan", "rita")
    assert [reason.as_dict() for reason in found.skipped] == [
        {"code": "ladder.already_asked", "args": {"step": "manager"}}
    ]


def test_a_step_with_nobody_is_left_out_at_once_and_said() -> None:
    found = people_for(Ladder(), roster("dora"), FRIDAY, lambda user: user != "dan")
    assert found.ids == ("dora", "mona", "rita")
    assert found.skipped[0].as_dict() == {"code": "ladder.nobody", "args": {"step": "deputy"}}


def test_nobody_on_duty_is_said_and_the_manager_is_asked_first() -> None:
    found = people_for(Ladder(), roster(), FRIDAY)
    assert found.ids == ("mona", "dan", "rita")
    assert found.skipped[0].as_dict() == {"code": "ladder.nobody", "args": {"step": "duty"}}


def test_when_everybody_has_left_the_fallback_is_asked() -> None:
    found = people_for(Ladder(), roster("dora"), FRIDAY, lambda _user: False)
    assert found.ids == ("frida",)


def test_a_step_may_name_a_person_or_take_people_from_outside_the_roster() -> None:
    ladder = Ladder((Step("duty"), Step("user-17"), Step("region")))
    found = people_for(ladder, roster("dora"), FRIDAY, named={"region": ["gone", "gina"]},
                       active=lambda user: user != "gone")  # fmt: skip
    assert found.ids == ("dora", "user-17", "gina")


def test_after_the_last_rung_the_last_person_is_asked_again_and_again() -> None:
    found = people_for(Ladder(), roster("dora"), FRIDAY)
    assert [found.at(i).person for i in range(6)] == ["dora", "dan", "mona", "rita", "rita", "rita"]


def test_a_ladder_survives_its_document() -> None:
    assert Ladder.from_document(Ladder().to_document()) == Ladder()


@pytest.mark.parametrize(("priority", "hours"), [("p1", 4), ("p2", 8), ("p3", None), ("p4", None)])
def test_an_acknowledgement_without_a_contact_expires(priority: str, hours: int | None) -> None:
    expires = acknowledgement_expires_at(Priority(priority), DEFAULT_POLICY, FRIDAY, OFFICE)
    assert expires == (FRIDAY + hours * HOUR if hours else None)


@given(
    st.sampled_from(Priority),
    st.lists(st.timedeltas(timedelta(), timedelta(days=2)), min_size=2, max_size=12),
)
def test_however_late_each_page_goes_out_the_next_is_later_and_the_ladder_never_ends(
    priority: Priority, delays: list[timedelta]
) -> None:
    index, last, sent = -1, None, []
    for delay in delays:
        step = next_step(priority, DEFAULT_POLICY, FRIDAY, index, last, OFFICE, MISSED)
        index, last = step.step_index, step.at + delay
        sent.append((step.at, last))
    assert index == len(delays) - 1
    assert all(due > before for (_, before), (due, _) in pairwise(sent))


@given(
    st.lists(st.sampled_from("abcdef"), unique=True),
    st.sets(st.sampled_from(["a", "b", "mona", "dan", "rita"])),
)
def test_no_person_stands_on_two_rungs_and_nobody_who_has_left(people: list[str], ended: set[str]) -> None:
    found = people_for(Ladder(), roster(*people), FRIDAY, lambda user: user not in ended)
    assert len(set(found.ids)) == len(found.ids) >= 1
    assert not ended & set(found.ids)
