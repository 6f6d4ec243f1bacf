"""What somebody is changing in a rule before it is published."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from cem.extensions import db
from cem.models.types import Id, Json, UtcDateTime


class RuleDraft(db.Model):
    """One at a time for each kind of rule at a place, until it is published (`published_id`) or thrown away.

    `began_with` is the version that it changes, 0 where there was none: a draft that is out of date is told.
    """

    __tablename__ = "rule_draft"

    id: Mapped[UUID] = mapped_column(Id, primary_key=True)
    kind: Mapped[str] = mapped_column(String(20))
    site_id: Mapped[UUID] = mapped_column(ForeignKey("site.id", ondelete="RESTRICT"))
    document: Mapped[dict[str, Any]] = mapped_column(Json)
    began_with: Mapped[int]
    changed_at: Mapped[datetime] = mapped_column(UtcDateTime)
    changed_by: Mapped[str] = mapped_column(String(80))
    published_id: Mapped[UUID | None] = mapped_column(ForeignKey("rule_version.id", ondelete="RESTRICT"))
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    __table_args__ = (
        Index(
            "ix_rule_draft_live",
            "kind",
            "site_id",
            unique=True,
            sqlite_where=text("ended_at IS NULL"),
            postgresql_where=text("ended_at IS NULL"),
        ),
    )
