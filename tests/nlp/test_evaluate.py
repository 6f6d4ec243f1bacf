from __future__ import annotations

import pytest

from cem.domain.findings import Findings, Label, Sentiment, Topic
from nlp.evaluate import evaluate_sentiment, evaluate_topics, polarity_report
from tests.nlp.conftest import Reader


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


def about(topic: str | None, said: Label, label: Label = "negative") -> Findings:
    topics = () if topic is None else (Topic(topic, said, 0.7, ((0, 1),)),)
    return Findings("en", Sentiment(label, 0, -0.5, 0.6, False), topics, (), "normal", (), "m@1")


def test_of_an_aspect_that_was_not_found_the_whole_text_speaks() -> None:
    findings = [about("food", "positive"), about(None, "neutral", label="positive"), about("food", "neutral")]
    gold = [{"food": "positive"}, {"food": "negative"}, {"food": "negative"}]
    report = polarity_report(findings, gold, str)
    assert report["n"] == 3 and report["accuracy"] == pytest.approx(1 / 3)
    assert report["found"] == pytest.approx(2 / 3)
    assert report["confusion"][0] == [0, 1, 1]
