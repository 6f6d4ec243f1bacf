"""What every model gives: how good or bad a text is, and where it says so."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Protocol

from nlp.opinions import Clause
from nlp.texts import Document

if TYPE_CHECKING:
    from nlp.models.carried import Floats


@dataclass(frozen=True, slots=True)
class Suspicion:
    """How much a text is like risks that were told in other words (0: as much as like harmless ones), and
    which risks those are."""

    strength: float
    codes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Reading:
    """`log_odds` of praise against blame; `evidence` that was found, and how much of it disagrees (0..1).

    `vector`: what the text means, where the model has vectors. `suspicion`: None where only words were read.
    `neutral`: log odds of neither against either, where the model tells them.
    """

    log_odds: float
    evidence: float
    disagreement: float
    clauses: tuple[Clause, ...]
    vector: Floats | None = field(default=None, compare=False, repr=False)
    suspicion: Suspicion | None = None
    neutral: float = 0.0


@dataclass(frozen=True, slots=True)
class Calibration:
    """How a backend's log odds are to be read.

    The first four weigh what makes a sign sure: strength, disagreement, evidence. A log odds within
    `neutral_within`, and `neutral_say` times what the reading says of neutral, is called neutral, one from
    `strong_from` on is strong.
    """

    strength: float
    disagreement: float
    evidence: float
    bias: float
    highest_confidence: float
    rating_prior: float
    neutral_within: float
    strong_from: float
    abstain_below: float
    neutral_say: float = 0.0

    @classmethod
    def of(cls, stored: dict[str, Any]) -> Calibration:
        """From one of the calibration files."""
        names = ("highest_confidence", "rating_prior", "neutral_within", "strong_from", "abstain_below")
        say = stored.get("neutral_say", 0.0)
        return cls(**stored["confidence"], **{name: stored[name] for name in names}, neutral_say=say)


def contradiction(one: float, other: float) -> float:
    """0 where both have the same sign, up to 1 where they say the contrary with equal force."""
    if one * other >= 0:
        return 0.0
    return 2.0 * min(abs(one), abs(other)) / (abs(one) + abs(other))


class Backend(Protocol):
    """Registered in `nlp/registry.py`; every one passes `tests/contracts/test_backends.py`."""

    @property
    def calibration(self) -> Calibration:
        """How its readings become verdicts."""

    @property
    def name(self) -> str:
        """`name@version`, stored with every finding that it made."""

    def score(self, documents: Sequence[Document]) -> list[Reading]:
        """One reading for each document, in order; the same document always reads the same."""
