"""How a text was read, as people see it and put it right: one key for each finding that may be wrong."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from flask_babel import lazy_gettext
from sqlalchemy import select

from cem.domain import corrections
from cem.domain.findings import Findings
from cem.extensions import db
from cem.http.topic_words import all_topics, topic_words
from cem.http.words import RISKS, person
from cem.models import CorrectionRow
from cem.web.desk.rows import Reader

_l = lazy_gettext

LEVELS: Final[dict[int, Any]] = {
    -2: _l("Very negative"),
    -1: _l("Negative"),
    0: _l("Neutral"),
    1: _l("Positive"),
    2: _l("Very positive"),
}
SIDES: Final[dict[str, Any]] = {
    "negative": _l("Complaint"),
    "neutral": _l("Only mentioned"),
    "positive": _l("Praise"),
    "none": _l("Not about this"),
}


@dataclass(frozen=True, slots=True)
class Key:
    """One touch: what it says, what it sends, and whether that holds already."""

    word: str
    sends: str
    now: bool = False


@dataclass(frozen=True, slots=True)
class TopicKeys:
    name: str
    keys: tuple[Key, ...]


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
    by: str
    at: datetime | None


Line = tuple[str, datetime]


def last_lines(feedback: Collection[UUID]) -> dict[UUID, Line]:
    """Who corrected these texts last, and when, of the corrections that hold."""
    c = CorrectionRow
    rows = db.session.scalars(select(c).where(c.feedback_id.in_(feedback)).order_by(c.version)).all()
    found: dict[UUID, Line] = {}
    for id in {row.feedback_id for row in rows}:
        lines = {row.id: row for row in rows if row.feedback_id == id}
        if holding := corrections.standing([row.logged for row in lines.values()]):
            last = lines[holding[-1].id]
            found[id] = person(last.by), last.at
    return found


def view(
    id: UUID, findings: Findings | None, pack: str, lines: Mapping[UUID, Line], reader: Reader
) -> ReadingView | None:
    """None for what nobody has read."""
    if findings is None:
        return None
    said = findings.sentiment
    by, at = lines.get(id, ("", None))
    found = {risk.code for risk in findings.risks}
    about = {topic.code: str(topic.sentiment) for topic in findings.topics}
    names = all_topics(pack)
    return ReadingView(
        id=id,
        shown=tuple(topic_words(pack, findings)),
        doubtful=said.abstained,
        risks_found=tuple(str(RISKS[code]) for code in RISKS if code in found),
        levels=tuple(Key(str(word), f"level:{level}", level == said.level) for level, word in LEVELS.items()),
        topics=tuple(_topic(code, names.get(code, code), side) for code, side in about.items()),
        others=tuple(
            Key(name, f"topic:{code}:{said.label}") for code, name in names.items() if code not in about
        ),
        risks=tuple(_risk(code, code in found) for code in RISKS),
        by=by,
        at=reader.local(at) if at else None,
    )


def _topic(code: str, name: str, side: str) -> TopicKeys:
    keys = [Key(str(word), f"topic:{code}:{label}", label == side) for label, word in SIDES.items()]
    return TopicKeys(name, tuple(keys))


def _risk(code: str, there: bool) -> Key:
    return Key(str(RISKS[code]), f"risk:{code}:{'no' if there else 'yes'}", there)
