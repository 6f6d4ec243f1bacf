"""The account in which every feedback is owed, answered or excused."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ColumnElement, ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from cem.domain.vocabulary import AnswerHow, ExcuseReason, LedgerState, Via
from cem.extensions import db
from cem.models.types import Code, Id, Json, UtcDateTime

_OWED = "state = 'owed' AND owner_id IS NOT NULL AND due_at IS NOT NULL AND next_step_at IS NOT NULL"
_ANSWERED = "state = 'answered' AND how IN ('thanked', 'personal', 'public')"
_EXCUSED = "state = 'excused' AND reason IN ('duplicate', 'test', 'abuse', 'staff', 'unreachable')"


def _where(condition: str) -> dict[str, Any]:
    """A partial index on both databases."""
    return {"sqlite_where": text(condition), "postgresql_where": text(condition)}


class LedgerEntry(db.Model):
    """Exactly one per feedback, in exactly one state, with what that state asks for: the database insists.

    `paused_at` is since when the promise that it is due with is paused by a person: it is not overdue then.
    """

    __tablename__ = "ledger_entry"

    feedback_id: Mapped[UUID] = mapped_column(
        Id, ForeignKey("feedback.id", ondelete="RESTRICT"), primary_key=True
    )
    state: Mapped[LedgerState] = mapped_column(Code(LedgerState))
    owner_id: Mapped[UUID | None] = mapped_column(ForeignKey("user.id", ondelete="RESTRICT"))
    due_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    next_step_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    paused_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    how: Mapped[AnswerHow | None] = mapped_column(Code(AnswerHow))
    reason: Mapped[ExcuseReason | None] = mapped_column(Code(ExcuseReason))
    evidence: Mapped[dict[str, Any] | None] = mapped_column(Json)
    case_id: Mapped[UUID | None] = mapped_column(ForeignKey("case.id", ondelete="RESTRICT"))
    changed_at: Mapped[datetime] = mapped_column(UtcDateTime)

    __table_args__ = (
        CheckConstraint(
            f"({_OWED} AND how IS NULL AND reason IS NULL AND evidence IS NULL)"
            f" OR ({_ANSWERED} AND reason IS NULL AND evidence IS NOT NULL)"
            f" OR ({_EXCUSED} AND how IS NULL AND evidence IS NOT NULL)",
            name="one_whole_state",
        ),
        Index("ix_ledger_entry_owed_due", "due_at", **_where("state = 'owed'")),
        Index("ix_ledger_entry_owed_owner", "owner_id", **_where("state = 'owed'")),
        Index("ix_ledger_entry_step_due", "next_step_at", **_where("state = 'owed' AND case_id IS NULL")),
        Index(None, "case_id"),
    )


def overdue_at(now: datetime) -> ColumnElement[bool]:
    """Whether an owed entry is overdue: its due time has come, and nobody paused the promise behind it."""
    return (LedgerEntry.due_at <= now) & LedgerEntry.paused_at.is_(None)


class LedgerMove(db.Model):
    """Every change of an entry, with its evidence. Append-only."""

    __tablename__ = "ledger_move"

    id: Mapped[UUID] = mapped_column(Id, primary_key=True)
    feedback_id: Mapped[UUID] = mapped_column(ForeignKey("feedback.id", ondelete="RESTRICT"), index=True)
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    by: Mapped[str] = mapped_column(String(80))
    from_state: Mapped[LedgerState | None] = mapped_column(Code(LedgerState))
    to_state: Mapped[LedgerState] = mapped_column(Code(LedgerState))
    how: Mapped[AnswerHow | None] = mapped_column(Code(AnswerHow))
    reason: Mapped[ExcuseReason | None] = mapped_column(Code(ExcuseReason))
    evidence: Mapped[dict[str, Any] | None] = mapped_column(Json)
    owner_id: Mapped[UUID | None] = mapped_column(ForeignKey("user.id", ondelete="RESTRICT"))
    due_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class Reply(db.Model):
    """What the business wrote back to one feedback: the evidence of an answer."""

    __tablename__ = "reply"

    id: Mapped[UUID] = mapped_column(Id, primary_key=True)
    feedback_id: Mapped[UUID] = mapped_column(ForeignKey("feedback.id", ondelete="RESTRICT"), index=True)
    case_id: Mapped[UUID | None] = mapped_column(ForeignKey("case.id", ondelete="RESTRICT"))
    via: Mapped[Via] = mapped_column(Code(Via))
    text: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    by: Mapped[str] = mapped_column(String(80))
