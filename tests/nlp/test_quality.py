"""Floors under both profiles, on development data that stands beside the repository, never in it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from nlp.aspects import schemes
from nlp.evaluate import evaluate_sentiment, evaluate_topics, polarity_report
from nlp.packs import topics
from nlp.texts import TextIn
from tests.nlp.conftest import Reader

DATA = Path(__file__).parents[3] / "shared" / "data" / "eval"
pytestmark = pytest.mark.skipif(
    not DATA.is_dir(), reason="the development data is not at ../shared/data/eval"
)
CHINESE, ENGLISH = ("waimai", "hotel", "shopping", "eprstmt"), ("sst2", "airline")
LEAST = {
    "waimai": 0.84, "hotel": 0.83, "shopping": 0.87, "eprstmt": 0.85, "sst2": 0.74, "airline": 0.86,
}  # fmt: skip


def rows(name: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (DATA / f"{name}.jsonl").read_text("utf-8").split("\n") if line]


def two_classes(name: str) -> list[dict[str, Any]]:
    return [row for row in rows(name) if row["sentiment"] != "neutral"]


@pytest.mark.parametrize("name", CHINESE + ENGLISH)
def test_sentiment_in_two_classes(read: Reader, name: str) -> None:
    assert evaluate_sentiment(read.pipeline, two_classes(name)).accuracy >= LEAST[name]


def test_the_mean_over_the_chinese_sets_is_past_the_gate(read: Reader) -> None:
    right = [evaluate_sentiment(read.pipeline, two_classes(name)).accuracy for name in CHINESE]
    assert sum(right) / len(right) >= 0.86


def test_cantonese_in_three_classes(read: Reader) -> None:
    assert evaluate_sentiment(read.pipeline, rows("openrice")).accuracy >= 0.63


def test_confidence_is_roughly_what_it_promises(read: Reader) -> None:
    pooled = [row for name in CHINESE + ENGLISH for row in two_classes(name)]
    assert evaluate_sentiment(read.pipeline, pooled).calibration_error <= 0.05


def test_the_18_aspects_of_asap(read: Reader) -> None:
    aspect = {row["code"]: row["asap"] for row in topics("restaurant")}
    report = evaluate_topics(read.pipeline, rows("asap"), aspect.get, {a for a in aspect.values() if a})
    assert report.micro_f1 >= 0.74 and report.macro_f1 >= 0.70


def test_standard_is_past_the_gates_in_both_languages(standard: Reader) -> None:
    def mean(names: tuple[str, ...]) -> float:
        reports = [evaluate_sentiment(standard.pipeline, two_classes(name)[::2]) for name in names]
        return sum(report.accuracy for report in reports) / len(reports)

    assert mean(CHINESE) >= 0.87 and mean(ENGLISH) >= 0.86


def test_fast_is_right_where_it_does_not_abstain(read: Reader) -> None:
    pooled = [row for name in CHINESE + ENGLISH for row in two_classes(name)]
    report = evaluate_sentiment(read.pipeline, pooled)
    assert report.accuracy_of_covered >= 0.95 and report.coverage >= 0.5


def test_what_is_said_of_the_9_groups_of_asap(read: Reader) -> None:
    scheme = schemes({aspect for row in rows("asap") for aspect in row["aspects"]})[1]
    findings = read.pipeline.analyse([TextIn(row["text"]) for row in rows("asap")])
    gold = [
        {scheme.gold_of(name) or "": said for name, said in row["aspects"].items()} for row in rows("asap")
    ]
    assert polarity_report(findings, gold, scheme.label_of)["two_classes"]["macro_f1"] >= 0.75


def test_standard_is_right_where_it_does_not_abstain(standard: Reader) -> None:
    pooled = [row for name in CHINESE + ENGLISH for row in two_classes(name)[1::2]]
    report = evaluate_sentiment(standard.pipeline, pooled)
    assert report.accuracy_of_covered >= 0.945 and report.coverage >= 0.6
    assert report.calibration_error <= 0.05
