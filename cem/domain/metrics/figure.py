"""A number that never travels without its interval and its n, and how two of them are compared."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from math import inf, sqrt
from typing import Literal

Z = 1.959964
"""The 97.5 % point of the normal distribution: all intervals are of 95 %."""

HIDDEN_BELOW = 5
FEW_BELOW = 30

Unit = Literal["points", "share", "mean"]
"""Points from -100 to 100; a share from 0 to 1; the mean on the scale itself."""


@dataclass(frozen=True, slots=True)
class Figure:
    """One measure of `n` observations. All four of `value`, `low`, `high`, `se` are None where n is 0.

    `basis` says what was counted (`top2`, `wilson`, ...), `detail` the parts that the value is made of.
    """

    value: float | None
    low: float | None
    high: float | None
    n: int
    unit: Unit
    se: float | None = None
    basis: str = ""
    detail: Mapping[str, float] = field(default_factory=dict)

    @property
    def hidden(self) -> bool:
        """Too few to show without pointing at persons."""
        return self.n < HIDDEN_BELOW

    @property
    def few(self) -> bool:
        """Too few to rank anybody by."""
        return self.n < FEW_BELOW

    @property
    def shown(self) -> float | None:
        """The value as far as it may be shown."""
        return None if self.hidden else self.value


@dataclass(frozen=True, slots=True)
class Difference:
    """What changed from one figure to the next, with its interval; nothing where either has no value."""

    value: float | None
    low: float | None
    high: float | None
    se: float | None

    @property
    def within_noise(self) -> bool:
        """True unless the interval says on which side of nothing the change lies."""
        return self.low is None or self.high is None or self.low <= 0 <= self.high

    @property
    def z(self) -> float | None:
        """How many standard errors the change is."""
        if self.value is None or not self.se:
            return None
        return self.value / self.se


def nothing(unit: Unit, basis: str = "") -> Figure:
    """The figure of no observations."""
    return Figure(None, None, None, 0, unit, basis=basis)


def change(before: Figure, after: Figure) -> Difference:
    """From `before` to `after`; the interval is made of the two figures' own intervals.

    The square-and-add method (Newcombe 1998, for any two intervals Zou and Donner 2008): it stays honest
    where a standard error is 0 because everybody said the same.
    """
    if before.value is None or after.value is None or before.low is None or before.high is None:
        return Difference(None, None, None, None)
    if after.low is None or after.high is None:
        return Difference(None, None, None, None)
    value = after.value - before.value
    down = sqrt((after.value - after.low) ** 2 + (before.high - before.value) ** 2)
    up = sqrt((after.high - after.value) ** 2 + (before.value - before.low) ** 2)
    se = sqrt((before.se or 0.0) ** 2 + (after.se or 0.0) ** 2)
    return Difference(value, value - down, value + up, se)


def wilson(successes: float, n: float, z: float = Z) -> tuple[float, float]:
    """The Wilson score interval of a share. Also right for 0 of n and n of n; 0 to 1 where n is 0."""
    if n <= 0:
        return 0.0, 1.0
    p, square = successes / n, z * z
    middle = p + square / (2 * n)
    spread = z * sqrt(p * (1 - p) / n + square / (4 * n * n))
    low, high = (middle - spread) / (1 + square / n), (middle + spread) / (1 + square / n)
    return (0.0 if successes == 0 else max(low, 0.0)), (1.0 if successes == n else min(high, 1.0))


def share(successes: int, n: int, basis: str = "", detail: Mapping[str, float] | None = None) -> Figure:
    """A share with its Wilson interval."""
    if not 0 <= successes <= n:
        raise ValueError("a part is between nothing and the whole")
    if n == 0:
        return nothing("share", basis)
    p = successes / n
    low, high = wilson(successes, n)
    return Figure(p, low, high, n, "share", sqrt(p * (1 - p) / n), basis, detail or {})


def bounded(
    value: float, low: float, high: float, floor: float = -inf, ceiling: float = inf
) -> tuple[float, float]:
    """An interval cut to what is possible, and always around the value itself."""
    return max(min(low, value), floor), min(max(high, value), ceiling)
