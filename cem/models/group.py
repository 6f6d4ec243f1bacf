"""Cases that came at once for one cause: one ladder for all of them, and each answered on its own."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from cem.domain.storms import CauseKind
from cem.domain.vocabulary import Priority
from cem.extensions import db
from cem.models.types import Code, Id, Json, UtcDateTime


class CaseGroup(db.Model):
    """While nobody has acknowledged it, somebody is next on its ladder: the database insists.

    It takes members until it is calm (`calm_at`), and lasts until the last of them is being worked on.
    `look_at` is when that is looked at next; `digest_at` when its owner is told how it stands, and `digested`
    what they were told last.
    """

    __tablename__ = "case_group"

    id: Mapped[UUID] = mapped_column(Id, primary_key=True)
    site_id: Mapped[UUID] = mapped_column(ForeignKey("site.id", ondelete="RESTRICT"))
    cause_kind: Mapped[CauseKind] = mapped_column(Code(CauseKind))
    cause_code: Mapped[str] = mapped_column(String(80))
    reason: Mapped[dict[str, Any]] = mapped_column(Json)
    priority: Mapped[Priority] = mapped_column(Code(Priority))
    started_at: Mapped[datetime] = mapped_column(UtcDateTime)
    joined_at: Mapped[datetime] = mapped_column(UtcDateTime)
    look_at: Mapped[datetime] = mapped_column(UtcDateTime)
    calm_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    step: Mapped[int] = mapped_column(default=-1)
    next_step_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    last_paged_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    acknowledged_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    acknowledged_by: Mapped[str | None] = mapped_column(String(80))
    digest_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    digested: Mapped[dict[str, Any] | None] = mapped_column(Json)

    __table_args__ = (
        CheckConstraint(
            "acknowledged_at IS NOT NULL OR ended_at IS NOT NULL OR next_step_at IS NOT NULL",
            name="waiting_has_a_next_step",
        ),
        Index(
            "ix_case_group_running",
            "site_id",
            "cause_kind",
            "cause_code",
            unique=True,
            sqlite_where=text("calm_at IS NULL"),
            postgresql_where=text("calm_at IS NULL"),
        ),
        Index(
            "ix_case_group_step_due",
            "next_step_at",
            sqlite_where=text("next_step_at IS NOT NULL"),
            postgresql_where=text("next_step_at IS NOT NULL"),
        ),
        Index(
            "ix_case_group_digest_due",
            "digest_at",
            sqlite_where=text("digest_at IS NOT NULL"),
            postgresql_where=text("digest_at IS NOT NULL"),
        ),
        Index(
            "ix_case_group_look_due",
            "look_at",
            sqlite_where=text("ended_at IS NULL"),
            postgresql_where=text("ended_at IS NULL"),
        ),
    )

    @property
    def waits(self) -> bool:
        """Whether it still asks for somebody to take it."""
        return self.ended_at is None and self.acknowledged_at is None


class GroupMember(db.Model):
    """A case is in one group at most, once. `taken_by` is who acknowledged it with the group."""

    __tablename__ = "group_member"

    case_id: Mapped[UUID] = mapped_column(ForeignKey("case.id", ondelete="RESTRICT"), primary_key=True)
    group_id: Mapped[UUID] = mapped_column(ForeignKey("case_group.id", ondelete="RESTRICT"), index=True)
    joined_at: Mapped[datetime] = mapped_column(UtcDateTime)
    left_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    taken_by: Mapped[str | None] = mapped_column(String(80))
