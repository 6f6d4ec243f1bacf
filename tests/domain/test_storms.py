"""When many at once are one storm, and who is never folded into it."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from cem.domain import storms
from cem.domain.storms import Cause, CauseKind, Signal
from cem.domain.vocabulary import Severity, Tier
from tests.world import MONDAY


def signal(number: int, seconds: float = 0, touchpoint: str | None = "counter-3", *topics: str) -> Signal:
    at = MONDAY + timedelta(seconds=seconds)
    return Signal(f"{number}", at, touchpoint, frozenset(topics), True, Severity.HIGH, Tier.UNKNOWN)


def several(count: int, apart: float = 30) -> list[Signal]:
    return [signal(number, number * apart) for number in range(count)]


def test_the_fifth_within_three_minutes_at_one_touchpoint_makes_a_storm() -> None:
    *before, fifth = several(5)
    assert storms.starts(before[3], before[:3]) is None
    storm = storms.starts(fifth, before)
    assert storm is not None
    assert storm.cause == Cause(CauseKind.TOUCHPOINT, "counter-3")
    assert storm.cases == ("0", "1", "2", "3", "4")
    assert storm.reason.code == "storm.touchpoint"
    assert storm.reason.args == {"count": 5, "minutes": 3, "code": "counter-3"}


def test_five_in_longer_than_three_minutes_make_none() -> None:
    *before, fifth = several(5, apart=45)
    assert storms.starts(fifth, before) is None


def test_five_at_several_touchpoints_make_none_unless_they_speak_of_one_thing() -> None:
    places = [signal(number, number, f"table-{number}") for number in range(5)]
    assert storms.starts(places[-1], places[:-1]) is None
    same = [replace(each, topics=frozenset({"ordering", f"other-{each.case}"})) for each in places]
    storm = storms.starts(same[-1], same[:-1])
    assert storm is not None
    assert storm.cause == Cause(CauseKind.TOPIC, "ordering")


def test_ten_anywhere_at_a_site_make_one_of_the_whole_site() -> None:
    everywhere = [signal(number, number, f"table-{number}") for number in range(10)]
    assert storms.starts(everywhere[8], everywhere[:8]) is None
    storm = storms.starts(everywhere[9], everywhere[:9])
    assert storm is not None
    assert (storm.cause, len(storm.cases)) == (Cause(CauseKind.SITE), 10)


def test_five_that_name_no_touchpoint_make_one_of_their_place() -> None:
    nowhere = [signal(number, number, None) for number in range(5)]
    storm = storms.starts(nowhere[4], nowhere[:4])
    assert storm is not None
    assert storm.cause == Cause(CauseKind.PLACE)


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"severity": Severity.CRITICAL}, "apart.danger"),
        ({"tier": Tier.A}, "apart.tier_a"),
        ({"very_dissatisfied": False}, "apart.not_very_dissatisfied"),
    ],
)
def test_some_always_ring_on_their_own(change: dict[str, object], why: str) -> None:
    *before, fifth = several(5)
    other = replace(fifth, **change)  # type: ignore[arg-type]
    reason = storms.apart(other)
    assert reason is not None and reason.code == why
    assert storms.starts(other, before) is None
    assert storms.starts(fifth, [other, *before[1:]]) is None
    assert storms.joins(other, [Cause(CauseKind.TOUCHPOINT, "counter-3")]) is None


def test_a_later_one_joins_the_narrowest_storm_that_fits() -> None:
    late = signal(9, 170, "counter-3", "waiting")
    site, topic = Cause(CauseKind.SITE), Cause(CauseKind.TOPIC, "waiting")
    assert storms.joins(late, [site]) == site
    assert storms.joins(late, [site, topic]) == topic
    assert storms.joins(late, [Cause(CauseKind.TOUCHPOINT, "counter-4")]) is None
