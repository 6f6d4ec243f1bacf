"""What leaves for a language model of somebody else's: who allowed it, and every call, word for word."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from cem.extensions import db
from cem.models.types import Id, Json, UtcDateTime

_KEPT: Final = text("request <> ''")


class AssistantSwitch(db.Model):
    """An administrator switched it on for this host and model, or off. The newest row holds."""

    __tablename__ = "assistant_switch"

    id: Mapped[UUID] = mapped_column(Id, primary_key=True)
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    by: Mapped[str] = mapped_column(String(80))
    enabled: Mapped[bool]
    host: Mapped[str] = mapped_column(String(255))
    model: Mapped[str] = mapped_column(String(100))


class AssistantCall(db.Model):
    """One question to it: `request` is what left, to the letter, and `answer` what came back.

    Written before anything leaves and ended once; a row without an end was cut short. `outcome` is
    `used`, or why the answer was not; `details` holds what was wrong with it, by kind and number. Both
    texts are erased with what the customer said, and when they have been kept long enough.
    """

    __tablename__ = "assistant_call"

    id: Mapped[UUID] = mapped_column(Id, primary_key=True)
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    by: Mapped[str] = mapped_column(String(80))
    feedback_id: Mapped[UUID] = mapped_column(ForeignKey("feedback.id", ondelete="RESTRICT"), index=True)
    case_id: Mapped[UUID | None] = mapped_column(ForeignKey("case.id", ondelete="RESTRICT"), index=True)
    host: Mapped[str] = mapped_column(String(255))
    model: Mapped[str] = mapped_column(String(100))
    request: Mapped[str] = mapped_column(Text)
    sent: Mapped[int]
    answer: Mapped[str | None] = mapped_column(Text)
    received: Mapped[int | None]
    outcome: Mapped[str | None] = mapped_column(String(40))
    details: Mapped[dict[str, Any] | None] = mapped_column(Json)
    milliseconds: Mapped[int | None]
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    __table_args__ = (
        Index(None, "by", "at"),
        Index("ix_assistant_call_kept", "at", sqlite_where=_KEPT, postgresql_where=_KEPT),
    )
