"""By which ways messages reach people and groups, and what became of each try."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from cem.domain.vocabulary import TransportName
from cem.extensions import db
from cem.models.sealed import Sealed
from cem.models.types import Code, Id, Json, UtcDateTime

_ONE_OF_EACH = "ended_at IS NULL AND transport <> 'webpush'"


class Robot(db.Model):
    """A messenger's robot, or a webhook: it speaks for one place and all below it that have none nearer.

    Its address is a secret too: whoever knows it may write to the group. A webhook is told the `events` of
    its place and of everything below; until `old_secret_until` they are signed with both secrets.
    """

    __tablename__ = "robot"

    id: Mapped[UUID] = mapped_column(Id, primary_key=True)
    name: Mapped[str] = mapped_column(String(200), unique=True)
    transport: Mapped[TransportName] = mapped_column(Code(TransportName))
    site_id: Mapped[UUID] = mapped_column(ForeignKey("site.id", ondelete="RESTRICT"), index=True)
    url: Mapped[str] = mapped_column(Sealed)
    secret: Mapped[str | None] = mapped_column(Sealed)
    old_secret: Mapped[str | None] = mapped_column(Sealed)
    old_secret_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    events: Mapped[list[str] | None] = mapped_column(Json)
    locale: Mapped[str] = mapped_column(String(20), default="zh-Hans")
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class Address(db.Model):
    """Where one person gets e-mails or text messages. Used from when its owner has proved it to be theirs.

    A person has one of each, but as many browsers as they like: `label` tells those apart, and `value` is
    what the browser gave us, as JSON.
    """

    __tablename__ = "address"

    id: Mapped[UUID] = mapped_column(Id, primary_key=True)
    user_id: Mapped[UUID] = mapped_column(ForeignKey("user.id", ondelete="RESTRICT"))
    transport: Mapped[TransportName] = mapped_column(Code(TransportName))
    value: Mapped[str] = mapped_column(Sealed)
    label: Mapped[str | None] = mapped_column(String(100))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    verified_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    __table_args__ = (
        Index(
            "ix_address_current",
            "user_id",
            "transport",
            unique=True,
            sqlite_where=text(_ONE_OF_EACH),
            postgresql_where=text(_ONE_OF_EACH),
        ),
    )


class Attempt(db.Model):
    """One try to send one delivery by somebody else's server. Without `over_at` it is under way, or its
    process was killed."""

    __tablename__ = "attempt"

    id: Mapped[UUID] = mapped_column(Id, primary_key=True)
    delivery_id: Mapped[UUID] = mapped_column(ForeignKey("delivery.id", ondelete="RESTRICT"), index=True)
    robot_id: Mapped[UUID | None] = mapped_column(ForeignKey("robot.id", ondelete="RESTRICT"))
    began_at: Mapped[datetime] = mapped_column(UtcDateTime)
    over_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    error: Mapped[str | None] = mapped_column(String(200))

    __table_args__ = (Index(None, "robot_id", "began_at"),)


class Proof(db.Model):
    """A code that was sent to an address, so that its owner can prove it. The code itself is kept nowhere:
    the hub's key and the id give it. `tries` counts wrong ones."""

    __tablename__ = "proof"

    id: Mapped[UUID] = mapped_column(Id, primary_key=True)
    address_id: Mapped[UUID] = mapped_column(ForeignKey("address.id", ondelete="RESTRICT"), index=True)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime)
    tries: Mapped[int] = mapped_column(default=0)
    used_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
