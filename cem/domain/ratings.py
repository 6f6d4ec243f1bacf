"""Rating scales: which values exist, and what counts as satisfied and dissatisfied."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Scale:
    code: str
    low: int
    high: int
    very_dissatisfied: int
    dissatisfied: int
    satisfied: int


SCALES: dict[str, Scale] = {
    scale.code: scale
    for scale in (
        Scale("faces5", 1, 5, 1, 2, 4),
        Scale("stars5", 1, 5, 1, 2, 4),
        Scale("csat5", 1, 5, 1, 2, 4),
        Scale("nps", 0, 10, 2, 6, 7),
        Scale("ces7", 1, 7, 1, 3, 5),
    )
}


@dataclass(frozen=True, slots=True)
class Rating:
    """A value on a scale. Raises `ValueError` for a scale or a value that does not exist."""

    scale: str
    value: int

    def __post_init__(self) -> None:
        scale = SCALES.get(self.scale)
        if scale is None:
            raise ValueError(f"unknown scale {self.scale!r}")
        if not scale.low <= self.value <= scale.high:
            raise ValueError(f"{self.scale} goes from {scale.low} to {scale.high}")

    @property
    def position(self) -> float:
        """Where it stands on its scale, from 0 (the worst) to 1 (the best)."""
        scale = SCALES[self.scale]
        return (self.value - scale.low) / (scale.high - scale.low)

    @property
    def very_dissatisfied(self) -> bool:
        return self.value <= SCALES[self.scale].very_dissatisfied

    @property
    def dissatisfied(self) -> bool:
        return self.value <= SCALES[self.scale].dissatisfied

    @property
    def satisfied(self) -> bool:
        return self.value >= SCALES[self.scale].satisfied
