"""What others make of the same texts: SnowNLP for Chinese, VADER for English, where they are installed.

Neither is a part of the product; the tests' requirements bring them, so that a table can show both sides.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from importlib.util import find_spec

from nlp.language import detect
from nlp.script import simplify

Rival = Callable[[str], float]
"""-1 (blame) to 1 (praise) for one text."""

NAMES = {"zh": "SnowNLP", "en": "VADER"}
_NEUTRAL_WITHIN = {"zh": 0.2, "en": 0.05}


def there() -> bool:
    """Whether both are installed."""
    return all(find_spec(name) is not None for name in ("snownlp", "vaderSentiment"))


def load() -> dict[str, Rival]:
    """One for each language, or none at all."""
    if not there():
        return {}
    from snownlp import SnowNLP  # type: ignore[import-not-found, import-untyped, unused-ignore]
    from vaderSentiment.vaderSentiment import (  # type: ignore[import-not-found, import-untyped, unused-ignore]
        SentimentIntensityAnalyzer,
    )

    vader = SentimentIntensityAnalyzer()
    return {
        "zh": lambda text: 2.0 * float(SnowNLP(text).sentiments) - 1.0 if text.strip() else 0.0,
        "en": lambda text: float(vader.polarity_scores(text)["compound"]),
    }


def language_of(texts: Sequence[str]) -> str:
    """Which of the two most of the texts are written in."""
    english = sum(detect(text) == "en" for text in texts)
    return "en" if 2 * english > len(texts) else "zh"


def guesses(rival: Rival, language: str, texts: Sequence[str], three: bool) -> list[str]:
    """Labels in two classes, or in `three` with the band that each calls neutral."""
    within = _NEUTRAL_WITHIN[language] if three else 0.0
    return [_label(rival(simplify(text) if language == "zh" else text), within) for text in texts]


def _label(value: float, within: float) -> str:
    if within and abs(value) < within:
        return "neutral"
    return "positive" if value > 0 else "negative"
