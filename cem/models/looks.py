"""What is looked at once a day over many texts: how the weeks compare, and what is new in them."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from cem.extensions import db
from cem.models.types import Json, UtcDateTime


class DailyLook(db.Model):
    """When the last look was asked for; one row."""

    __tablename__ = "daily_look"

    name: Mapped[str] = mapped_column(String(20), primary_key=True)
    day: Mapped[date]
    asked_at: Mapped[datetime] = mapped_column(UtcDateTime)


class ReadingWeek(db.Model):
    """What one model made of the texts of one week: `counts` of each measure's bins, no words.

    `week` is its Monday. `told_at`: when the administrators were told that it differs from those before.
    """

    __tablename__ = "reading_week"

    week: Mapped[date] = mapped_column(primary_key=True)
    model: Mapped[str] = mapped_column(String(100), primary_key=True)
    texts: Mapped[int]
    counts: Mapped[dict[str, Any]] = mapped_column(Json)
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    told_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
