"""Who asks whom to take a shift."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from cem.domain.vocabulary import SwapState
from cem.extensions import db
from cem.models.types import Code, Id, UtcDateTime


class Swap(db.Model):
    """Somebody asks to be relieved for a time, by one colleague or by whoever can (`asked_id` is None).

    Until somebody says yes, who asked keeps the duty.
    """

    __tablename__ = "swap"

    id: Mapped[UUID] = mapped_column(Id, primary_key=True)
    site_id: Mapped[UUID] = mapped_column(ForeignKey("site.id", ondelete="RESTRICT"))
    user_id: Mapped[UUID] = mapped_column(ForeignKey("user.id", ondelete="RESTRICT"))
    asked_id: Mapped[UUID | None] = mapped_column(ForeignKey("user.id", ondelete="RESTRICT"))
    start_at: Mapped[datetime] = mapped_column(UtcDateTime)
    end_at: Mapped[datetime] = mapped_column(UtcDateTime)
    state: Mapped[SwapState] = mapped_column(Code(SwapState))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    decided_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    decided_by: Mapped[UUID | None] = mapped_column(ForeignKey("user.id", ondelete="RESTRICT"))
    next_step_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    __table_args__ = (
        CheckConstraint("end_at > start_at", name="ends_after_it_starts"),
        Index(
            "ix_swap_open",
            "site_id",
            "end_at",
            sqlite_where=text("state = 'asked'"),
            postgresql_where=text("state = 'asked'"),
        ),
        Index(
            "ix_swap_due",
            "next_step_at",
            sqlite_where=text("next_step_at IS NOT NULL"),
            postgresql_where=text("next_step_at IS NOT NULL"),
        ),
    )
