"""Texts that are almost the same and have something in common."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from cem.extensions import db
from cem.models.types import Id, UtcDateTime


class AlikeRow(db.Model):
    """One text among those that are almost the same; `group_id` is the first of them.

    `parted_at`: a person said that different people wrote them; it is not said of them again.
    """

    __tablename__ = "alike"

    feedback_id: Mapped[UUID] = mapped_column(
        ForeignKey("feedback.id", ondelete="RESTRICT"), primary_key=True
    )
    group_id: Mapped[UUID] = mapped_column(Id)
    common: Mapped[str] = mapped_column(String(20))
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    parted_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    parted_by: Mapped[str | None] = mapped_column(String(80))

    __table_args__ = (Index(None, "group_id"),)
