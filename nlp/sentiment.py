"""The verdict on a whole text: score, label, level, and how sure one may be of it."""

from __future__ import annotations

from math import exp, log1p, tanh

from cem.domain.findings import Label, Sentiment
from cem.domain.ratings import SCALES, Rating
from nlp.backends.base import Calibration, Reading

EMPTY = Sentiment("neutral", 0, 0.0, 0.5, abstained=True)
_LEAST = 0.0001


def judge(reading: Reading, fit: Calibration, rating: Rating | None = None) -> Sentiment:
    """The score is `tanh` of half the log odds, so 0.5 stands for three to one. Its sign is never missing."""
    log_odds = reading.log_odds + (fit.rating_prior * standing(rating) if rating else 0.0)
    confidence = _confidence(log_odds, reading, fit)
    level = _level(log_odds, reading.neutral, fit)
    return Sentiment(
        label=label_of(level),
        level=level,
        score=_score(log_odds),
        confidence=round(confidence, 4),
        abstained=confidence < fit.abstain_below,
    )


def standing(rating: Rating) -> float:
    """Where a rating stands, -1..1; 0 lies in the middle between dissatisfied and satisfied."""
    scale = SCALES[rating.scale]
    middle = (scale.dissatisfied + scale.satisfied) / 2
    reach = max(scale.high - middle, middle - scale.low)
    return (rating.value - middle) / reach


def label_of(value: float) -> Label:
    if value > 0:
        return "positive"
    return "negative" if value < 0 else "neutral"


def _score(log_odds: float) -> float:
    score = round(tanh(log_odds / 2.0), 4)
    if abs(score) >= _LEAST:
        return score
    return _LEAST if log_odds > 0 else -_LEAST


def _level(log_odds: float, neutral: float, fit: Calibration) -> int:
    strength = abs(log_odds)
    if strength < fit.neutral_within + fit.neutral_say * neutral:
        return 0
    level = 2 if strength >= fit.strong_from else 1
    return level if log_odds > 0 else -level


def _confidence(log_odds: float, reading: Reading, fit: Calibration) -> float:
    """The calibrated probability that the sign is right: strong, much and unanimous evidence is sure."""
    x = (
        fit.strength * abs(log_odds)
        + fit.disagreement * reading.disagreement
        + fit.evidence * log1p(reading.evidence)
        + fit.bias
    )
    return max(0.5, min(fit.highest_confidence, 1.0 / (1.0 + exp(-x))))
