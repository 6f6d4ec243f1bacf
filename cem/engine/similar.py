"""Solved cases whose customers said much the same: somebody has put this right before, and here is how."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from psycopg.pq import Format
from sqlalchemy import Select, event, select

from cem.domain.likeness import Likeness, worth_showing
from cem.domain.reasons import Reason
from cem.domain.vocabulary import ResolutionCode
from cem.engine import understanding
from cem.extensions import db
from cem.models import (
    Case,
    CaseEvent,
    Feedback,
    LedgerEntry,
    Meaning,
    Note,
    Reply,
    Site,
    Touchpoint,
)

AT_ONCE: Final = 500
"""Vectors that are compared together: so many fit a processor's cache, and ten times as many cost twice."""
BINARY: Final = Format.BINARY


@dataclass(frozen=True, slots=True)
class Solved:
    """`customer` is `solved` where they said so, `not_at_first` where they once said that it was not,
    `no_answer` where they have said nothing to it. In every text what tells who somebody is is hidden."""

    id: UUID
    number: int
    likeness: Likeness
    site: dict[str, Any]
    touchpoint: dict[str, Any] | None
    site_code: str
    received_at: datetime
    resolved_at: datetime
    text: str
    language: str | None
    code: ResolutionCode
    summary: str
    reply: str | None
    customer: str


@dataclass(frozen=True, slots=True)
class Found:
    """`why` says why there are none."""

    items: tuple[Solved, ...]
    why: Reason | None = None


def solved_like(case_id: UUID, path: str) -> Found:
    """The five most alike below a path of the tree, the most alike first."""
    said = _said(case_id)
    if not said:
        return Found((), Reason("similar_no_words"))
    asked = _asked(said)
    if asked is None:
        return Found((), Reason("similar_words_only" if _reads_words_alone() else "similar_not_read"))
    ranked = _ranked(asked, said[asked.feedback_id], _solved(list(said), asked.space, path))
    shown, why = worth_showing(ranked)
    return Found(_told(shown), why)


def reply_of(number: int, path: str) -> str | None:
    """What the customer of a solved case below this path was answered, without what tells who that is."""
    from nlp.pii import masked

    there = Site.path.startswith(path, autoescape=True)
    statement = (
        select(Reply.text)
        .join(Case, Case.id == Reply.case_id)
        .join(Site, Site.id == Case.site_id)
        .where(Case.number == number, Case.resolution.is_not(None), there)
        .order_by(Reply.at.desc(), Reply.id.desc())
        .limit(1)
    )
    text = db.session.scalar(statement)
    return masked(text) if text else None


def _said(case_id: UUID) -> dict[UUID, str]:
    """The words behind the case, those that opened it first."""
    of_case = select(Case.feedback_id).where(Case.id == case_id).scalar_subquery()
    statement = (
        select(Feedback.id, Feedback.text)
        .outerjoin(LedgerEntry, LedgerEntry.feedback_id == Feedback.id)
        .where((LedgerEntry.case_id == case_id) | (Feedback.id == of_case))
        .where(Feedback.text.is_not(None), Feedback.text != "")
        .order_by(Feedback.id != of_case, Feedback.received_at)
    )
    return {row[0]: row[1] or "" for row in db.session.execute(statement)}


def _asked(said: dict[UUID, str]) -> Meaning | None:
    """What the first of these texts that has a vector means, as it was read last."""
    rows = db.session.scalars(
        select(Meaning).where(Meaning.feedback_id.in_(said)).order_by(Meaning.at.desc())
    )
    found: dict[UUID, Meaning] = {}
    for row in rows:
        found.setdefault(row.feedback_id, row)
    return next((found[id] for id in said if id in found), None)


def _reads_words_alone() -> bool:
    """Whether the model that reads has no vectors, and none is on its way."""
    last = understanding.in_use()
    return last is not None and last.model.startswith("fast@") and last.code != "not_made"


def _solved(feedback: Sequence[UUID], space: str, path: str) -> Select[int, bytes]:
    """Number and vector of every solved case there. A case on the same words is the same case."""
    there = select(Site.id).where(Site.path.startswith(path, autoescape=True))
    return (
        select(Case.number, Meaning.vector)
        .join(Meaning, Meaning.feedback_id == Case.feedback_id)
        .where(
            Case.resolution.is_not(None),
            Case.feedback_id.not_in(feedback),
            Case.site_id.in_(db.session.scalars(there).all()),
            Meaning.space == space,
        )
    )


