"""What words alone say of texts that another model has read: where the two differ, a person should look."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from math import tanh

from nlp.backends.lexical import LexicalBackend
from nlp.script import fold
from nlp.texts import Document

LONGEST = 2_000
"""Characters of a text that are looked at: this runs while somebody waits for a page."""


def of_words(texts: Sequence[tuple[str, str]]) -> list[float]:
    """A score of -1..1 for each (text, language), on the scale of findings."""
    documents = [Document(text[:LONGEST], fold(text[:LONGEST]), language) for text, language in texts]
    return [tanh(reading.log_odds / 2.0) for reading in _backend().score(documents)]


@cache
def _backend() -> LexicalBackend:
    return LexicalBackend()
