"""Opening a case: the rows that one opening writes, for intake (many at once) and for triage alike."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Connection, bindparam, update

from cem.domain import sla
from cem.domain.escalation import next_step
from cem.domain.promises import made
from cem.domain.reasons import Reason
from cem.domain.routing import Assignment
from cem.domain.rules import UNGUIDED, Guidance, Targets
from cem.domain.severity import Triage, priority, ranks
from cem.domain.vocabulary import CaseState, Hours, Priority, PromiseKind, PromiseState, Tier
from cem.engine.organisation import Place
from cem.engine.rows import Row, Rows
from cem.ids import new_id
from cem.models import (
    Answer,
    Case,
    CaseEvent,
    Counter,
    Customer,
    Feedback,
    IdempotencyKey,
    LedgerEntry,
    LedgerMove,
    OutboxRow,
    Promise,
)

LATE_ARRIVAL: Final = timedelta(hours=24)
"""What is older than this when it arrives opens its case without a page; it is told of in a digest."""

ORDER: Final = (
    Customer,
    Feedback,
    Case,
    LedgerEntry,
    LedgerMove,
    Answer,
    IdempotencyKey,
    Promise,
    CaseEvent,
    OutboxRow,
)
"""Parents before children: the order in which a batch of rows may be inserted."""

_COUNT_ON: Final = (
    update(Counter)
    .where(Counter.name == "case")
    .values(value=Counter.value + bindparam("more"))
    .returning(Counter.value)
)


@dataclass(frozen=True, slots=True)
class Opening:
    """What a case is opened for."""

    feedback_id: UUID
    place: Place
    touchpoint_id: UUID | None
    customer_id: UUID | None
    tier: Tier
    occurred_at: datetime
    received_at: datetime
    triage: Triage
    assignment: Assignment
    guidance: Guidance = UNGUIDED


@dataclass(frozen=True, slots=True)
class Opened:
    """`row` is the case's row as it will be inserted; intake numbers it last."""

    id: UUID
    owner_id: UUID
    first_contact_due_at: datetime
    row: dict[str, Any]


def number_cases(connection: Connection, rows: Rows) -> None:
    """Give the new cases their numbers. Gap-free: a rollback takes them back."""
    cases = rows.tables.get(Case, [])
    if not cases:
        return
    last = int(connection.execute(_COUNT_ON, {"more": len(cases)}).scalar_one())
    for number, case in enumerate(cases, last - len(cases) + 1):
        case["number"] = number


def open_case(rows: Rows, opening: Opening, now: datetime, by: str) -> Opened:
    """Add to `rows` the case (still without its number), its promises, its first event and its outbox row."""
    case_id = new_id(now)
    rank, lifted = priority(opening.triage.severity, opening.tier)
    dues = _promises(rows, case_id, opening, now)
    late = opening.received_at - opening.occurred_at > LATE_ARRIVAL
    owner_id = UUID(opening.assignment.owner)
    row = {
        "id": case_id,
        "number": 0,
        "version": 1,
        "state": CaseState.OPEN,
        "severity": opening.triage.severity,
        "priority": rank,
        "reason": all_reasons(opening.triage, lifted, opening.guidance),
        "site_id": opening.place.id,
        "touchpoint_id": opening.touchpoint_id,
        "feedback_id": opening.feedback_id,
        "customer_id": opening.customer_id,
        "tier": opening.tier,
        "owner_id": owner_id,
        "owner_reason": opening.assignment.reason.as_dict(),
        "policy_version_id": opening.place.policy_version_id,
        "received_at": opening.received_at,
        "opened_at": now,
        "due_at": min(dues.values()),
        "step": 0,
        "next_step_at": _second_step(opening, rank, dues, now, late),
        "last_paged_at": now,
        "reopenings": 0,
    }
    rows.add(Case, row)
    rows.add(CaseEvent, _opened_event(now, case_id, by, opening.triage.reason))
    rows.say(
        now,
        "case.opened",
        case=case_id,
        feedback=opening.feedback_id,
        site_path=opening.place.path,
        owner=owner_id,
        late=late or None,
    )
    return Opened(case_id, owner_id, dues[PromiseKind.FIRST_CONTACT], row)


def all_reasons(triage: Triage, priority: Reason, guidance: Guidance) -> dict[str, Any]:
    """Why this case is what it is, as its row keeps it: what decided first, then everything else."""
    also = [reason.as_dict() for reason in (*triage.also, *guidance.promise_reasons)]
    return {**triage.reason.as_dict(), "priority": priority.as_dict(), **({"also": also} if also else {})}


def _promises(rows: Rows, case_id: UUID, opening: Opening, now: datetime) -> dict[PromiseKind, datetime]:
    """The three promises run from when the feedback was received."""
    place, received_at = opening.place, opening.received_at
    within, sooner = ranks(opening.triage.severity, opening.tier), opening.guidance.promises
    key = ("promised", place.id, within, received_at, now, tuple(sooner.items()))
    promised = rows.once(key, lambda: _promised(place, within, received_at, now, sooner))
    for promise in promised:
        rows.add(Promise, {"id": new_id(now), "case_id": case_id, **promise})
    return {promise["kind"]: promise["due_at"] for promise in promised}


def _promised(
    place: Place, within: Sequence[Priority], received_at: datetime, now: datetime, sooner: Targets
) -> list[Row]:
    """What this place promises today, less the case that it is promised for."""
    promised = []
    for kind in PromiseKind:
        promise = made(place.policy, within, kind, received_at, place.calendar, sooner.get(kind))
        calendar = place.calendar if promise.hours is Hours.BUSINESS else None
        clock = sla.Clock(kind, promise.target, promise.hours, received_at)
        warning = sla.next_warning(clock, calendar, now)
        promised.append(
            {
                "kind": kind,
                "round": 1,
                "target_seconds": int(promise.target.total_seconds()),
                "hours": promise.hours,
                "started_at": received_at,
                "due_at": promise.due_at,
                "state": PromiseState.RUNNING,
                "warn_at": warning.at if warning else None,
                "warn_level": warning.level if warning else None,
                "spent_seconds": 0.0,
            }
        )
    return promised


def _second_step(
    opening: Opening, rank: Priority, dues: dict[PromiseKind, datetime], now: datetime, late: bool
) -> datetime:
    """When the ladder goes on. A late arrival pages nobody before its acknowledgement is missed."""
    acknowledge_due = max(dues[PromiseKind.ACKNOWLEDGE], now)
    if late:
        return acknowledge_due
    place = opening.place
    return next_step(rank, place.policy, now, 0, now, place.calendar, acknowledge_due).at


def _opened_event(now: datetime, case_id: UUID, by: str, reason: Reason) -> dict[str, Any]:
    return {
        "id": new_id(now),
        "case_id": case_id,
        "at": now,
        "kind": "opened",
        "by": by,
        "to_state": CaseState.OPEN,
        "details": {"reason": reason.as_dict()},
    }
