"""Groups in figures: one question for the API and the desk, whatever their number."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import Integer, cast, func, select

from cem.domain.vocabulary import CaseState, LedgerState
from cem.extensions import db
from cem.models import Case, GroupMember, LedgerEntry


@dataclass(frozen=True, slots=True)
class Facts:
    """`open` cases of `count` wait for somebody; `owed` feedback waits for an answer; `due_at` is the first
    that falls due."""

    count: int = 0
    open: int = 0
    owed: int = 0
    due_at: datetime | None = None


def facts_of(group_ids: Sequence[UUID]) -> dict[UUID, Facts]:
    """Of what is in each of these groups now."""
    if not group_ids:
        return {}
    owed = (
        select(GroupMember.group_id, func.count().label("owed"))
        .join(LedgerEntry, LedgerEntry.case_id == GroupMember.case_id)
        .where(
            GroupMember.group_id.in_(group_ids),
            GroupMember.left_at.is_(None),
            LedgerEntry.state == LedgerState.OWED,
        )
        .group_by(GroupMember.group_id)
    )
    cases = (
        select(
            GroupMember.group_id,
            func.count().label("count"),
            func.sum(cast(Case.state == CaseState.OPEN, Integer)).label("open"),
            func.min(Case.due_at).label("due_at"),
        )
        .join(Case, Case.id == GroupMember.case_id)
        .where(GroupMember.group_id.in_(group_ids), GroupMember.left_at.is_(None))
        .group_by(GroupMember.group_id)
    )
    owed_of = {row.group_id: row.owed for row in db.session.execute(owed)}
    found = {
        row.group_id: Facts(row.count, int(row.open or 0), owed_of.get(row.group_id, 0), row.due_at)
        for row in db.session.execute(cases)
    }
    return {id: found.get(id, Facts()) for id in group_ids}
