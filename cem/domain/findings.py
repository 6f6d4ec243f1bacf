"""What understanding says of one text. `nlp` returns these; nothing here knows how they were made."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any, Literal

Label = Literal["negative", "neutral", "positive"]
Urgency = Literal["high", "normal"]
Span = tuple[int, int]
"""Start and end in Unicode code points of the text as sent, end exclusive."""


@dataclass(frozen=True, slots=True)
class Sentiment:
    """`score` in -1..1 (0 only for an empty text), `level` in -2..2, `confidence` that its sign is right."""

    label: Label
    level: int
    score: float
    confidence: float
    abstained: bool


@dataclass(frozen=True, slots=True)
class Topic:
    code: str
    sentiment: Label
    confidence: float
    spans: tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class Risk:
    code: str
    confidence: float


@dataclass(frozen=True, slots=True)
class Pii:
    kind: str
    span: Span


@dataclass(frozen=True, slots=True)
class Findings:
    language: str
    sentiment: Sentiment
    topics: tuple[Topic, ...]
    risks: tuple[Risk, ...]
    urgency: Urgency
    pii: tuple[Pii, ...]
    model: str

    def as_dict(self) -> dict[str, Any]:
        """The shape of the contract, ready for JSON (tuples become lists there)."""
        return asdict(self)

    @classmethod
    def from_dict(cls, raw: dict[str, Any]) -> Findings:
        """Read back what `as_dict` wrote, also after a journey through JSON."""
        return cls(
            language=raw["language"],
            sentiment=Sentiment(**raw["sentiment"]),
            topics=tuple(
                Topic(t["code"], t["sentiment"], t["confidence"], tuple((s, e) for s, e in t["spans"]))
                for t in raw["topics"]
            ),
            risks=tuple(Risk(**r) for r in raw["risks"]),
            urgency=raw["urgency"],
            pii=tuple(Pii(p["kind"], (p["span"][0], p["span"][1])) for p in raw["pii"]),
            model=raw["model"],
        )
