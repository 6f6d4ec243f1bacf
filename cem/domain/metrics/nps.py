"""Net Promoter Score: promoters (9 and 10) less detractors (0 to 6), in points of 100.

The interval is adjusted Wald (three quarters of a promoter and of a detractor added to n + 3), the best of
those compared in Rocks 2016; the point is the plain one. methods.md sections 1 and 2.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from math import sqrt

from cem.domain.metrics.figure import Figure, Z, bounded, nothing

BUCKETS = ("detractor", "passive", "promoter")
_SIGN = {"detractor": -1, "passive": 0, "promoter": 1}


def bucket(score: int) -> str:
    """Every integer from 0 to 10 is in exactly one bucket; anything else raises `ValueError`."""
    if isinstance(score, bool) or not isinstance(score, int) or not 0 <= score <= 10:
        raise ValueError(f"{score!r} is not a score from 0 to 10")
    return "promoter" if score >= 9 else "passive" if score >= 7 else "detractor"


def compute(scores: Iterable[int]) -> Figure:
    """NPS of scores from 0 to 10."""
    counts = Counter(bucket(score) for score in scores)
    return from_counts(counts["promoter"], counts["passive"], counts["detractor"])


def from_counts(promoters: int, passives: int, detractors: int) -> Figure:
    n = promoters + passives + detractors
    if n == 0:
        return nothing("points", "adjusted_wald")
    p, d = promoters / n, detractors / n
    low, high = _adjusted_wald(promoters, detractors, n)
    low, high = bounded(100 * (p - d), low, high, -100, 100)
    detail = {"promoters": p, "passives": passives / n, "detractors": d}
    return Figure(
        100 * (p - d), low, high, n, "points", 100 * _standard_error(p, d, n), "adjusted_wald", detail
    )


def weighted(observations: Iterable[tuple[int, float]]) -> Figure:
    """Value-weighted NPS of (score, weight): what the customers' worth says, not their number.

    `n` counts customers; `detail["n_effective"]` is how many equal ones would be as certain. Where all say
    the same its standard error would be 0, and the interval is that of so many equal customers.
    """
    signed = [(_SIGN[bucket(score)], weight) for score, weight in observations]
    if any(weight < 0 for _, weight in signed):
        raise ValueError("a weight is not below 0")
    total = sum(weight for _, weight in signed)
    if total == 0:
        return nothing("points", "value_weighted")
    mean = sum(sign * weight for sign, weight in signed) / total
    n_effective = total**2 / sum(weight**2 for _, weight in signed)
    se = sqrt(sum((weight * (sign - mean)) ** 2 for sign, weight in signed)) / total
    low, high = 100 * (mean - Z * se), 100 * (mean + Z * se)
    if se == 0:
        low, high = _adjusted_wald(max(mean, 0) * n_effective, max(-mean, 0) * n_effective, n_effective)
    low, high = bounded(100 * mean, low, high, -100, 100)
    detail = {"n_effective": n_effective}
    return Figure(100 * mean, low, high, len(signed), "points", 100 * se, "value_weighted", detail)


def sample_size(half_width: float, variance: float = 1.0) -> int:
    """How many answers give an interval of plus or minus `half_width` points; at worst the variance is 1."""
    return -int(-variance * (100 * Z / half_width) ** 2 // 1)


def _standard_error(p: float, d: float, n: float) -> float:
    return sqrt(max(p + d - (p - d) ** 2, 0.0) / n)


def _adjusted_wald(promoters: float, detractors: float, n: float) -> tuple[float, float]:
    more = n + 3
    p, d = (promoters + 0.75) / more, (detractors + 0.75) / more
    half = Z * _standard_error(p, d, more)
    return 100 * (p - d - half), 100 * (p - d + half)
