"""What people said of a text instead of what understanding said: only appended to."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from cem.domain.corrections import Correction, Logged
from cem.extensions import db
from cem.models.types import Id, Json, UtcDateTime


class CorrectionRow(db.Model):
    """From the findings of version `of_version` it made those of `version`.

    `undoes` names the line that it takes back. `why` is the reason of the review queue where that led there.
    """

    __tablename__ = "correction"

    id: Mapped[UUID] = mapped_column(Id, primary_key=True)
    feedback_id: Mapped[UUID] = mapped_column(ForeignKey("feedback.id", ondelete="RESTRICT"))
    of_version: Mapped[int]
    version: Mapped[int]
    document: Mapped[dict[str, Any]] = mapped_column(Json)
    undoes: Mapped[UUID | None] = mapped_column(ForeignKey("correction.id", ondelete="RESTRICT"))
    why: Mapped[str | None] = mapped_column(String(20))
    by: Mapped[str] = mapped_column(String(80))
    at: Mapped[datetime] = mapped_column(UtcDateTime)

    __table_args__ = (UniqueConstraint("feedback_id", "version"), Index(None, "at"))

    @property
    def logged(self) -> Logged:
        return Logged(self.id, Correction.from_dict(self.document), self.undoes)
