"""How a text was read, as people see it and put it right: one key for each finding that may be wrong."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol
from uuid import UUID

from cem.domain.findings import Findings, Pii, Topic
from cem.http.correctors import Line
from cem.http.labels import LANGUAGES, LEVELS, PRIVATE, SIDES, URGENCIES
from cem.http.topic_words import all_topics, topic_words
from cem.http.words import RISKS
from cem.web.desk.rows import Reader


@dataclass(frozen=True, slots=True)
class Key:
    """One touch: what it says, what it sends, and whether that holds already."""

    word: str
    sends: str
    now: bool = False


@dataclass(frozen=True, slots=True)
class TopicKeys:
    """`whole`: no words of the text were named for it."""

    name: str
    keys: tuple[Key, ...]
    whole: bool


@dataclass(frozen=True, slots=True)
class Private:
    """Words that tell who somebody is, of which kind, and what says that they do not."""

    words: str
    kind: str
    no: str


@dataclass(frozen=True, slots=True)
class ReadingView:
    """`by` and `at` say who corrected it last; empty where nobody did."""

    id: UUID
    shown: tuple[tuple[str, str], ...]
    doubtful: bool
    risks_found: tuple[str, ...]
    levels: tuple[Key, ...]
    topics: tuple[TopicKeys, ...]
    others: tuple[Key, ...]
    risks: tuple[Key, ...]
    urgencies: tuple[Key, ...]
    languages: tuple[Key, ...]
    private: tuple[Private, ...]
    kinds: tuple[Key, ...]
    by: str
    at: datetime | None


class Said(Protocol):
    """A feedback, or a row of it."""

    @property
    def id(self) -> UUID: ...

    @property
    def text(self) -> str | None: ...


def view(
    of: Said, findings: Findings | None, pack: str, lines: Mapping[UUID, Line], reader: Reader
) -> ReadingView | None:
    """None for what nobody has read."""
    if findings is None:
        return None
    said = findings.sentiment
    by, at = lines.get(of.id, ("", None))
    found = {risk.code for risk in findings.risks}
    about = {topic.code for topic in findings.topics}
    names = all_topics(pack)
    return ReadingView(
        id=of.id,
        shown=tuple(topic_words(pack, findings)),
        doubtful=said.abstained,
        risks_found=tuple(str(RISKS[code]) for code in RISKS if code in found),
        levels=tuple(Key(str(word), f"level:{level}", level == said.level) for level, word in LEVELS.items()),
        topics=tuple(_topic(topic, names.get(topic.code, topic.code)) for topic in findings.topics),
        others=tuple(
            Key(name, f"topic:{code}:{said.label}") for code, name in names.items() if code not in about
        ),
        risks=tuple(_risk(code, code in found) for code in RISKS),
        urgencies=_choice("urgency", URGENCIES, findings.urgency),
        languages=_choice("language", LANGUAGES, findings.language),
        private=tuple(_private(pii, of.text or "") for pii in findings.pii),
        kinds=_choice("pii", PRIVATE, ""),
        by=by,
        at=reader.local(at) if at else None,
    )


def _topic(topic: Topic, name: str) -> TopicKeys:
    keys = [
        Key(str(word), f"topic:{topic.code}:{side}", side == topic.sentiment) for side, word in SIDES.items()
    ]
    return TopicKeys(name, tuple(keys), not topic.spans)


def _choice(what: str, words: Mapping[str, Any], now: str) -> tuple[Key, ...]:
    return tuple(Key(str(word), f"{what}:{code}", code == now) for code, word in words.items())


def _private(pii: Pii, text: str) -> Private:
    start, end = pii.span
    return Private(text[start:end], str(PRIVATE.get(pii.kind, pii.kind)), f"pii:{start}:{end}:none")


def _risk(code: str, there: bool) -> Key:
    return Key(str(RISKS[code]), f"risk:{code}:{'no' if there else 'yes'}", there)
