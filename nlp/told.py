"""What a model that was taught with sentences of our own tells of a text: the same numbers whoever tells.

The upper layers of the encoder (`nlp/models/adapter.py`) and the n-grams of `fast` (`nlp/ngrams.py`).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

from cem.domain.vocabulary import RiskCode
from nlp.models.carried import Floats

RISKS: Final = tuple(code.value for code in RiskCode)
NEGATIVE, NEUTRAL, POSITIVE, ANY_RISK, FIRST_RISK = range(5)
TOLD: Final = FIRST_RISK + len(RISKS)
"""How many numbers: three logits of feeling, one of any risk and one of each."""
SENTENCE: Final = 40
"""Code points."""
LIKELY: Final = -0.5
"""Log odds from which on a risk is named beside a likelier one."""


@dataclass(frozen=True, slots=True)
class Told:
    """Log odds of praise against blame, of neither against either, and of any risk, with the likeliest risk
    and all that are likely."""

    log_odds: float = 0.0
    neutral: float = 0.0
    risky: float = 0.0
    risks: tuple[str, ...] = ()

    @classmethod
    def of(cls, row: Floats) -> Told:
        """From one row of `TOLD` numbers, or none."""
        if not len(row):
            return UNTOLD
        negative, neutral, positive = map(float, row[:ANY_RISK])
        return cls(
            positive - negative,
            neutral - (positive + negative) / 2.0,
            float(row[ANY_RISK]),
            _likely(row[FIRST_RISK:]),
        )

    def of_sentence(self, text: str) -> Told:
        """For what was taught with sentences and reads order: the longer a text, the less counts of what it
        feels."""
        counts = min(1.0, SENTENCE / max(1, len(text)))
        return replace(self, log_odds=counts * self.log_odds, neutral=counts * self.neutral)


UNTOLD: Final = Told()


def _likely(codes: Floats) -> tuple[str, ...]:
    return tuple(code for code, odds in zip(RISKS, codes, strict=True) if odds >= min(LIKELY, codes.max()))
