"""What goes in: a text as the customer wrote it, and what the backends see of it."""

from __future__ import annotations

from dataclasses import dataclass

from cem.domain.ratings import Rating

MAX_CHARS = 100_000
"""Code points. Above it a text is refused, so that one message cannot hold up the others."""


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


def check(text: object) -> str:
    """The text itself, or a `ValueError` that says why it cannot be read."""
    if not isinstance(text, str):
        raise ValueError(f"a text is needed, not {type(text).__name__}")
    if len(text) > MAX_CHARS:
        raise ValueError(f"a text has at most {MAX_CHARS:,} characters, this one has {len(text):,}")
    return text
