"""The reader's marks: a customer's words cut into plain, praised and complained-of pieces."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby

from cem.domain.findings import Topic

_KINDS = {"positive": "good", "negative": "bad"}


@dataclass(frozen=True, slots=True)
class Segment:
    """A piece of the text as it was said. `kind` is good, bad or empty."""

    text: str
    kind: str = ""


def segments(text: str, topics: Iterable[Topic] = ()) -> list[Segment]:
    """Cut `text` at the spans of the topics, counted in code points; where two meet, a complaint wins.

    The pieces joined again are always the text itself; a span beyond the text's end is cut off there.
    """
    kinds = [""] * len(text)
    for topic in sorted(topics, key=lambda one: one.sentiment == "negative"):
        for start, end in topic.spans if topic.sentiment in _KINDS else ():
            for at in range(max(start, 0), min(end, len(text))):
                kinds[at] = _KINDS[topic.sentiment]
    pieces = groupby(zip(text, kinds, strict=True), key=lambda pair: pair[1])
    return [Segment("".join(letter for letter, _ in piece), kind) for kind, piece in pieces]
