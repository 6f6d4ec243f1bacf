"""How right the findings are: accuracy, F1 and calibration on any file of labelled lines. Pure."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from cem.domain.findings import Findings
from nlp.cli_io import text_in
from nlp.pipeline import Pipeline

LABELS = ("negative", "neutral", "positive")
_BINS = 10


@dataclass(frozen=True, slots=True)
class ClassScore:
    precision: float
    recall: float
    f1: float
    support: int


@dataclass(frozen=True, slots=True)
class Report:
    """`accuracy` and `macro_f1` over the classes that occur; without neutral rows the sign decides."""

    n: int
    accuracy: float
    macro_f1: float
    classes: dict[str, ClassScore]
    calibration_error: float
    coverage: float
    accuracy_of_covered: float


@dataclass(frozen=True, slots=True)
class TopicReport:
    n: int
    micro_f1: float
    macro_f1: float
    classes: dict[str, ClassScore]


def evaluate_sentiment(pipeline: Pipeline, rows: Sequence[dict[str, Any]]) -> Report:
    """`rows`: `{"text", "sentiment"}`. Two classes are told apart by the sign, three by the label."""
    findings = pipeline.analyse([text_in({"text": row["text"]}) for row in rows])
    gold = [str(row["sentiment"]) for row in rows]
    guessed = [found.sentiment.label if "neutral" in gold else _by_sign(found) for found in findings]
    signed = [
        (found.sentiment.confidence, _by_sign(found) == label, found.sentiment.abstained)
        for found, label in zip(findings, gold, strict=True)
        if label != "neutral"
    ]
    classes = class_scores(gold, guessed)
    covered = [right for _, right, abstained in signed if not abstained]
    return Report(
        n=len(gold),
        accuracy=_share(one == other for one, other in zip(gold, guessed, strict=True)),
        macro_f1=_mean(score.f1 for score in classes.values()),
        classes=classes,
        calibration_error=calibration_error([(confidence, right) for confidence, right, _ in signed]),
        coverage=len(covered) / len(signed) if signed else 0.0,
        accuracy_of_covered=_share(covered),
    )


def evaluate_topics(
    pipeline: Pipeline,
    rows: Sequence[dict[str, Any]],
    label_of: Callable[[str], str | None],
    labels: Collection[str],
    gold_of: Callable[[str], str] = str,
) -> TopicReport:
    """Which topics are mentioned; `label_of` maps our code, `gold_of` the file's aspect, onto `labels`."""
    findings = pipeline.analyse([text_in({"text": row["text"]}) for row in rows])
    gold = [{gold_of(aspect) for aspect in row["aspects"]} for row in rows]
    guessed = [{label_of(topic.code) for topic in found.topics} for found in findings]
    counts = {label: _counts(label, gold, guessed) for label in sorted(labels)}
    totals = [sum(column) for column in zip(*counts.values(), strict=True)]
    classes = {label: _class_score(*count) for label, count in counts.items()}
    micro = _class_score(*totals).f1 if totals else 0.0
    return TopicReport(len(rows), micro, _mean(score.f1 for score in classes.values()), classes)


def class_scores(gold: Sequence[str], guessed: Sequence[str]) -> dict[str, ClassScore]:
    """Per class, in the usual order; classes that stand in neither list are left out."""
    there = {*gold, *guessed}
    return {
        label: _class_score(*_counts(label, [{one} for one in gold], [{one} for one in guessed]))
        for label in LABELS
        if label in there
    }


def calibration_error(judged: Sequence[tuple[float, bool]]) -> float:
    """Expected calibration error over ten bins from 0.5 to 1: how far confidence is from being right."""
    bins: list[list[tuple[float, bool]]] = [[] for _ in range(_BINS)]
    for confidence, right in judged:
        bins[max(0, min(_BINS - 1, int((confidence - 0.5) * 2 * _BINS)))].append((confidence, right))
    gaps = (
        len(inside) * abs(_mean(c for c, _ in inside) - _share(right for _, right in inside))
        for inside in bins
        if inside
    )
    return sum(gaps) / len(judged) if judged else 0.0


def _by_sign(found: Findings) -> str:
    return "positive" if found.sentiment.score > 0 else "negative"


def _counts(
    label: str, gold: Sequence[Collection[str | None]], guessed: Sequence[Collection[str | None]]
) -> tuple[int, int, int]:
    pairs = [(label in one, label in other) for one, other in zip(gold, guessed, strict=True)]
    return pairs.count((True, True)), pairs.count((False, True)), pairs.count((True, False))


def _class_score(hits: int, false_alarms: int, missed: int) -> ClassScore:
    return ClassScore(
        precision=hits / (hits + false_alarms) if hits + false_alarms else 0.0,
        recall=hits / (hits + missed) if hits + missed else 0.0,
        f1=2 * hits / (2 * hits + false_alarms + missed) if hits + false_alarms + missed else 0.0,
        support=hits + missed,
    )


def _share(flags: Iterable[bool]) -> float:
    return _mean(float(flag) for flag in flags)


def _mean(values: Iterable[float]) -> float:
    listed = list(values)
    return sum(listed) / len(listed) if listed else 0.0
