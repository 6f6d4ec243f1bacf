"""Alarms for what a control chart sees too late: small shifts that last, and odd hours of the week.

methods.md section 7.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import comb, exp, lgamma, sqrt

EWMA_WEIGHT = 0.2


def ewma_alarms(
    shares: Sequence[float], centre: float, n: int, weight: float = EWMA_WEIGHT
) -> tuple[bool, ...]:
    """For each share whether the exponentially weighted mean so far is above its limit of three sigma."""
    pairs = zip(ewma(shares, centre, weight), range(1, len(shares) + 1), strict=True)
    return tuple(mean > ewma_limit(centre, n, i, weight) for mean, i in pairs)


def ewma(shares: Sequence[float], centre: float, weight: float = EWMA_WEIGHT) -> tuple[float, ...]:
    """The exponentially weighted mean after each share, begun at the centre."""
    means, mean = [], centre
    for value in shares:
        mean = weight * value + (1 - weight) * mean
        means.append(mean)
    return tuple(means)


def ewma_limit(centre: float, n: int, i: int, weight: float = EWMA_WEIGHT) -> float:
    """The upper limit at the i-th point (from 1), wider as the mean settles."""
    settling = weight / (2 - weight) * (1 - (1 - weight) ** (2 * i))
    return centre + 3 * sqrt(centre * (1 - centre) / n * settling)


def tail(x: int, n: int, alpha: float, beta: float) -> float:
    """How likely `x` or more of `n` are when the share is Beta(alpha, beta): what this hour usually has.

    With a baseline of k of m and a prior of (a, b): alpha = a + k, beta = b + m - k.
    """
    likely = sum(
        comb(n, k) * exp(_log_beta(alpha + k, beta + n - k) - _log_beta(alpha, beta))
        for k in range(max(x, 0), n + 1)
    )
    return min(likely, 1.0)


def _log_beta(a: float, b: float) -> float:
    return lgamma(a) + lgamma(b) - lgamma(a + b)
