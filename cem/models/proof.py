"""What the reconciler found when it ran last: one row."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from cem.extensions import db
from cem.models.types import Json, UtcDateTime


class Reconciliation(db.Model):
    """`found` are reasons, a hundred at most; `wrong_since` is when it was first found wrong."""

    __tablename__ = "reconciliation"

    name: Mapped[str] = mapped_column(String(20), primary_key=True)
    ran_at: Mapped[datetime] = mapped_column(UtcDateTime)
    faults: Mapped[int]
    found: Mapped[list[dict[str, Any]]] = mapped_column(Json)
    wrong_since: Mapped[datetime | None] = mapped_column(UtcDateTime)
