"""Overrides on a roster: added, removed and replaced in one order, for their time only."""

from __future__ import annotations

from itertools import permutations
from typing import Any

from cem.domain.roster import gaps, on_duty
from tests.domain.rosters import friday, local, roster


def at_friday_noon(*overrides: dict[str, Any]) -> tuple[str, ...]:
    return on_duty(roster(overrides=list(overrides)), local("2026-01-09 13:00")).people


def test_an_added_person_comes_after_the_shift() -> None:
    assert at_friday_noon(friday("add", "ada")) == ("dora", "ada")


def test_a_removed_person_is_gone_and_the_manager_answers() -> None:
    assert at_friday_noon(friday("remove", "dora")) == ("mona",)


def test_a_replacement_stands_in_the_same_place() -> None:
    found = on_duty(roster(overrides=[friday("replace", "dora", "rosa")]), local("2026-01-09 13:00"))
    assert (found.people, found.source) == (("rosa",), "override")
    assert found.until == local("2026-01-09 18:00")


def test_overrides_apply_as_add_remove_replace_whatever_order_they_were_entered_in() -> None:
    entered = [friday("replace", "ada", "rosa"), friday("remove", "dora"), friday("add", "ada")]
    for order in permutations(entered):
        assert at_friday_noon(*order) == ("rosa",)


def test_a_removal_beats_an_addition_of_the_same_person() -> None:
    assert at_friday_noon(friday("remove", "ada"), friday("add", "ada")) == ("dora",)


def test_who_stands_in_may_be_stood_in_for() -> None:
    assert at_friday_noon(friday("replace", "dora", "rosa"), friday("replace", "rosa", "sam")) == ("sam",)


def test_two_on_duty_who_swap_are_both_still_there() -> None:
    swap = [friday("add", "ada"), friday("replace", "dora", "ada"), friday("replace", "ada", "dora")]
    assert at_friday_noon(*swap) == ("ada", "dora")


def test_a_replacement_who_is_there_already_is_there_once() -> None:
    assert at_friday_noon(friday("add", "ada"), friday("replace", "dora", "ada")) == ("ada",)


def test_overrides_hold_only_for_their_time() -> None:
    away = roster(overrides=[friday("remove", "dora")])
    assert on_duty(away, local("2026-01-09 11:59")).first == "dora"
    assert on_duty(away, local("2026-01-09 12:00")).until == local("2026-01-09 18:00")
    assert on_duty(away, local("2026-01-09 18:00")).first == "dora"


def test_nobody_on_duty_means_the_manager_and_after_that_the_fallback() -> None:
    empty = roster([])
    manager = on_duty(empty, local("2026-01-09 13:00"))
    fallback = on_duty(empty, local("2026-01-09 13:00"), lambda user: user != "mona")
    assert (manager.people, manager.source) == (("mona",), "manager")
    assert (fallback.people, fallback.source) == (("frida",), "fallback")


def test_an_absence_makes_a_gap_and_a_take_over_closes_it() -> None:
    start, end = local("2026-01-09 00:00"), local("2026-01-10 00:00")
    assert len(gaps(roster(overrides=[friday("remove", "dora")]), start, end)) == 1
    covered = [friday("remove", "dora"), friday("add", "ada")]
    assert gaps(roster(overrides=covered), start, end) == ()
