"""Small branches: their share is drawn towards that of all, the more the fewer ratings they have.

methods.md section 9.
"""

from __future__ import annotations

from collections.abc import Mapping
from math import inf

Counts = tuple[int, int]
"""How many of how many."""


def shrunk(counts: Mapping[str, Counts]) -> dict[str, float]:
    """(x + m p) / (n + m) for each branch, with m from what lies between the branches beyond chance."""
    total = sum(n for _, n in counts.values())
    if total == 0:
        return {}
    p = sum(x for x, _ in counts.values()) / total
    m = prior_strength(counts)
    return {name: _towards(p, m, x, n) for name, (x, n) in counts.items()}


def prior_strength(counts: Mapping[str, Counts]) -> float:
    """m: how many ratings the common share is worth. Infinite where the branches differ by chance alone.

    By moments: what the squared differences exceed their expectation under one common share.
    """
    sizes = [n for _, n in counts.values() if n > 0]
    total = sum(sizes)
    p = sum(x for x, _ in counts.values()) / total if total else 0.0
    if len(sizes) < 2 or not 0 < p < 1:
        return inf
    squares = sum(n * (x / n - p) ** 2 for x, n in counts.values() if n > 0)
    expected = (len(sizes) - 1) * p * (1 - p)
    spare = total - sum(n * n for n in sizes) / total - (len(sizes) - 1)
    between = (squares - expected) / spare if spare > 0 else 0.0
    if between <= 0:
        return inf
    return max(p * (1 - p) / between - 1, 0.0)


def _towards(p: float, m: float, x: int, n: int) -> float:
    if m == inf or n + m == 0:
        return p
    return (x + m * p) / (n + m)
