"""The reader's marks: a customer's words cut into plain, praised and complained-of pieces."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby
from typing import Final

from cem.domain.findings import Findings, Topic

DOTS: Final = "•••"
"""They stand in lists where somebody's number, address or name was said; the case itself shows it."""
_KINDS: Final = {"positive": "good", "negative": "bad"}
_HIDDEN: Final = "hidden"


@dataclass(frozen=True, slots=True)
class Segment:
    """A piece of the text as it was said. `kind` is good, bad or empty."""

    text: str
    kind: str = ""


def segments(
    text: str, topics: Iterable[Topic] = (), hidden: Iterable[tuple[int, int]] = ()
) -> list[Segment]:
    """Cut `text` at the spans of the topics, counted in code points; where two meet, a complaint wins.

    The pieces joined again are the text itself, but for the `hidden` spans: dots stand for each of those.
    A span beyond the text's end is cut off there.
    """
    kinds = [""] * len(text)
    for topic in sorted(topics, key=lambda one: one.sentiment == "negative"):
        for span in topic.spans if topic.sentiment in _KINDS else ():
            _paint(kinds, span, _KINDS[topic.sentiment])
    for number, span in enumerate(hidden):
        _paint(kinds, span, f"{_HIDDEN}{number}")
    pieces = groupby(zip(text, kinds, strict=True), key=lambda pair: pair[1])
    return [_segment("".join(letter for letter, _ in piece), kind) for kind, piece in pieces]


def private_spans(text: str, findings: Findings | None) -> list[tuple[int, int]]:
    """What would tell who somebody is: as it was found, or as a person has put it right."""
    if findings is not None:
        return [pii.span for pii in findings.pii]
    from nlp import pii
    from nlp.script import fold

    return [each.span for each in pii.find(fold(text), text)]


def _paint(kinds: list[str], span: tuple[int, int], kind: str) -> None:
    for at in range(max(span[0], 0), min(span[1], len(kinds))):
        kinds[at] = kind


def _segment(text: str, kind: str) -> Segment:
    return Segment(DOTS) if kind.startswith(_HIDDEN) else Segment(text, kind)
