"""The work of putting one dissatisfaction right, and everything that was promised and done on the way."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from cem.domain.vocabulary import (
    CaseState,
    Hours,
    Outcome,
    PauseReason,
    Priority,
    PromiseKind,
    PromiseState,
    ResolutionCode,
    Severity,
    Tier,
    Via,
)
from cem.extensions import db
from cem.models.types import Code, Id, Json, UtcDateTime


class Case(db.Model):
    """It always has one owner, and while it is open somebody is next on the ladder: the database insists.

    `step` is the last step of the ladder that was paged, `next_step_at` when the next one is.
    `resolution` stands while it is solved: opening it again takes it away.
    `version` counts changes; a change made from an older version finds no row and is refused.
    """

    __tablename__ = "case"

    id: Mapped[UUID] = mapped_column(Id, primary_key=True)
    number: Mapped[int] = mapped_column(unique=True)
    version: Mapped[int] = mapped_column(default=1)
    state: Mapped[CaseState] = mapped_column(Code(CaseState))
    severity: Mapped[Severity] = mapped_column(Code(Severity))
    priority: Mapped[Priority] = mapped_column(Code(Priority))
    reason: Mapped[dict[str, Any]] = mapped_column(Json)
    site_id: Mapped[UUID] = mapped_column(ForeignKey("site.id", ondelete="RESTRICT"))
    touchpoint_id: Mapped[UUID | None] = mapped_column(ForeignKey("touchpoint.id", ondelete="RESTRICT"))
    feedback_id: Mapped[UUID] = mapped_column(ForeignKey("feedback.id", ondelete="RESTRICT"), index=True)
    customer_id: Mapped[UUID | None] = mapped_column(ForeignKey("customer.id", ondelete="RESTRICT"))
    tier: Mapped[Tier] = mapped_column(Code(Tier))
    owner_id: Mapped[UUID] = mapped_column(ForeignKey("user.id", ondelete="RESTRICT"))
    owner_reason: Mapped[dict[str, Any]] = mapped_column(Json)
    policy_version_id: Mapped[UUID] = mapped_column(ForeignKey("rule_version.id", ondelete="RESTRICT"))
    received_at: Mapped[datetime] = mapped_column(UtcDateTime)
    opened_at: Mapped[datetime] = mapped_column(UtcDateTime)
    due_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    step: Mapped[int] = mapped_column(default=0)
    next_step_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    last_paged_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    acknowledged_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    answered_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    acknowledgement_expires_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    paused_because: Mapped[PauseReason | None] = mapped_column(Code(PauseReason))
    resolved_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    resolution: Mapped[ResolutionCode | None] = mapped_column(Code(ResolutionCode))
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    reopenings: Mapped[int] = mapped_column(default=0)
    merged_into_id: Mapped[UUID | None] = mapped_column(ForeignKey("case.id", ondelete="RESTRICT"))
    follows_id: Mapped[UUID | None] = mapped_column(ForeignKey("case.id", ondelete="RESTRICT"))

    promises: Mapped[list[Promise]] = relationship(order_by="Promise.due_at", viewonly=True)
    pauses: Mapped[list[Pause]] = relationship(order_by="Pause.started_at", viewonly=True)
    events: Mapped[list[CaseEvent]] = relationship(order_by="CaseEvent.id", viewonly=True)

    __table_args__ = (
        CheckConstraint("state <> 'open' OR next_step_at IS NOT NULL", name="open_has_a_next_step"),
        CheckConstraint("state = 'open' OR next_step_at IS NULL", name="only_open_escalates"),
        Index(
            "ix_case_step_due",
            "next_step_at",
            sqlite_where=text("state = 'open'"),
            postgresql_where=text("state = 'open'"),
        ),
        Index(
            "ix_case_acknowledgement_due",
            "acknowledgement_expires_at",
            sqlite_where=text("acknowledgement_expires_at IS NOT NULL"),
            postgresql_where=text("acknowledgement_expires_at IS NOT NULL"),
        ),
        Index(
            "ix_case_live",
            "owner_id",
            "due_at",
            sqlite_where=text("ended_at IS NULL"),
            postgresql_where=text("ended_at IS NULL"),
        ),
        Index(None, "site_id", "opened_at"),
        Index(
            "ix_case_solved",
            "feedback_id",
            "number",
            "site_id",
            sqlite_where=text("resolution IS NOT NULL"),
            postgresql_where=text("resolution IS NOT NULL"),
        ),
    )


class Promise(db.Model):
    """One clock: started, due, kept or broken. A broken one stays broken, also when it is kept late.

    A case that was raised counts its promises anew from `counted_from`, less `spent_seconds` used before.
    `warn_at` is when its owner is warned next, at `warn_level` per cent; None where no warning is left.
    """

    __tablename__ = "promise"

    id: Mapped[UUID] = mapped_column(Id, primary_key=True)
    case_id: Mapped[UUID] = mapped_column(ForeignKey("case.id", ondelete="RESTRICT"))
    kind: Mapped[PromiseKind] = mapped_column(Code(PromiseKind))
    round: Mapped[int] = mapped_column(default=1)
    target_seconds: Mapped[int]
    hours: Mapped[Hours] = mapped_column(Code(Hours))
    started_at: Mapped[datetime] = mapped_column(UtcDateTime)
    counted_from: Mapped[datetime | None] = mapped_column(UtcDateTime)
    spent_seconds: Mapped[float] = mapped_column(default=0.0)
    due_at: Mapped[datetime] = mapped_column(UtcDateTime)
    state: Mapped[PromiseState] = mapped_column(Code(PromiseState))
    paused_because: Mapped[PauseReason | None] = mapped_column(Code(PauseReason))
    fulfilled_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    warn_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    warn_level: Mapped[int | None]

    __table_args__ = (
        UniqueConstraint("case_id", "kind", "round"),
        Index(
            "ix_promise_due",
            "due_at",
            sqlite_where=text("state = 'running'"),
            postgresql_where=text("state = 'running'"),
        ),
        Index(
            "ix_promise_warning_due",
            "warn_at",
            sqlite_where=text("warn_at IS NOT NULL"),
            postgresql_where=text("warn_at IS NOT NULL"),
        ),
    )

    @property
    def target(self) -> timedelta:
        return timedelta(seconds=self.target_seconds)


class Pause(db.Model):
    """A period in which the promises of a case did not run, because a person said so."""

    __tablename__ = "pause"

    id: Mapped[UUID] = mapped_column(Id, primary_key=True)
    case_id: Mapped[UUID] = mapped_column(ForeignKey("case.id", ondelete="RESTRICT"), index=True)
    reason: Mapped[PauseReason] = mapped_column(Code(PauseReason))
    started_at: Mapped[datetime] = mapped_column(UtcDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class Note(db.Model):
    """Words of ours about a case: a note, a summary of a contact or of the resolution."""

    __tablename__ = "note"

    id: Mapped[UUID] = mapped_column(Id, primary_key=True)
    case_id: Mapped[UUID] = mapped_column(ForeignKey("case.id", ondelete="RESTRICT"), index=True)
    kind: Mapped[str] = mapped_column(String(20))
    text: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    by: Mapped[str] = mapped_column(String(80))


class CaseEvent(db.Model):
    """What happened, who did it, from where to where. Append-only; words are in the note it points to."""

    __tablename__ = "case_event"

    id: Mapped[UUID] = mapped_column(Id, primary_key=True)
    case_id: Mapped[UUID] = mapped_column(ForeignKey("case.id", ondelete="RESTRICT"))
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    kind: Mapped[str] = mapped_column(String(40))
    by: Mapped[str] = mapped_column(String(80))
    from_state: Mapped[CaseState | None] = mapped_column(Code(CaseState))
    to_state: Mapped[CaseState | None] = mapped_column(Code(CaseState))
    details: Mapped[dict[str, Any] | None] = mapped_column(Json)
    note_id: Mapped[UUID | None] = mapped_column(ForeignKey("note.id", ondelete="RESTRICT"))

    note: Mapped[Note | None] = relationship(viewonly=True)

    __table_args__ = (Index(None, "case_id", "id"),)


class Contact(db.Model):
    """One try to reach the customer."""

    __tablename__ = "contact"

    id: Mapped[UUID] = mapped_column(Id, primary_key=True)
    feedback_id: Mapped[UUID] = mapped_column(ForeignKey("feedback.id", ondelete="RESTRICT"), index=True)
    case_id: Mapped[UUID | None] = mapped_column(ForeignKey("case.id", ondelete="RESTRICT"), index=True)
    via: Mapped[Via] = mapped_column(Code(Via))
    outcome: Mapped[Outcome] = mapped_column(Code(Outcome))
    note_id: Mapped[UUID | None] = mapped_column(ForeignKey("note.id", ondelete="RESTRICT"))
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    by: Mapped[str] = mapped_column(String(80))


class Breach(db.Model):
    """A promise that was not kept in time: what was promised, by which policy, and when it was seen."""

    __tablename__ = "breach"

    id: Mapped[UUID] = mapped_column(Id, primary_key=True)
    case_id: Mapped[UUID] = mapped_column(ForeignKey("case.id", ondelete="RESTRICT"), index=True)
    promise_id: Mapped[UUID] = mapped_column(ForeignKey("promise.id", ondelete="RESTRICT"), unique=True)
    policy_version_id: Mapped[UUID] = mapped_column(ForeignKey("rule_version.id", ondelete="RESTRICT"))
    owner_id: Mapped[UUID] = mapped_column(ForeignKey("user.id", ondelete="RESTRICT"))
    due_at: Mapped[datetime] = mapped_column(UtcDateTime)
    at: Mapped[datetime] = mapped_column(UtcDateTime)


class BreachEnd(db.Model):
    """How a breach ended: the promise was kept late, or nobody owed it any more. `over_seconds` is the time
    past the target that counts: business time where the promise is in business hours, without the pauses."""

    __tablename__ = "breach_end"

    breach_id: Mapped[UUID] = mapped_column(ForeignKey("breach.id", ondelete="RESTRICT"), primary_key=True)
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    kept: Mapped[bool]
    over_seconds: Mapped[float]
