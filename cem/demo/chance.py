"""Seeded chance: the same words give the same draws on every machine."""

from __future__ import annotations

import math
from collections.abc import Sequence
from datetime import timedelta
from random import Random
from typing import TypeVar

T = TypeVar("T")


def seeded(*words: object) -> Random:
    """A generator of its own for each purpose, so that one more draw here changes nothing there."""
    return Random("/".join(str(word) for word in words))  # noqa: S311 - a demo, not a secret


def around(rng: Random, median: float, spread: float = 0.6) -> timedelta:
    """A log-normal duration with `median` minutes: mostly short, now and then much longer."""
    return timedelta(minutes=median * math.exp(rng.gauss(0.0, spread)))


def pick(rng: Random, weighted: Sequence[tuple[T, float]]) -> T:
    """One of the values, by weight."""
    values = [value for value, _ in weighted]
    return rng.choices(values, [weight for _, weight in weighted])[0]
