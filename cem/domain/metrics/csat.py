"""Customer satisfaction: the share of satisfied ratings on a scale of five, with its Wilson interval.

`top2` counts 4 and 5, `top1` only 5; the figure always names which, and carries the mean beside it, since the
two move differently. methods.md section 3.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Literal

from cem.domain.metrics.figure import Figure, share

Basis = Literal["top1", "top2"]
BUCKETS = ("dissatisfied", "neutral", "satisfied")


def bucket(rating: int) -> str:
    """Every integer from 1 to 5 is in exactly one bucket; anything else raises `ValueError`."""
    if isinstance(rating, bool) or not isinstance(rating, int) or not 1 <= rating <= 5:
        raise ValueError(f"{rating!r} is not a rating from 1 to 5")
    return "satisfied" if rating >= 4 else "neutral" if rating == 3 else "dissatisfied"


def compute(ratings: Iterable[int], basis: Basis = "top2") -> Figure:
    """CSAT of ratings from 1 to 5."""
    return from_counts(Counter(ratings), basis)


def from_counts(counts: Mapping[int, int], basis: Basis = "top2") -> Figure:
    """CSAT of how often each rating was given."""
    for rating in counts:
        bucket(rating)
    n = sum(counts.values())
    satisfied = counts.get(5, 0) + (counts.get(4, 0) if basis == "top2" else 0)
    mean = sum(rating * count for rating, count in counts.items()) / n if n else 0.0
    return share(satisfied, n, basis, {"mean": mean})