def _ranked(asked: Meaning, text: str, candidates: Select[int, bytes]) -> list[tuple[int, float]]:
    """Numbers and scores: exact over all of them by vectors, then by words too over the nearest."""
    from nlp import similar

    nearest = similar.Nearest(similar.unpack([asked.vector])[0])
    for numbers, vectors in _parts(candidates):
        nearest.look(similar.unpack(vectors), numbers)
    found = nearest.found()
    told = _texts([near.key for near in found])
    said = [similar.pieces(told.get(near.key, "")) for near in found]
    return [(near.key, near.score) for near in similar.in_order(similar.pieces(text), found, said)]


def _parts(candidates: Select[int, bytes]) -> Iterator[tuple[Sequence[int], Sequence[bytes]]]:
    """As bytes, and never all of them at once."""
    connection = db.session.connection()
    event.listen(connection, "before_cursor_execute", _as_bytes)
    try:
        result = connection.execute(candidates, execution_options={"yield_per": AT_ONCE})
    finally:
        event.remove(connection, "before_cursor_execute", _as_bytes)
    while rows := result.fetchmany(AT_ONCE):
        numbers, vectors = zip(*rows, strict=True)
        yield numbers, vectors
    result.close()


def _as_bytes(_connection: Any, cursor: Any, *_: Any) -> None:
    """PostgreSQL would spell bytes out as text."""
    if hasattr(cursor, "format"):
        cursor.format = BINARY


def _texts(numbers: Sequence[int]) -> dict[int, str]:
    statement = select(Case.number, Feedback.text).join(Feedback, Feedback.id == Case.feedback_id)
    rows = db.session.execute(statement.where(Case.number.in_(numbers)))
    return {row[0]: row[1] or "" for row in rows}


def _told(shown: Sequence[tuple[int, Likeness]]) -> tuple[Solved, ...]:
    from nlp.pii import masked

    statement = (
        select(Case, Feedback, Site, Touchpoint.name)
        .join(Feedback, Feedback.id == Case.feedback_id)
        .join(Site, Site.id == Case.site_id)
        .outerjoin(Touchpoint, Touchpoint.id == Case.touchpoint_id)
        .where(Case.number.in_([number for number, _ in shown]))
    )
    rows = {row[0].number: row for row in db.session.execute(statement)}
    ids = [row[0].id for row in rows.values()]
    summaries, replies, answers = _summaries(ids), _replies(ids), _answers(ids)
    found = []
    for number, word in shown:
        case, feedback, site, touchpoint = rows[number]
        assert case.resolution and case.resolved_at, "it was asked for"
        found.append(
            Solved(
                id=case.id,
                number=number,
                likeness=word,
                site=site.name,
                touchpoint=touchpoint,
                site_code=site.code,
                received_at=case.received_at,
                resolved_at=case.resolved_at,
                text=masked(feedback.text or ""),
                language=feedback.language,
                code=case.resolution,
                summary=masked(summaries.get(case.id, "")),
                reply=masked(replies[case.id]) if case.id in replies else None,
                customer=answers.get(case.id, "no_answer"),
            )
        )
    return tuple(found)


def _summaries(ids: Sequence[UUID]) -> dict[UUID, str]:
    """What was written when each was solved last."""
    statement = (
        select(Note.case_id, Note.text)
        .where(Note.case_id.in_(ids), Note.kind == "resolution")
        .order_by(Note.at, Note.id)
    )
    return {row[0]: row[1] for row in db.session.execute(statement)}


def _replies(ids: Sequence[UUID]) -> dict[UUID, str]:
    """The last one of each."""
    statement = select(Reply.case_id, Reply.text).where(Reply.case_id.in_(ids)).order_by(Reply.at, Reply.id)
    return {id: text for id, text in db.session.execute(statement) if id is not None}


def _answers(ids: Sequence[UUID]) -> dict[UUID, str]:
    """What the customer said to it last, where they said anything."""
    words = {"confirmed": "solved", "not_solved": "not_at_first"}
    statement = (
        select(CaseEvent.case_id, CaseEvent.kind)
        .where(CaseEvent.case_id.in_(ids), CaseEvent.kind.in_(words))
        .order_by(CaseEvent.at, CaseEvent.id)
    )
    return {id: words[kind] for id, kind in db.session.execute(statement)}
