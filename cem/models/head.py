"""Heads that were fitted on corrections, each with what the gate said of it."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from cem.domain.vocabulary import HeadState
from cem.extensions import db
from cem.models.types import Code, Id, Json, UtcDateTime

_ASKED = text("state = 'asked'")


class HeadRow(db.Model):
    """One fit, from when it was asked for. The head itself is a file among the models, by its `version`.

    `before` is the version that read until then. `report`: how many it learned from and was measured on, both
    measurements, and the gate's refusals.
    """

    __tablename__ = "head"

    id: Mapped[UUID] = mapped_column(Id, primary_key=True)
    asked_at: Mapped[datetime] = mapped_column(UtcDateTime)
    state: Mapped[HeadState] = mapped_column(Code(HeadState))
    version: Mapped[int | None]
    before: Mapped[int | None]
    report: Mapped[dict[str, Any] | None] = mapped_column(Json)
    decided_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    rolled_back_by: Mapped[str | None] = mapped_column(String(80))

    __table_args__ = (
        Index("ix_head_asked", "state", unique=True, sqlite_where=_ASKED, postgresql_where=_ASKED),
        Index(None, "asked_at"),
    )
