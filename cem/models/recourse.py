"""What a customer who disagrees may do further, as the house says it."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from cem.extensions import db
from cem.models.types import Id, Json, UtcDateTime


class Recourse(db.Model):
    """An administrator wrote it, by language; one that is left out has none. The newest row holds."""

    __tablename__ = "recourse"

    id: Mapped[UUID] = mapped_column(Id, primary_key=True)
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    by: Mapped[str] = mapped_column(String(80))
    text: Mapped[dict[str, str]] = mapped_column(Json)
