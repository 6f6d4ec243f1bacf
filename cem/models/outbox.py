"""What happened and must have effects, written in the same commit as what happened."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from cem.extensions import db
from cem.models.types import Id, Json, UtcDateTime


class OutboxRow(db.Model):
    """An event: `kind, version, ids, at`. The relay expands it into the tasks that it causes."""

    __tablename__ = "outbox"

    id: Mapped[UUID] = mapped_column(Id, primary_key=True)
    kind: Mapped[str] = mapped_column(String(40))
    version: Mapped[int] = mapped_column(default=1)
    ids: Mapped[dict[str, Any]] = mapped_column(Json)
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    expanded_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    __table_args__ = (
        Index(
            "ix_outbox_unexpanded",
            "id",
            sqlite_where=text("expanded_at IS NULL"),
            postgresql_where=text("expanded_at IS NULL"),
        ),
    )


class Task(db.Model):
    """One effect of one event. A claim is a lease: it moves `available_at` on; only `done_at` ends it.

    `attempts` counts claims, also those that the queue server lost; `tries` what began and came to nothing.
    """

    __tablename__ = "task"

    id: Mapped[UUID] = mapped_column(Id, primary_key=True)
    outbox_id: Mapped[UUID] = mapped_column(ForeignKey("outbox.id", ondelete="RESTRICT"))
    job: Mapped[str] = mapped_column(String(40))
    queue: Mapped[str] = mapped_column(String(20))
    ids: Mapped[dict[str, Any]] = mapped_column(Json)
    available_at: Mapped[datetime] = mapped_column(UtcDateTime)
    claimed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    attempts: Mapped[int] = mapped_column(default=0)
    tries: Mapped[int] = mapped_column(default=0)
    done_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    set_aside_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    error: Mapped[str | None] = mapped_column(String(200))

    __table_args__ = (
        UniqueConstraint("outbox_id", "job"),
        Index(
            "ix_task_due",
            "available_at",
            sqlite_where=text("done_at IS NULL AND set_aside_at IS NULL"),
            postgresql_where=text("done_at IS NULL AND set_aside_at IS NULL"),
        ),
        Index(
            "ix_task_due_in_queue",
            "queue",
            "available_at",
            sqlite_where=text("done_at IS NULL AND set_aside_at IS NULL"),
            postgresql_where=text("done_at IS NULL AND set_aside_at IS NULL"),
        ),
    )


class Counter(db.Model):
    """Gap-free numbers, such as those of cases."""

    __tablename__ = "counter"

    name: Mapped[str] = mapped_column(String(20), primary_key=True)
    value: Mapped[int]
