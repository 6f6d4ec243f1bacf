"""Comparisons that are fair to who was asked, and to branches with few ratings."""

from __future__ import annotations

from math import inf

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cem.domain.metrics.mix import Group, compare, order_flips, standardised
from cem.domain.metrics.shrink import prior_strength, shrunk

BEFORE = {"regulars": Group(200, 86.0), "visitors": Group(100, 70.0)}
AFTER = {"regulars": Group(125, 87.0), "visitors": Group(175, 71.0)}


def test_the_whole_fell_although_every_group_rose() -> None:
    found = compare(BEFORE, AFTER)
    assert found is not None
    assert (found.before, found.after) == (pytest.approx(80.67, abs=0.005), pytest.approx(77.67, abs=0.005))
    assert found.at_old_mix == pytest.approx(81.67, abs=0.005)
    assert found.mix == pytest.approx(-4.0)
    assert found.rate == pytest.approx(1.0)


def test_a_group_that_has_gone_is_a_change_of_mix() -> None:
    found = compare(BEFORE, {"regulars": Group(50, 86.0)})
    assert found is not None
    assert found.rate == pytest.approx(0)
    assert found.mix == pytest.approx(86 - 80.667, abs=0.001)


def test_a_group_that_is_new_is_a_change_of_mix() -> None:
    found = compare({"regulars": Group(50, 86.0)}, BEFORE)
    assert found is not None
    assert (found.rate, found.at_old_mix) == (pytest.approx(0), pytest.approx(86))


@pytest.mark.parametrize(("before", "after"), [({}, AFTER), (BEFORE, {}), ({"x": Group(0, 50.0)}, AFTER)])
def test_nothing_is_compared_with_nothing(before: dict[str, Group], after: dict[str, Group]) -> None:
    assert compare(before, after) is None


STRATA = st.dictionaries(
    st.sampled_from("abcd"),
    st.builds(Group, st.integers(0, 500), st.floats(0, 100)),
    min_size=1,
).filter(lambda strata: any(group.n for group in strata.values()))


@given(STRATA, STRATA)
def test_mix_and_rate_are_the_whole_change(before: dict[str, Group], after: dict[str, Group]) -> None:
    found = compare(before, after)
    assert found is not None
    assert found.mix + found.rate == pytest.approx(found.total, abs=1e-9)
    n = sum(group.n for group in after.values())
    assert found.after == pytest.approx(sum(g.n * g.rate for g in after.values()) / n)


def test_a_standardised_rate_needs_every_group_that_counts() -> None:
    assert standardised(BEFORE, {"regulars": 1, "visitors": 1}) == pytest.approx(78)
    assert standardised(BEFORE, {"regulars": 1, "crews": 1}) is None
    assert standardised(BEFORE, {"regulars": 1, "crews": 0}) == pytest.approx(86)


def test_a_league_table_that_turns_when_standardised_is_not_to_be_shown() -> None:
    easy = {"regulars": Group(190, 86.0), "visitors": Group(10, 60.0)}
    hard = {"regulars": Group(10, 90.0), "visitors": Group(190, 70.0)}
    assert order_flips({"easy": easy, "hard": hard}, {"regulars": 1, "visitors": 1})
    assert not order_flips(
        {"easy": easy, "hard": BEFORE | {"visitors": Group(90, 20.0)}}, {"regulars": 1, "visitors": 1}
    )


def test_a_unit_that_cannot_be_standardised_cannot_be_ranked() -> None:
    assert order_flips({"one": BEFORE, "two": {"regulars": Group(9, 99.0)}}, {"regulars": 1, "visitors": 1})


def test_a_branch_with_few_ratings_is_drawn_further_towards_all() -> None:
    counts = {"large": (900, 1000), "small": (9, 10), "poor": (600, 1000), "fair": (750, 1000)}
    found = shrunk(counts)
    common = sum(x for x, _ in counts.values()) / sum(n for _, n in counts.values())
    assert 0 < prior_strength(counts) < inf
    assert common < found["small"] < found["large"] < 0.9


def test_branches_that_differ_by_chance_alone_all_have_the_common_share() -> None:
    found = shrunk({"a": (50, 100), "b": (51, 100), "c": (49, 100)})
    assert list(found.values()) == pytest.approx([0.5, 0.5, 0.5])


def test_a_branch_without_ratings_has_the_common_share() -> None:
    assert shrunk({"a": (80, 100), "b": (20, 100), "new": (0, 0)})["new"] == pytest.approx(0.5)


def test_of_no_ratings_nothing_is_said() -> None:
    assert shrunk({"a": (0, 0)}) == {}


@given(
    st.dictionaries(st.sampled_from("abcde"), st.tuples(st.integers(0, 50), st.integers(0, 50)), min_size=1)
)
def test_what_is_shrunk_lies_between_its_own_share_and_that_of_all(raw: dict[str, tuple[int, int]]) -> None:
    counts = {name: (x, x + rest) for name, (x, rest) in raw.items()}
    total = sum(n for _, n in counts.values())
    for name, value in shrunk(counts).items():
        x, n = counts[name]
        common = sum(a for a, _ in counts.values()) / total
        own = x / n if n else common
        assert min(own, common) - 1e-9 <= value <= max(own, common) + 1e-9
