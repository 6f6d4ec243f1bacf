"""Weeks against the weeks before: what moved, what is steady, and what cannot be said."""

from __future__ import annotations

from math import log

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cem.domain.findings import Findings, Label, Sentiment, Topic
from cem.domain.metrics.drift import MEASURES, Week, drifts, history, observe, psi, standing

COUNTS = st.dictionaries(st.sampled_from("abcdef"), st.integers(0, 500), max_size=6)


def week(key: str, texts: int, **topics: float) -> Week:
    """`texts` texts, of which each topic has its share; all else is always the same."""
    counts = {name: {"x": texts} for name in MEASURES}
    return Week(key, texts, counts | {"topics": {code: round(part * texts) for code, part in topics.items()}})


def test_the_index_is_that_of_the_formula() -> None:
    shares = ((0.6, 0.5), (0.4, 0.5))
    expected = sum((a - e) * log(a / e) for e, a in shares)
    assert psi({"a": 60_000, "b": 40_000}, {"a": 50_000, "b": 50_000}) == pytest.approx(expected, abs=1e-4)
    assert psi({"a": 60, "b": 40}, {"a": 60, "b": 40}) == 0
    assert psi({}, {"a": 1}) == 0


@given(COUNTS, COUNTS)
def test_it_is_never_negative_and_the_same_both_ways(one: dict[str, int], other: dict[str, int]) -> None:
    assert psi(one, other) >= -1e-12
    assert psi(one, other) == pytest.approx(psi(other, one))


@pytest.mark.parametrize(
    ("value", "word"),
    [(0.0, "steady"), (0.099, "steady"), (0.1, "look"), (0.25, "changed"), (3.0, "changed")],
)
def test_the_limits_are_a_tenth_and_a_quarter(value: float, word: str) -> None:
    assert standing(value) == word


def test_a_week_like_those_before_is_steady_and_one_with_a_new_topic_has_changed() -> None:
    usual = [week(str(i), 400, food=0.5, queue=0.2, price=0.3) for i in range(8)]
    same = drifts(week("8", 400, food=0.49, queue=0.21, price=0.3), usual)
    assert {each.standing for each in same} == {"steady"} and same[0].before == 3200
    moved = drifts(week("8", 400, food=0.2, queue=0.2, price=0.1, heating=0.5), usual)
    assert [each.measure for each in moved if each.standing == "changed"] == ["topics"]
    assert moved[0].moved is not None and moved[0].moved[0] == "heating"
    assert moved[0].moved[2] == pytest.approx(0.5, abs=0.01)


def test_of_few_texts_nothing_is_said() -> None:
    usual = [week(str(i), 30, food=0.5, queue=0.5) for i in range(8)]
    assert {each.standing for each in drifts(week("8", 40, food=1.0), usual)} == {"few"}
    assert {each.standing for each in drifts(week("8", 400, food=1.0), [])} == {"few"}
    assert drifts(week("8", 400, food=1.0), [])[0].value is None


def test_many_bins_of_few_texts_are_no_change() -> None:
    """Fifteen topics of a hundred texts each time move by chance alone."""
    usual = [week("0", 110, **{f"t{i}": 1 / 15 for i in range(15)})]
    now = week("1", 110, **{f"t{i}": 1 / 15 + (0.03 if i % 2 else -0.03) for i in range(15)})
    found = drifts(now, usual)[0]
    assert found.standing == "few" and found.value is not None and found.value > 0.1


def test_each_week_is_compared_with_at_most_eight_before() -> None:
    known = [week(str(i), 100 + i, food=1.0) for i in range(12)]
    trend = [each[0] for each in history(known)]
    assert trend[0].value is None and trend[11].before == sum(103 + i for i in range(8))


@pytest.mark.parametrize(("length", "bin"), [(1, "<10"), (10, "10-30"), (299, "100-300"), (5000, "300+")])
def test_every_text_is_in_one_bin_of_each_measure(length: int, bin: str) -> None:
    label: Label = "negative"
    topics = (Topic("queue", label, 0.9, ()), Topic("price", label, 0.9, ()))
    said = Findings("yue-Hant", Sentiment(label, -1, -0.5, 0.85, True), topics, (), "normal", (), "test@1")
    seen = list(observe(said, length))
    assert set(seen[:2]) == {("topics", "price"), ("topics", "queue")}
    assert dict(seen[2:]) == {
        "levels": "-1",
        "languages": "yue-Hant",
        "lengths": bin,
        "confidence": "0.8-0.9",
        "abstained": "yes",
    }
