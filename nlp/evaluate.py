"""How right the findings are: accuracy, F1 and calibration on any labelled texts."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from cem.domain.findings import Findings, Label, Topic
from nlp.cli_io import text_in
from nlp.pipeline import Pipeline
from nlp.scoring import (
    LABELS,
    Bin,
    ClassScore,
    bins,
    calibration_error,
    class_scores,
    confusion,
    counts,
    coverage_at,
    mean,
    score_of,
    share,
)

__all__ = ["LABELS", "Report", "TopicReport", "evaluate_sentiment", "evaluate_topics"]


@dataclass(frozen=True, slots=True)
class Report:
    """`accuracy` and `macro_f1` over the classes that occur; without neutral rows the sign decides.

    From `calibration_error` on only rows that are not neutral count: confidence is that of the sign.
    `confusion`: rows are right, columns guessed, in the order of `LABELS`.
    """

    n: int
    accuracy: float
    macro_f1: float
    classes: dict[str, ClassScore]
    confusion: list[list[int]]
    sided: int
    calibration_error: float
    coverage: float
    accuracy_of_covered: float
    coverage_at_95: float
    bins: list[Bin]


@dataclass(frozen=True, slots=True)
class TopicReport:
    n: int
    micro_f1: float
    macro_f1: float
    classes: dict[str, ClassScore]


def evaluate_sentiment(pipeline: Pipeline, rows: Sequence[dict[str, Any]]) -> Report:
    """`rows`: `{"text", "sentiment"}`. Two classes are told apart by the sign, three by the label."""
    findings = pipeline.analyse([text_in({"text": row["text"]}) for row in rows])
    return sentiment_report(findings, [str(row["sentiment"]) for row in rows])


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
    return topic_report(findings, gold, label_of, labels)


def sentiment_report(findings: Sequence[Findings], gold: Sequence[str]) -> Report:
    """The same of findings that are there already."""
    guessed = guesses(findings, gold)
    signed = signs(findings, gold)
    covered = [right for _, right, abstained in signed if not abstained]
    judged = [(confidence, right) for confidence, right, _ in signed]
    classes = class_scores(gold, guessed)
    return Report(
        n=len(gold),
        accuracy=share(one == other for one, other in zip(gold, guessed, strict=True)),
        macro_f1=mean(score.f1 for score in classes.values()),
        classes=classes,
        confusion=confusion(gold, guessed),
        sided=len(signed),
        calibration_error=calibration_error(judged),
        coverage=len(covered) / len(signed) if signed else 0.0,
        accuracy_of_covered=share(covered),
        coverage_at_95=coverage_at(judged),
        bins=bins(judged),
    )


def guesses(findings: Sequence[Findings], gold: Sequence[str]) -> list[str]:
    """What is compared with the labels: the finding's label, or its sign where nothing is neutral."""
    three = "neutral" in gold
    return [found.sentiment.label if three else _by_sign(found) for found in findings]


def signs(findings: Sequence[Findings], gold: Sequence[str]) -> list[tuple[float, bool, bool]]:
    """Confidence, whether the sign is right and whether it abstained, of what is not neutral."""
    return [
        (found.sentiment.confidence, _by_sign(found) == label, found.sentiment.abstained)
        for found, label in zip(findings, gold, strict=True)
        if label != "neutral"
    ]


def topic_report(
    findings: Sequence[Findings],
    gold: Sequence[Collection[str]],
    label_of: Callable[[str], str | None],
    labels: Collection[str],
) -> TopicReport:
    """Which of `labels` are mentioned, of findings that are there already."""
    guessed = [{label_of(topic.code) for topic in found.topics} for found in findings]
    counted = {label: counts(label, gold, guessed) for label in sorted(labels)}
    totals = [sum(column) for column in zip(*counted.values(), strict=True)]
    classes = {label: score_of(*count) for label, count in counted.items()}
    micro = score_of(*totals).f1 if totals else 0.0
    return TopicReport(len(gold), micro, mean(score.f1 for score in classes.values()), classes)


def polarity_report(
    findings: Sequence[Findings],
    gold: Sequence[Mapping[str, str]],
    label_of: Callable[[str], str | None],
) -> dict[str, Any]:
    """How well is told what is said of a given aspect; where it was not found, the whole text speaks.

    `found` is the share of aspects that were found, `macro_f1_of_found` the figure for these alone.
    """
    pairs = [
        (label, _said_of(found, aspect, label_of))
        for found, aspects in zip(findings, gold, strict=True)
        for aspect, label in aspects.items()
    ]
    right = [label for label, _ in pairs]
    scores = class_scores(right, [guess for _, (guess, _) in pairs])
    seen = [(label, guess) for label, (guess, there) in pairs if there]
    of_found = class_scores([label for label, _ in seen], [guess for _, guess in seen])
    return {
        "n": len(pairs),
        "accuracy": share(label == guess for label, (guess, _) in pairs),
        "macro_f1": mean(score.f1 for score in scores.values()),
        "classes": scores,
        "confusion": confusion(right, [guess for _, (guess, _) in pairs]),
        "two_classes": _sided(pairs),
        "found": share(there for _, (_, there) in pairs),
        "macro_f1_of_found": mean(score.f1 for score in of_found.values()),
    }


def _sided(pairs: Sequence[tuple[str, tuple[Label, bool]]]) -> dict[str, Any]:
    """Only what is praised or blamed; to call that neutral is wrong."""
    some = [(label, guess) for label, (guess, _) in pairs if label != "neutral"]
    scores = class_scores([label for label, _ in some], [guess for _, guess in some])
    return {
        "n": len(some),
        "accuracy": share(label == guess for label, guess in some),
        "macro_f1": mean(score.f1 for label, score in scores.items() if label != "neutral"),
    }


def _said_of(found: Findings, aspect: str, label_of: Callable[[str], str | None]) -> tuple[Label, bool]:
    about: list[Topic] = [topic for topic in found.topics if label_of(topic.code) == aspect]
    if not about:
        return found.sentiment.label, False
    return max(about, key=lambda topic: topic.confidence).sentiment, True


def _by_sign(found: Findings) -> str:
    return "positive" if found.sentiment.score > 0 else "negative"
