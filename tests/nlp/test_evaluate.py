from __future__ import annotations

import pytest

from nlp.evaluate import calibration_error, class_scores, evaluate_sentiment, evaluate_topics
from tests.nlp.conftest import Reader


def test_scores_of_each_class_are_counted_by_hand() -> None:
    gold = ["positive", "positive", "negative", "negative"]
    guessed = ["positive", "negative", "negative", "negative"]
    scores = class_scores(gold, guessed)
    assert (scores["positive"].precision, scores["positive"].recall) == (1.0, 0.5)
    assert scores["negative"].f1 == pytest.approx(0.8)
    assert scores["negative"].support == 2


def test_calibration_error_is_the_distance_between_promise_and_truth() -> None:
    assert calibration_error([(0.9, True)] * 9 + [(0.9, False)]) == pytest.approx(0.0)
    assert calibration_error([(0.9, False)] * 10) == pytest.approx(0.9)
    assert calibration_error([]) == 0.0


def test_a_file_of_two_classes_is_judged_by_the_sign(read: Reader) -> None:
    rows = [{"text": "很好吃", "sentiment": "positive"}, {"text": "难吃", "sentiment": "negative"}]
    report = evaluate_sentiment(read.pipeline, rows)
    assert (report.n, report.accuracy, report.macro_f1) == (2, 1.0, 1.0)
    assert set(report.classes) == {"negative", "positive"}


def test_a_file_with_neutral_rows_is_judged_by_the_label(read: Reader) -> None:
    rows = [{"text": "很好吃", "sentiment": "positive"}, {"text": "我们四个人去的", "sentiment": "neutral"}]
    assert evaluate_sentiment(read.pipeline, rows).accuracy == 1.0


def test_an_empty_file_is_no_error(read: Reader) -> None:
    assert evaluate_sentiment(read.pipeline, []).accuracy == 0.0


def test_topics_are_compared_as_sets_under_the_names_of_the_file(read: Reader) -> None:
    rows = [{"text": "味道很好", "aspects": {"taste": "positive"}}, {"text": "服务员热情", "aspects": {}}]
    names = {"food_taste": "taste", "staff_attitude": "staff"}
    report = evaluate_topics(read.pipeline, rows, names.get, {"taste", "staff"})
    assert report.classes["taste"].f1 == 1.0
    assert report.classes["staff"].precision == 0.0
    assert report.micro_f1 == pytest.approx(2 / 3)
