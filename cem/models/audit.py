"""Who did what, kept so that nobody can change it unseen."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Index, LargeBinary, String, text
from sqlalchemy.orm import Mapped, mapped_column

from cem.extensions import db
from cem.models.types import Id, Json, UtcDateTime


class AuditRow(db.Model):
    """Written without a hash in the transaction that it tells of; one sealer numbers and chains it later.

    `details` holds ids and codes, never words or contacts, so that an erasure leaves the chain whole.
    """

    __tablename__ = "audit"

    id: Mapped[UUID] = mapped_column(Id, primary_key=True)
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    actor: Mapped[str] = mapped_column(String(80))
    action: Mapped[str] = mapped_column(String(60))
    subject: Mapped[str | None] = mapped_column(String(80))
    details: Mapped[dict[str, Any] | None] = mapped_column(Json)
    number: Mapped[int | None] = mapped_column(unique=True)
    hash: Mapped[bytes | None] = mapped_column(LargeBinary(32))

    __table_args__ = (
        Index(
            "ix_audit_unsealed",
            "id",
            sqlite_where=text("number IS NULL"),
            postgresql_where=text("number IS NULL"),
        ),
    )
