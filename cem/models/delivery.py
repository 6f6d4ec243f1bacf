"""One message to one person, or to one robot's group, by one transport."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy import text as sql
from sqlalchemy.orm import Mapped, mapped_column

from cem.domain.vocabulary import DeliveryKind, DeliveryState, HeldFor, TransportName
from cem.extensions import db
from cem.models.types import Code, Id, Json, UtcDateTime


class Delivery(db.Model):
    """`dedupe_key` makes planning it twice harmless; `text` is what was sent, kept when it was.

    `held_until` is when a held one may leave, or be tried again after `tries` that failed. `sent_at` is when
    the other side took it, `received_at` when it reached the device, `seen_at` when somebody looked.
    """

    __tablename__ = "delivery"

    id: Mapped[UUID] = mapped_column(Id, primary_key=True)
    dedupe_key: Mapped[str] = mapped_column(String(200), unique=True)
    kind: Mapped[DeliveryKind] = mapped_column(Code(DeliveryKind))
    transport: Mapped[TransportName] = mapped_column(Code(TransportName))
    user_id: Mapped[UUID | None] = mapped_column(ForeignKey("user.id", ondelete="RESTRICT"))
    robot_id: Mapped[UUID | None] = mapped_column(ForeignKey("robot.id", ondelete="RESTRICT"))
    address_id: Mapped[UUID | None] = mapped_column(ForeignKey("address.id", ondelete="RESTRICT"))
    to: Mapped[str] = mapped_column(String(200))
    case_id: Mapped[UUID | None] = mapped_column(ForeignKey("case.id", ondelete="RESTRICT"), index=True)
    case_ids: Mapped[list[str] | None] = mapped_column(Json)
    group_id: Mapped[UUID | None] = mapped_column(ForeignKey("case_group.id", ondelete="RESTRICT"))
    feedback_id: Mapped[UUID | None] = mapped_column(ForeignKey("feedback.id", ondelete="RESTRICT"))
    message: Mapped[dict[str, Any]] = mapped_column(Json)
    text: Mapped[str | None] = mapped_column(Text)
    state: Mapped[DeliveryState] = mapped_column(Code(DeliveryState))
    step: Mapped[int | None]
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    sent_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    received_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    seen_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    external_id: Mapped[str | None] = mapped_column(String(200))
    error: Mapped[str | None] = mapped_column(String(200))
    tries: Mapped[int] = mapped_column(default=0)
    held_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    held_for: Mapped[HeldFor | None] = mapped_column(Code(HeldFor))

    __table_args__ = (
        Index(None, "user_id", "created_at"),
        Index(None, "created_at"),
        Index(
            "ix_delivery_group",
            "group_id",
            sqlite_where=sql("group_id IS NOT NULL"),
            postgresql_where=sql("group_id IS NOT NULL"),
        ),
        Index(
            "ix_delivery_held",
            "robot_id",
            "held_until",
            sqlite_where=sql("state = 'held'"),
            postgresql_where=sql("state = 'held'"),
        ),
        Index(
            "ix_delivery_failed",
            "created_at",
            sqlite_where=sql("state = 'failed'"),
            postgresql_where=sql("state = 'failed'"),
        ),
    )
