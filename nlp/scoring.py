"""How right guesses are: pure counting over what is right and what was guessed, for tables and gates."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

LABELS = ("negative", "neutral", "positive")
PROMISED = 0.95
"""The share that is promised to be right of what is not abstained from."""

_BINS = 10

Judged = Sequence[tuple[float, bool]]
"""For each guess the confidence that it is right, and whether it was."""


@dataclass(frozen=True, slots=True)
class ClassScore:
    precision: float
    recall: float
    f1: float
    support: int


@dataclass(frozen=True, slots=True)
class Bin:
    """The guesses whose confidence lies in `low`..`high`: how sure they were on average, and how right."""

    low: float
    high: float
    n: int
    confidence: float
    accuracy: float


def class_scores(gold: Sequence[str], guessed: Sequence[str]) -> dict[str, ClassScore]:
    """Per class, in the usual order; classes that stand in neither list are left out."""
    there = {*gold, *guessed}
    return {
        label: score_of(*counts(label, [{one} for one in gold], [{one} for one in guessed]))
        for label in LABELS
        if label in there
    }


def confusion(gold: Sequence[str], guessed: Sequence[str]) -> list[list[int]]:
    """Rows: what is right, columns: what was guessed, both in the order of `LABELS`."""
    pairs = list(zip(gold, guessed, strict=True))
    return [[pairs.count((one, other)) for other in LABELS] for one in LABELS]


def bins(judged: Judged) -> list[Bin]:
    """Ten bins from 0.5 to 1, those without a guess left out."""
    inside: list[list[tuple[float, bool]]] = [[] for _ in range(_BINS)]
    for confidence, right in judged:
        inside[max(0, min(_BINS - 1, int((confidence - 0.5) * 2 * _BINS)))].append((confidence, right))
    width = 0.5 / _BINS
    return [
        Bin(
            low=round(0.5 + i * width, 4),
            high=round(0.5 + (i + 1) * width, 4),
            n=len(some),
            confidence=mean(confidence for confidence, _ in some),
            accuracy=share(right for _, right in some),
        )
        for i, some in enumerate(inside)
        if some
    ]


def calibration_error(judged: Judged) -> float:
    """Expected calibration error over those bins: how far confidence is from being right."""
    gaps = (each.n * abs(each.confidence - each.accuracy) for each in bins(judged))
    return sum(gaps) / len(judged) if judged else 0.0


def coverage_at(judged: Judged, promised: float = PROMISED) -> float:
    """The largest share, surest first, of which at least `promised` are right; ties come or go together."""
    ordered = sorted(judged, key=lambda one: -one[0])
    hits, most = 0, 0
    for i, (confidence, right) in enumerate(ordered, 1):
        hits += right
        last_of_its_kind = i == len(ordered) or ordered[i][0] != confidence
        if last_of_its_kind and hits >= promised * i:
            most = i
    return most / len(ordered) if ordered else 0.0


def counts(
    label: str, gold: Sequence[Collection[str | None]], guessed: Sequence[Collection[str | None]]
) -> tuple[int, int, int]:
    """Hits, false alarms and misses of a label among sets of labels."""
    pairs = [(label in one, label in other) for one, other in zip(gold, guessed, strict=True)]
    return pairs.count((True, True)), pairs.count((False, True)), pairs.count((True, False))


def score_of(hits: int, false_alarms: int, missed: int) -> ClassScore:
    return ClassScore(
        precision=hits / (hits + false_alarms) if hits + false_alarms else 0.0,
        recall=hits / (hits + missed) if hits + missed else 0.0,
        f1=2 * hits / (2 * hits + false_alarms + missed) if hits + false_alarms + missed else 0.0,
        support=hits + missed,
    )


def share(flags: Iterable[bool]) -> float:
    return mean(float(flag) for flag in flags)


def mean(values: Iterable[float]) -> float:
    listed = list(values)
    return sum(listed) / len(listed) if listed else 0.0
