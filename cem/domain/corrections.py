"""What people say of a text instead of what understanding said, and which findings hold then. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Any, Final
from uuid import UUID

from cem.domain.findings import Findings, Label, Risk, Sentiment, Topic, Urgency

LEVELS: Final = (-2, -1, 0, 1, 2)
_SCORES: Final = {-2: -0.95, -1: -0.6, 1: 0.6, 2: 0.95}
_UNDECIDED: Final = 0.0001
"""Of a neutral text: its sign stays the machine's, as only a text without words scores zero."""
_NOTHING: Final[Mapping[str, Any]] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Correction:
    """Only what it names is corrected: the level; topics (None: not about this); risks (there, or not)."""

    level: int | None = None
    topics: Mapping[str, Label | None] = field(default_factory=lambda: _NOTHING)
    risks: Mapping[str, bool] = field(default_factory=lambda: _NOTHING)

    def __bool__(self) -> bool:
        return self.level is not None or bool(self.topics) or bool(self.risks)

    def then(self, later: Correction) -> Correction:
        """Both; where they speak of the same thing the later one holds."""
        level = self.level if later.level is None else later.level
        return Correction(level, {**self.topics, **later.topics}, {**self.risks, **later.risks})

    def as_dict(self) -> dict[str, Any]:
        """For JSON; what it does not name is left out."""
        said = {"level": self.level} if self.level is not None else {}
        topics = {"topics": dict(self.topics)} if self.topics else {}
        return {**said, **topics, **({"risks": dict(self.risks)} if self.risks else {})}

    @classmethod
    def from_dict(cls, raw: Mapping[str, Any]) -> Correction:
        return cls(raw.get("level"), raw.get("topics", {}), raw.get("risks", {}))


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


def combined(lines: Sequence[Logged]) -> Correction:
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
        sentiment=machine.sentiment if said.level is None else _sentiment(said.level, machine.sentiment),
        topics=_topics(machine.topics, said.topics),
        risks=risks,
        urgency=_urgency(machine.urgency, risks, said),
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


def _sentiment(level: int, machine: Sentiment) -> Sentiment:
    """A person is sure of the side; of a neutral text neither side is right, so its sign says nothing."""
    if level == 0:
        return Sentiment("neutral", 0, _UNDECIDED if machine.score > 0 else -_UNDECIDED, 0.5, False)
    return Sentiment(label_of(level), level, _SCORES[level], 1.0, False)


def _topics(found: tuple[Topic, ...], said: Mapping[str, Label | None]) -> tuple[Topic, ...]:
    kept = [topic for topic in found if topic.code not in said]
    spans = {topic.code: topic.spans for topic in found}
    put = [Topic(code, label, 1.0, spans.get(code, ())) for code, label in said.items() if label is not None]
    return (*kept, *put)


def _risks(found: tuple[Risk, ...], said: Mapping[str, bool]) -> tuple[Risk, ...]:
    kept = [risk for risk in found if risk.code not in said]
    return (*kept, *(Risk(code, 1.0) for code, there in said.items() if there))


def _urgency(machine: Urgency, risks: tuple[Risk, ...], said: Correction) -> Urgency:
    """A risk that a person names is urgent; one that is struck out no longer is."""
    if not said.risks:
        return machine
    return "high" if risks else "normal"
