"""The counting behind every table, checked by hand."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nlp.scoring import bins, calibration_error, class_scores, confusion, coverage_at

JUDGED = st.lists(st.tuples(st.floats(0.5, 1.0), st.booleans()), max_size=40)


def test_scores_of_each_class_are_counted_by_hand() -> None:
    gold = ["positive", "positive", "negative", "negative"]
    guessed = ["positive", "negative", "negative", "negative"]
    scores = class_scores(gold, guessed)
    assert (scores["positive"].precision, scores["positive"].recall) == (1.0, 0.5)
    assert scores["negative"].f1 == pytest.approx(0.8)
    assert scores["negative"].support == 2


def test_confusion_has_what_is_right_in_rows() -> None:
    assert confusion(["negative", "positive"], ["neutral", "positive"]) == [[0, 1, 0], [0, 0, 0], [0, 0, 1]]


def test_calibration_error_is_the_distance_between_promise_and_truth() -> None:
    assert calibration_error([(0.9, True)] * 9 + [(0.9, False)]) == pytest.approx(0.0)
    assert calibration_error([(0.9, False)] * 10) == pytest.approx(0.9)
    assert calibration_error([]) == 0.0


def test_coverage_is_the_largest_share_that_keeps_the_promise() -> None:
    sure = [(0.9, True)] * 19 + [(0.8, False)]
    assert coverage_at(sure) == 1.0
    assert coverage_at([*sure, (0.7, False)]) == pytest.approx(20 / 21)
    assert coverage_at([(0.9, False), (0.6, True)]) == 0.0
    assert coverage_at([]) == 0.0


def test_equal_confidence_is_never_parted() -> None:
    assert coverage_at([(0.9, True)] * 10 + [(0.9, False)] * 10) == 0.0


@settings(max_examples=60, deadline=None)
@given(JUDGED)
def test_every_guess_stands_in_one_bin(judged: list[tuple[float, bool]]) -> None:
    found = bins(judged)
    assert sum(each.n for each in found) == len(judged)
    assert all(each.low - 1e-9 <= each.confidence <= each.high + 1e-9 for each in found)
    assert 0.0 <= calibration_error(judged) <= 1.0
    assert 0.0 <= coverage_at(judged) <= 1.0
