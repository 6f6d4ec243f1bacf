"""Defects per million opportunities and the sigma level. methods.md section 6.

What an opportunity is has to be agreed per step of a journey beforehand.
"""

from __future__ import annotations

from math import inf
from statistics import NormalDist

_MILLION = 1_000_000
_SHIFT = 1.5
"""The long-term shift that the customary sigma level allows for."""


def dpmo(defects: int, units: int, opportunities: int) -> float | None:
    """Defects per million opportunities; None where there was no opportunity."""
    chances = units * opportunities
    return defects * _MILLION / chances if chances else None


def sigma_level(per_million: float) -> float:
    """Infinite where no defect was seen, minus infinite where nothing else was."""
    if not 0 < per_million < _MILLION:
        return inf if per_million <= 0 else -inf
    return NormalDist().inv_cdf(1 - per_million / _MILLION) + _SHIFT
