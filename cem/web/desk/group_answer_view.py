"""Who gets a text that is for many of a group, who does not and why; and what was refused."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import select

from cem.domain.actors import Actor
from cem.domain.reasons import Reason
from cem.domain.vocabulary import Via
from cem.engine import group_answers
from cem.extensions import db
from cem.http.words import sentence
from cem.models import Case
from cem.web.desk import group_view, queries
from cem.web.desk.rows import Reader, RowView, case_row

SHOWN = 500


@dataclass(frozen=True, slots=True)
class Head:
    id: UUID
    where: str


@dataclass(frozen=True, slots=True)
class Recipient:
    case: str
    number: int
    row: RowView


@dataclass(frozen=True, slots=True)
class Recipients:
    """`cannot` are those who do not get it, by the sentence that says why."""

    gets: tuple[Recipient, ...]
    cannot: tuple[tuple[str, tuple[Recipient, ...]], ...]

    @property
    def left_out(self) -> int:
        return sum(len(who) for _, who in self.cannot)


def head(row: Any, reader: Reader) -> Head:
    return Head(row.id, group_view.where(row, reader))


def recipients(
    group_id: UUID, via: Via, by: Actor, reader: Reader, only: Collection[UUID] | None
) -> Recipients:
    """Of those who are owed an answer, or of `only` them."""
    owed = group_answers.owed(db.session, group_id, via, by, only)[:SHOWN]
    ids = {each.case_id for each in owed}
    rows = {row.id: case_row(row, reader) for row in queries.cases_where(reader.id, Case.id.in_(ids), SHOWN)}
    gets: list[Recipient] = []
    cannot: dict[str, list[Recipient]] = {}
    for each in owed:
        if (row := rows.pop(each.case_id, None)) is None:
            continue  # another feedback of a case that is in the list
        group = gets if each.why_not is None else cannot.setdefault(sentence(each.why_not), [])
        group.append(Recipient(str(each.case_id), each.number, row))
    return Recipients(tuple(gets), tuple((why, tuple(who)) for why, who in cannot.items()))


def refusals(refused: Mapping[UUID, Reason]) -> list[tuple[int, str]]:
    """The number of each case that said no, and why."""
    numbers = select(Case.id, Case.number).where(Case.id.in_(refused)).order_by(Case.number)
    return [(row.number, sentence(refused[row.id])) for row in db.session.execute(numbers)]
