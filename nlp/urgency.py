"""Whether somebody should act now rather than in turn."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

from cem.domain.findings import Risk, Sentiment, Urgency
from nlp.matching import Matcher
from nlp.words import read_list, split_words

_AT_ONCE = frozenset({"safety", "injury", "food_poisoning", "minors", "self_harm"})
"""The risks that page whatever the score; the others are urgent when they are said surely."""

_SURE, _PRAISE = 0.85, 0.5


def judge(folded: str, sentiment: Sentiment, risks: Sequence[Risk]) -> Urgency:
    """`high` for a risk, and for a customer who waits now and is not full of praise."""
    if any(risk.code in _AT_ONCE or risk.confidence >= _SURE for risk in risks):
        return "high"
    if sentiment.score < _PRAISE and _now().find(folded):
        return "high"
    return "normal"


@cache
def _now() -> Matcher[bool]:
    return Matcher(dict.fromkeys(split_words(read_list("urgency")["now"]), True))
