"""Control charts: is a day out of line, or is this how the process always wavers? methods.md section 5.

p chart for shares, Laney's p' where the samples are so large that the p chart cries wolf, u chart for counts
of defects.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import inf, sqrt
from statistics import fmean
from typing import Literal

LARGE_SAMPLE = 5000
OVERDISPERSED = 1.2
_D2 = 1.128
"""The mean moving range of two, in standard deviations (Shewhart's constant d2)."""


@dataclass(frozen=True, slots=True)
class Point:
    value: float
    lower: float
    upper: float

    @property
    def out(self) -> bool:
        return not self.lower <= self.value <= self.upper


@dataclass(frozen=True, slots=True)
class Chart:
    """`sigma_z` is the spread of the points in standard errors (1 where chance alone is at work)."""

    kind: Literal["p", "p_prime", "u"]
    centre: float
    sigma_z: float
    points: tuple[Point, ...]


def p_chart(defects: Sequence[int], n: Sequence[int]) -> Chart:
    """Shares with limits at three standard errors of each sample."""
    return _shares("p", defects, n, 1.0)


def p_prime_chart(defects: Sequence[int], n: Sequence[int]) -> Chart:
    """Laney's p': the limits widened by the moving range of the standardised shares (not by their spread)."""
    return _shares("p_prime", defects, n, _sigma_z(defects, n))


def share_chart(defects: Sequence[int], n: Sequence[int]) -> Chart:
    """The p chart, or p' where the points waver more than chance does or the samples are large."""
    sigma_z = _sigma_z(defects, n)
    wide = sigma_z > OVERDISPERSED or max(n) > LARGE_SAMPLE
    return p_prime_chart(defects, n) if wide else p_chart(defects, n)


def u_chart(defects: Sequence[int], units: Sequence[float]) -> Chart:
    """Defects per unit, where one unit may have several."""
    _check(defects, units)
    centre = sum(defects) / sum(units)
    errors = [sqrt(centre / size) for size in units]
    points = _points([c / size for c, size in zip(defects, units, strict=True)], centre, errors, inf)
    return Chart("u", centre, 1.0, points)


def _shares(kind: Literal["p", "p_prime"], defects: Sequence[int], n: Sequence[int], widened: float) -> Chart:
    _check(defects, n)
    centre = sum(defects) / sum(n)
    errors = [widened * sqrt(centre * (1 - centre) / size) for size in n]
    points = _points([x / size for x, size in zip(defects, n, strict=True)], centre, errors, 1.0)
    return Chart(kind, centre, _sigma_z(defects, n), points)


def _points(
    values: Sequence[float], centre: float, errors: Sequence[float], ceiling: float
) -> tuple[Point, ...]:
    return tuple(
        Point(value, max(centre - 3 * error, 0.0), min(centre + 3 * error, ceiling))
        for value, error in zip(values, errors, strict=True)
    )


def _sigma_z(defects: Sequence[int], n: Sequence[int]) -> float:
    """The mean moving range of the standardised shares, over d2; 1 where it cannot be told."""
    _check(defects, n)
    centre = sum(defects) / sum(n)
    if len(n) < 2 or not 0 < centre < 1:
        return 1.0
    z = [(x / size - centre) / sqrt(centre * (1 - centre) / size) for x, size in zip(defects, n, strict=True)]
    return fmean(abs(later - earlier) for earlier, later in pairwise(z)) / _D2


def _check(defects: Sequence[int], sizes: Sequence[float]) -> None:
    if not sizes or len(defects) != len(sizes) or min(sizes) <= 0 or min(defects) < 0:
        raise ValueError("a chart needs samples, each with its size above 0")
