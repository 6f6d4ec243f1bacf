"""Customer effort (CES 2.0): "made it easy for me to handle my issue", from 1 to 7.

The value is the mean; `detail` has the share of those who agree (5 to 7) with its Wilson interval.
methods.md section 4.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from math import sqrt

from cem.domain.metrics.figure import Figure, Z, bounded, nothing, wilson

BUCKETS = ("disagree", "neutral", "agree")
LOW, HIGH = 1, 7


def bucket(answer: int) -> str:
    """Every integer from 1 to 7 is in exactly one bucket; anything else raises `ValueError`."""
    if isinstance(answer, bool) or not isinstance(answer, int) or not LOW <= answer <= HIGH:
        raise ValueError(f"{answer!r} is not an answer from 1 to 7")
    return "agree" if answer >= 5 else "neutral" if answer == 4 else "disagree"


def compute(answers: Iterable[int]) -> Figure:
    """CES of answers from 1 to 7."""
    return from_counts(Counter(answers))


def from_counts(counts: Mapping[int, int]) -> Figure:
    """CES of how often each answer was given."""
    for answer in counts:
        bucket(answer)
    n = sum(counts.values())
    if n == 0:
        return nothing("mean", "mean")
    mean, se = _mean(counts), _spread(counts) / sqrt(n)
    low, high = bounded(mean, *_interval(counts), LOW, HIGH)
    return Figure(mean, low, high, n, "mean", se, "mean", _agreeing(counts, n))


def _agreeing(counts: Mapping[int, int], n: int) -> dict[str, float]:
    agreeing = sum(count for answer, count in counts.items() if bucket(answer) == "agree")
    low, high = wilson(agreeing, n)
    return {"agree": agreeing / n, "agree_low": low, "agree_high": high}


def _interval(counts: Mapping[int, int]) -> tuple[float, float]:
    """Of the mean with one answer added at each end of the scale, so that ten equal answers are no proof."""
    more = Counter(counts) + Counter({LOW: 1, HIGH: 1})
    half = Z * _spread(more) / sqrt(sum(more.values()))
    return _mean(more) - half, _mean(more) + half


def _mean(counts: Mapping[int, int]) -> float:
    return sum(answer * count for answer, count in counts.items()) / sum(counts.values())


def _spread(counts: Mapping[int, int]) -> float:
    """The sample standard deviation; 0 for one answer."""
    n, mean = sum(counts.values()), _mean(counts)
    squares = sum(count * (answer - mean) ** 2 for answer, count in counts.items())
    return sqrt(squares / (n - 1)) if n > 1 else 0.0
