"""What goes in: a text as the customer wrote it, and what the backends see of it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from cem.domain.ratings import Rating

MAX_CHARS = 100_000
"""Code points. Above it a text is refused, so that one message cannot hold up the others."""

_REPEATED: Final = re.compile(
    r"(?:[一二三四五六1-6]\s?[颗顆]?星|[满滿]分)(?:好评|好評|差评|差評)?(?![期级級]|酒店|[饭飯]店|[宾賓][馆館])"
    r"|\b(?:one|two|three|four|five|six|[1-6])[ -]stars?\b(?! ?(?:hotel|resort|restaurant|rated|service))"
    r"|\b[0-9]{1,2} out of (?:5|10|five|ten)\b",
    re.IGNORECASE,
)
"""Where a text names its own rating; not a hotel of five stars, nor five weeks (五星期)."""


@dataclass(frozen=True, slots=True)
class TextIn:
    """`rating` is a weak prior where the customer gave one; `language` a hint where the text cannot say."""

    text: str
    rating: Rating | None = None
    language: str | None = None


@dataclass(frozen=True, slots=True)
class Document:
    """A text made ready: `folded` has the same number of code points as `text`, so positions are shared."""

    text: str
    folded: str
    language: str


def without_rating(text: str) -> str:
    """The text with blanks where it only repeats its rating (“五星，可是…”, “Five stars, but…”), which is no
    opinion of its own; as long as before, position by position."""
    return _REPEATED.sub(lambda found: " " * len(found[0]), text)


def check(text: object) -> str:
    """The text itself, or a `ValueError` that says why it cannot be read."""
    if not isinstance(text, str):
        raise ValueError(f"a text is needed, not {type(text).__name__}")
    if len(text) > MAX_CHARS:
        raise ValueError(f"a text has at most {MAX_CHARS:,} characters, this one has {len(text):,}")
    return text
