"""`cem verify`: the hub proves that nothing is lost, ownerless, stuck or changed behind its back."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any, Final

from sqlalchemy import ColumnElement, func, or_, select

from cem import clock
from cem.domain.case import ENDED
from cem.domain.reasons import Reason
from cem.domain.vocabulary import CaseState, DeliveryState, LedgerState, PromiseState
from cem.engine import audit
from cem.extensions import db
from cem.models import Case, CaseGroup, Delivery, Feedback, LedgerEntry, OutboxRow, Promise, Swap, Task, User

STUCK_AFTER: Final = timedelta(minutes=5)
"""What was due so long ago and is not done is stuck, whatever the queue server says."""


def faults() -> list[Reason]:
    """Everything that is wrong, each with what it is about. Empty: the ledger balances and all work is done.

    That feedback is overdue is no fault of the hub; that nobody would notice is.
    """
    while audit.seal():
        pass
    db.session.rollback()
    return [*unproved(), *_chain()]


def unproved() -> list[Reason]:
    """All of it but the chain of the audit trail: what the reconciler looks at, by indexes."""
    return [*ledger_faults(), *_stuck()]


def ledger_faults() -> list[Reason]:
    """What is wrong with the ledger itself; only reads, and quickly enough for every home page."""
    return [*_ledger(), *_owners()]


def _ledger() -> Iterator[Reason]:
    total = _count(Feedback.id)
    entries = _count(LedgerEntry.feedback_id)
    if total != entries:
        yield Reason("ledger_sum", {"feedback": total, "entries": entries})
    astray = select(LedgerEntry.feedback_id).join(Case, Case.id == LedgerEntry.case_id)
    wrong = astray.where(LedgerEntry.state == LedgerState.OWED, LedgerEntry.owner_id != Case.owner_id)
    yield from _each("owner_differs_from_case", wrong)
    owed_through_ended = astray.where(LedgerEntry.state == LedgerState.OWED, Case.state.in_(ENDED))
    yield from _each("owed_through_an_ended_case", owed_through_ended)


def _owners() -> Iterator[Reason]:
    gone = User.ended_at.is_not(None)
    owed = select(LedgerEntry.feedback_id).join(User, User.id == LedgerEntry.owner_id)
    yield from _each("owner_has_left", owed.where(LedgerEntry.state == LedgerState.OWED, gone))
    cases = select(Case.id).join(User, User.id == Case.owner_id)
    yield from _each("case_owner_has_left", cases.where(Case.ended_at.is_(None), gone))


def _stuck() -> Iterator[Reason]:
    late = clock.now() - STUCK_AFTER
    for code, id, condition in (
        ("promise_not_swept", Promise.id, (Promise.state == PromiseState.RUNNING) & (Promise.due_at < late)),
        ("warning_not_given", Promise.id, Promise.warn_at < late),
        ("group_step_not_taken", CaseGroup.id, CaseGroup.next_step_at < late),
        ("group_digest_not_told", CaseGroup.id, CaseGroup.digest_at < late),
        ("group_not_looked_at", CaseGroup.id, CaseGroup.ended_at.is_(None) & (CaseGroup.look_at < late)),
        ("step_not_taken", Case.id, (Case.state == CaseState.OPEN) & (Case.next_step_at < late)),
        ("acknowledgement_not_expired", Case.id, Case.acknowledgement_expires_at < late),
        ("swap_not_looked_at", Swap.id, Swap.next_step_at < late),
        (
            "owed_without_next_step",
            LedgerEntry.feedback_id,
            (LedgerEntry.state == LedgerState.OWED)
            & LedgerEntry.case_id.is_(None)
            & (LedgerEntry.next_step_at < late),
        ),
        ("event_not_relayed", OutboxRow.id, OutboxRow.expanded_at.is_(None) & (OutboxRow.at < late)),
        ("task_not_done", Task.id, _live_tasks() & (Task.available_at < late)),
        ("task_set_aside", Task.id, Task.set_aside_at.is_not(None) & Task.done_at.is_(None)),
        (
            "delivery_not_sent",
            Delivery.id,
            or_(
                (Delivery.state == DeliveryState.PENDING) & (Delivery.created_at < late),
                (Delivery.state == DeliveryState.HELD) & (Delivery.held_until < late),
            ),
        ),
        ("running_promise_of_an_ended_case", Promise.id, _running_though_ended()),
    ):
        yield from _each(code, select(id).where(condition))


def _live_tasks() -> ColumnElement[bool]:
    return Task.done_at.is_(None) & Task.set_aside_at.is_(None)


def _running_though_ended() -> ColumnElement[bool]:
    ended = select(Case.id).where(or_(Case.ended_at.is_not(None), Case.resolved_at.is_not(None)))
    return (Promise.state == PromiseState.RUNNING) & Promise.case_id.in_(ended)


def _chain() -> Iterator[Reason]:
    if (number := audit.first_break()) is not None:
        yield Reason("audit_chain_broken", {"at": number})


def _each(code: str, statement: Any) -> Iterator[Reason]:
    for id in db.session.scalars(statement.limit(100)):
        yield Reason(code, {"id": str(id)})


def _count(column: Any) -> int:
    return int(db.session.scalar(select(func.count(column))) or 0)
