"""What is looked at once a day over many texts: how the weeks compare, and what is new in them."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from cem.extensions import db
from cem.models.types import Id, Json, UtcDateTime


class DailyLook(db.Model):
    """When the last look was asked for; one row."""

    __tablename__ = "daily_look"

    name: Mapped[str] = mapped_column(String(20), primary_key=True)
    day: Mapped[date]
    asked_at: Mapped[datetime] = mapped_column(UtcDateTime)


class EmergingLook(db.Model):
    """One look for what is new in the week before `at`. `document`: distinct texts by week and by site."""

    __tablename__ = "emerging_look"

    id: Mapped[UUID] = mapped_column(Id, primary_key=True)
    at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
    texts: Mapped[int]
    before: Mapped[int]
    document: Mapped[dict[str, Any]] = mapped_column(Json)


class EmergingPhrase(db.Model):
    """A phrase that was new at that look. `document` names the texts that hold it by their ids alone."""

    __tablename__ = "emerging_phrase"

    id: Mapped[UUID] = mapped_column(Id, primary_key=True)
    look_id: Mapped[UUID] = mapped_column(ForeignKey("emerging_look.id", ondelete="RESTRICT"))
    rank: Mapped[int]
    phrase: Mapped[str] = mapped_column(String(200))
    shown: Mapped[str] = mapped_column(String(200))
    texts: Mapped[int]
    before: Mapped[int]
    document: Mapped[dict[str, Any]] = mapped_column(Json)

    __table_args__ = (UniqueConstraint("look_id", "rank"),)


class HiddenPhrase(db.Model):
    """A phrase of which somebody said that it is no topic; `hidden` is false once that was taken back."""

    __tablename__ = "hidden_phrase"

    phrase: Mapped[str] = mapped_column(String(200), primary_key=True)
    hidden: Mapped[bool]
    by: Mapped[str] = mapped_column(String(80))
    at: Mapped[datetime] = mapped_column(UtcDateTime)


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
