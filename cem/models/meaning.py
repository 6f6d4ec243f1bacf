"""What texts mean, as numbers that can be compared: nothing of it is ever shown."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from cem.extensions import db
from cem.models.types import UtcDateTime


class Meaning(db.Model):
    """The vector of one text in one space (`nlp.similar`): two bytes a number, little end first.

    When the text is erased the database erases what was made of it too (`triggers.py`).
    """

    __tablename__ = "meaning"

    feedback_id: Mapped[UUID] = mapped_column(
        ForeignKey("feedback.id", ondelete="RESTRICT"), primary_key=True
    )
    space: Mapped[str] = mapped_column(String(120), primary_key=True)
    vector: Mapped[bytes] = mapped_column(LargeBinary)
    at: Mapped[datetime] = mapped_column(UtcDateTime)
