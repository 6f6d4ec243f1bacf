"""What customers said. It is never edited; the law may erase it."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    CheckConstraint,
    ColumnElement,
    ForeignKey,
    Index,
    LargeBinary,
    Select,
    String,
    Subquery,
    Text,
    UniqueConstraint,
    func,
    select,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from cem.domain.ratings import Rating
from cem.domain.vocabulary import Channel, Kind
from cem.extensions import db
from cem.models.types import Code, Id, Json, UtcDateTime


class Feedback(db.Model):
    """One rating, review or complaint.

    The deferred foreign key to the ledger makes a feedback without an entry impossible: the database
    refuses the commit.
    """

    __tablename__ = "feedback"

    id: Mapped[UUID] = mapped_column(
        Id,
        ForeignKey(
            "ledger_entry.feedback_id",
            deferrable=True,
            initially="DEFERRED",
            use_alter=True,
            name="fk_feedback_id_ledger_entry",
        ),
        primary_key=True,
    )
    tracking_code: Mapped[str] = mapped_column(String(20), unique=True)
    channel: Mapped[Channel] = mapped_column(Code(Channel))
    site_id: Mapped[UUID] = mapped_column(ForeignKey("site.id", ondelete="RESTRICT"))
    touchpoint_id: Mapped[UUID | None] = mapped_column(ForeignKey("touchpoint.id", ondelete="RESTRICT"))
    kind: Mapped[Kind] = mapped_column(Code(Kind))
    kind_given: Mapped[bool]
    rating_scale: Mapped[str | None] = mapped_column(String(10))
    rating_value: Mapped[int | None]
    text: Mapped[str | None] = mapped_column(Text)
    language: Mapped[str | None] = mapped_column(String(20))
    occurred_at: Mapped[datetime] = mapped_column(UtcDateTime)
    received_at: Mapped[datetime] = mapped_column(UtcDateTime)
    local_day: Mapped[date]
    local_hour: Mapped[int]
    customer_id: Mapped[UUID | None] = mapped_column(ForeignKey("customer.id", ondelete="RESTRICT"))
    survey_version_id: Mapped[UUID | None] = mapped_column(
        ForeignKey("survey_version.id", ondelete="RESTRICT")
    )
    order_id: Mapped[str | None] = mapped_column(String(200))
    staff: Mapped[str | None] = mapped_column(String(200))
    attributes: Mapped[dict[str, Any] | None] = mapped_column(Json)
    flags: Mapped[list[str] | None] = mapped_column(Json)
    source_system: Mapped[str | None] = mapped_column(String(200))
    source_id: Mapped[str | None] = mapped_column(String(200))
    source_url: Mapped[str | None] = mapped_column(String(2000))

    entry: Mapped[Any] = relationship(
        "LedgerEntry", primaryjoin="Feedback.id == LedgerEntry.feedback_id", viewonly=True, uselist=False
    )

    __table_args__ = (
        UniqueConstraint("source_system", "source_id"),
        CheckConstraint("(rating_scale IS NULL) = (rating_value IS NULL)", name="rating_whole"),
        CheckConstraint("rating_value IS NOT NULL OR text IS NOT NULL", name="says_something"),
        Index(None, "site_id", "received_at"),
        Index(None, "received_at"),
        Index(None, "customer_id"),
    )

    @property
    def rating(self) -> Rating | None:
        if self.rating_scale is None or self.rating_value is None:
            return None
        return Rating(self.rating_scale, self.rating_value)


class Answer(db.Model):
    """One answer to one question. Metrics read these, so that scales never mix."""

    __tablename__ = "answer"

    id: Mapped[UUID] = mapped_column(Id, primary_key=True)
    feedback_id: Mapped[UUID] = mapped_column(ForeignKey("feedback.id", ondelete="RESTRICT"))
    question: Mapped[str] = mapped_column(String(200))
    scale: Mapped[str | None] = mapped_column(String(10))
    value: Mapped[int | None]
    choices: Mapped[list[str] | None] = mapped_column(Json)
    text: Mapped[str | None] = mapped_column(Text)
    survey_version_id: Mapped[UUID | None] = mapped_column(
        ForeignKey("survey_version.id", ondelete="RESTRICT")
    )
    site_id: Mapped[UUID] = mapped_column(ForeignKey("site.id", ondelete="RESTRICT"))
    staff: Mapped[str | None] = mapped_column(String(200))
    occurred_at: Mapped[datetime] = mapped_column(UtcDateTime)

    __table_args__ = (Index(None, "scale", "site_id", "occurred_at"), Index(None, "feedback_id"))


class FindingsRow(db.Model):
    """What understanding said, version by version; the highest version is the one that holds.

    `stood_in`: a simpler model read because the wished one was not there; to be read again once it is.
    `corrected_by`: the last line of the corrections that hold in it; None for what the machine said alone.
    """

    __tablename__ = "findings"

    feedback_id: Mapped[UUID] = mapped_column(
        ForeignKey("feedback.id", ondelete="RESTRICT"), primary_key=True
    )
    version: Mapped[int] = mapped_column(primary_key=True)
    model: Mapped[str] = mapped_column(String(100))
    document: Mapped[dict[str, Any]] = mapped_column(Json)
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    stood_in: Mapped[bool] = mapped_column(default=False)
    corrected_by: Mapped[UUID | None] = mapped_column(ForeignKey("correction.id", ondelete="RESTRICT"))

    __table_args__ = (
        Index(
            "ix_findings_stood_in",
            "feedback_id",
            sqlite_where=text("stood_in"),
            postgresql_where=text("stood_in"),
        ),
    )


def findings_that_hold(column: Any = FindingsRow.document) -> ColumnElement[Any]:
    """One column of the newest findings, as corrected, for the feedback of the row around it."""
    newest: ColumnElement[Any] = findings_of(Feedback.id, column).correlate(Feedback).scalar_subquery()
    return newest


def findings_of(feedback_id: Any, column: Any = FindingsRow.document) -> Select[Any]:
    """The same for one feedback; no row while nobody has read it."""
    rows = select(column).where(FindingsRow.feedback_id == feedback_id)
    return rows.order_by(FindingsRow.version.desc()).limit(1)


def newest_versions() -> Subquery:
    """`feedback_id` and the `version` that holds, of everything at once: for reports over many."""
    f = FindingsRow
    return select(f.feedback_id, func.max(f.version).label("version")).group_by(f.feedback_id).subquery()


class ModelUse(db.Model):
    """Which model reads since when. `code` says why it is not the one of the wished `profile`."""

    __tablename__ = "model_use"

    id: Mapped[UUID] = mapped_column(Id, primary_key=True)
    since: Mapped[datetime] = mapped_column(UtcDateTime)
    profile: Mapped[str] = mapped_column(String(20))
    model: Mapped[str] = mapped_column(String(100))
    code: Mapped[str | None] = mapped_column(String(20))
    detail: Mapped[str | None] = mapped_column(String(300))


class IdempotencyKey(db.Model):
    """`owner` is the token or the device that made the key."""

    __tablename__ = "idempotency_key"

    owner: Mapped[str] = mapped_column(String(80), primary_key=True)
    key: Mapped[str] = mapped_column(String(200), primary_key=True)
    body_hash: Mapped[bytes] = mapped_column(LargeBinary(32))
    feedback_id: Mapped[UUID] = mapped_column(ForeignKey("feedback.id", ondelete="RESTRICT"))
    at: Mapped[datetime] = mapped_column(UtcDateTime)
