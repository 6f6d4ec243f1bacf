"""What people say of a text instead of what understanding said, and which findings hold then. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Any, Final
from uuid import UUID

from cem.domain.findings import Findings, Label, Pii, Risk, Sentiment, Span, Topic, Urgency

LEVELS: Final = (-2, -1, 0, 1, 2)
_SCORES: Final = {-2: -0.95, -1: -0.6, 1: 0.6, 2: 0.95}
_UNDECIDED: Final = 0.0001
"""Of a neutral text: its sign stays the machine's, as only a text without words scores zero."""
_NOTHING: Final[Mapping[Any, Any]] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Correction:
    """Only what it names is corrected.

    `topics`: None says that the text is not about this. `spans`: the words that say so, of topics that it
    names; a topic without any is about the whole text. `risks`: there, or not. `pii`: the kind of what stands
    at a place, None where nothing private does.
    """

    level: int | None = None
    topics: Mapping[str, Label | None] = field(default_factory=lambda: _NOTHING)
    risks: Mapping[str, bool] = field(default_factory=lambda: _NOTHING)
    urgency: Urgency | None = None
    language: str | None = None
    pii: Mapping[Span, str | None] = field(default_factory=lambda: _NOTHING)
    spans: Mapping[str, tuple[Span, ...]] = field(default_factory=lambda: _NOTHING)

    def __bool__(self) -> bool:
        return bool(self.as_dict())

    def then(self, later: Correction) -> Correction:
        """Both; where they speak of the same thing the later one holds."""
        return Correction(
            self.level if later.level is None else later.level,
            {**self.topics, **later.topics},
            {**self.risks, **later.risks},
            later.urgency or self.urgency,
            later.language or self.language,
            {**_apart(self.pii, later.pii), **later.pii},
            {**self.spans, **later.spans},
        )

    def as_dict(self) -> dict[str, Any]:
        """For JSON; what it does not name is left out."""
        private = [{"span": list(span), "kind": kind} for span, kind in self.pii.items()]
        words = {code: [list(span) for span in spans] for code, spans in self.spans.items()}
        said = {
            "level": self.level,
            "topics": dict(self.topics) or None,
            "risks": dict(self.risks) or None,
            "urgency": self.urgency,
            "language": self.language,
            "pii": private or None,
            "spans": words or None,
        }
        return {name: value for name, value in said.items() if value is not None}

    @classmethod
    def from_dict(cls, raw: Mapping[str, Any]) -> Correction:
        return cls(
            raw.get("level"),
            raw.get("topics", {}),
            raw.get("risks", {}),
            raw.get("urgency"),
            raw.get("language"),
            {_span(each["span"]): each["kind"] for each in raw.get("pii", ())},
            {code: tuple(map(_span, spans)) for code, spans in raw.get("spans", {}).items()},
        )

    def places(self) -> tuple[Span, ...]:
        """Every place in the text that it names."""
        return (*self.pii, *(span for spans in self.spans.values() for span in spans))


@dataclass(frozen=True, slots=True)
class Logged:
    """One line of the log of a text. `undoes`: it takes that line back and says nothing itself."""

    id: UUID
    correction: Correction
    undoes: UUID | None = None


def standing(log: Sequence[Logged]) -> tuple[Logged, ...]:
    """The lines that hold, oldest first: those that were not taken back."""
    undone = {line.undoes for line in log}
    return tuple(line for line in log if line.undoes is None and line.id not in undone)


def combined(lines: Iterable[Logged]) -> Correction:
    """What they say together."""
    said = Correction()
    for line in lines:
        said = said.then(line.correction)
    return said


def corrected(machine: Findings, said: Correction) -> Findings:
    """The findings that hold. `model` stays that of the reading that was corrected."""
    risks = _risks(machine.risks, said.risks)
    return replace(
        machine,
        language=said.language or machine.language,
        sentiment=machine.sentiment if said.level is None else _sentiment(said.level, machine.sentiment),
        topics=_topics(machine.topics, said),
        risks=risks,
        urgency=_urgency(machine.urgency, risks, said),
        pii=_pii(machine.pii, said.pii),
    )


def level_of(label: Label, machine: Sentiment) -> int:
    """What is meant by a label alone: the machine's level where the label is the same, else a plain one."""
    if label == machine.label:
        return machine.level
    return {"negative": -1, "neutral": 0, "positive": 1}[label]


def label_of(level: int) -> Label:
    """The label that goes with a level."""
    if level == 0:
        return "neutral"
    return "positive" if level > 0 else "negative"


def places_of(words: str, text: str, most: int = 16) -> tuple[Span, ...]:
    """Where these words stand in the text, one beside the other; nothing where they do not."""
    found: list[Span] = []
    at = text.find(words) if words else -1
    while at >= 0 and len(found) < most:
        found.append((at, at + len(words)))
        at = text.find(words, at + len(words))
    return tuple(found)


def _span(pair: Sequence[int]) -> Span:
    return pair[0], pair[1]


def _sentiment(level: int, machine: Sentiment) -> Sentiment:
    """A person is sure of the side; of a neutral text neither side is right, so its sign says nothing."""
    if level == 0:
        return Sentiment("neutral", 0, _UNDECIDED if machine.score > 0 else -_UNDECIDED, 0.5, False)
    return Sentiment(label_of(level), level, _SCORES[level], 1.0, False)


def _topics(found: tuple[Topic, ...], said: Correction) -> tuple[Topic, ...]:
    """One that a person named without words for it is about the whole text."""
    kept = [topic for topic in found if topic.code not in said.topics]
    spans = {topic.code: topic.spans for topic in found} | dict(said.spans)
    named = said.topics.items()
    put = [Topic(code, label, 1.0, spans.get(code, ())) for code, label in named if label is not None]
    return (*kept, *put)


def _risks(found: tuple[Risk, ...], said: Mapping[str, bool]) -> tuple[Risk, ...]:
    kept = [risk for risk in found if risk.code not in said]
    return (*kept, *(Risk(code, 1.0) for code, there in said.items() if there))


def _urgency(machine: Urgency, risks: tuple[Risk, ...], said: Correction) -> Urgency:
    """A risk that a person names is urgent; one that is struck out no longer is; unless they say which."""
    if said.urgency is not None:
        return said.urgency
    if not said.risks:
        return machine
    return "high" if risks else "normal"


def _pii(found: tuple[Pii, ...], said: Mapping[Span, str | None]) -> tuple[Pii, ...]:
    """What a person marked stands instead of whatever the machine saw in the same words."""
    if not said:
        return found
    kept = [pii for pii in found if not any(_meet(pii.span, span) for span in said)]
    put = [Pii(kind, span) for span, kind in said.items() if kind is not None]
    return tuple(sorted((*kept, *put), key=lambda pii: pii.span))


def _apart(said: Mapping[Span, str | None], later: Mapping[Span, str | None]) -> dict[Span, str | None]:
    """What the later line says nothing of."""
    return {span: kind for span, kind in said.items() if not any(_meet(span, each) for each in later)}


def _meet(one: Span, other: Span) -> bool:
    return one[0] < other[1] and other[0] < one[1]
