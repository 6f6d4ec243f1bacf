"""What somebody is changing in a rule before it is published."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from cem.domain.vocabulary import RehearsalState
from cem.extensions import db
from cem.models.types import Code, Id, Json, UtcDateTime


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


_LIVE = text("state IN ('asked', 'running')")


class Rehearsal(db.Model):
    """One draft, as it stood at `draft_changed_at`, played against what came in from `since` until `until`.

    `rules` says which versions and people it was played with. `done` of `total` steps are played, in `part`
    parts; `document` carries the sums from part to part, and is the result in the end.
    """

    __tablename__ = "rehearsal"

    id: Mapped[UUID] = mapped_column(Id, primary_key=True)
    draft_id: Mapped[UUID] = mapped_column(ForeignKey("rule_draft.id", ondelete="RESTRICT"))
    draft_changed_at: Mapped[datetime] = mapped_column(UtcDateTime)
    rules: Mapped[str] = mapped_column(String(80))
    state: Mapped[RehearsalState] = mapped_column(Code(RehearsalState))
    asked_at: Mapped[datetime] = mapped_column(UtcDateTime)
    asked_by: Mapped[str] = mapped_column(String(80))
    since: Mapped[datetime] = mapped_column(UtcDateTime)
    until: Mapped[datetime] = mapped_column(UtcDateTime)
    total: Mapped[int | None]
    done: Mapped[int] = mapped_column(default=0)
    part: Mapped[int] = mapped_column(default=0)
    document: Mapped[dict[str, Any] | None] = mapped_column(Json)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    error: Mapped[str | None] = mapped_column(String(80))

    __table_args__ = (
        Index("ix_rehearsal_live", "draft_id", unique=True, sqlite_where=_LIVE, postgresql_where=_LIVE),
        Index(None, "draft_id", "asked_at"),
    )

    @property
    def is_live(self) -> bool:
        return self.state in (RehearsalState.ASKED, RehearsalState.RUNNING)
