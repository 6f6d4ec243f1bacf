"""Understanding has read a text: its findings are kept, and a case is opened, raised, or left as it is."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import insert, select, update

from cem.domain import sla
from cem.domain.actors import HUB
from cem.domain.case import LIVE
from cem.domain.findings import Findings
from cem.domain.ledger import needs_a_case
from cem.domain.reasons import Reason
from cem.domain.severity import Triage, priority, triage, worse
from cem.domain.vocabulary import CaseState, PromiseState, Tier
from cem.engine import case_steps as steps
from cem.engine import ladder, ledger
from cem.engine.intake import assign
from cem.engine.opening import ORDER, Opening, Rows, number_cases, open_case
from cem.engine.organisation import Place, current, hold
from cem.engine.transaction import Tx, transaction
from cem.models import Case, Customer, Feedback, FindingsRow, LedgerEntry


def apply(readings: Sequence[tuple[UUID, Findings]]) -> int:
    """Keep the findings of each feedback and act on them. How many were new (a reading may come twice)."""
    with transaction() as tx:
        return sum(_apply(tx, feedback_id, findings) for feedback_id, findings in readings)


def _apply(tx: Tx, feedback_id: UUID, findings: Findings) -> bool:
    hold(tx.connection)
    feedback = tx.session.get(Feedback, feedback_id, with_for_update={"key_share": True})
    if feedback is None or not _keep(tx, feedback_id, findings):
        return False
    if feedback.language is None:
        _set_language(tx, feedback, findings.language)
    verdict = triage(feedback.rating, findings)
    if verdict is None:
        return True
    entry = tx.session.get_one(LedgerEntry, feedback_id)
    if entry.case_id is not None:
        _raise(tx, steps.load(tx, entry.case_id), verdict)
    elif needs_a_case(entry.state, verdict.severity):
        _open(tx, feedback, verdict)
    return True


def _keep(tx: Tx, feedback_id: UUID, findings: Findings) -> bool:
    """One version for each model; False where this model's reading is kept already."""
    kept = tx.session.execute(
        select(FindingsRow.version, FindingsRow.model).where(FindingsRow.feedback_id == feedback_id)
    ).all()
    if any(row.model == findings.model for row in kept):
        return False
    version = max((row.version for row in kept), default=0) + 1
    row = {
        "feedback_id": feedback_id,
        "version": version,
        "model": findings.model,
        "document": findings.as_dict(),
        "at": tx.now,
    }
    tx.session.execute(insert(FindingsRow), [row])
    tx.say("feedback.analysed", feedback=feedback_id, version=version)
    return True


def _open(tx: Tx, feedback: Feedback, verdict: Triage) -> None:
    organisation = current(tx.connection)
    place = organisation.by_id[feedback.site_id]
    tier = tx.session.scalar(select(Customer.tier).where(Customer.id == feedback.customer_id))
    opening = Opening(
        feedback.id,
        place,
        feedback.touchpoint_id,
        feedback.customer_id,
        tier or Tier.UNKNOWN,
        feedback.occurred_at,
        feedback.received_at,
        verdict,
        assign(organisation, place, feedback.staff, tx.now),
    )
    rows = Rows()
    opened = open_case(rows, opening, tx.now, by="triage")
    number_cases(tx.connection, rows)
    rows.write(tx.connection, ORDER)
    tx.events += rows.events
    ledger.open_through(tx, feedback.id, opened.id, opened.owner_id, opened.first_contact_due_at, HUB)


def _raise(tx: Tx, case: Case, verdict: Triage) -> None:
    """A worse reading raises a live case; nothing ever lowers one."""
    if case.state not in LIVE or not worse(verdict.severity, case.severity):
        return
    rank, lifted = priority(verdict.severity, case.tier)
    steps.change(
        tx,
        case,
        severity=verdict.severity,
        priority=rank,
        reason={**verdict.reason.as_dict(), "priority": lifted.as_dict()},
        **({"step": -1} if case.state is CaseState.OPEN else {}),
    )
    _promise_sooner(tx, case, steps.place_of(tx, case))
    details = {"severity": verdict.severity.value, "reason": verdict.reason.as_dict()}
    steps.append(tx, case, "raised", HUB, case.state, details)
    if case.state is CaseState.OPEN:
        ladder.page_next(tx, case, Reason("raised"))
    steps.finish(tx, case)


def _promise_sooner(tx: Tx, case: Case, place: Place) -> None:
    """The promises of the new priority, less the time that was used so far; a broken one stays broken."""
    table = place.policy[case.priority]
    for promise in steps.unfulfilled(tx, case):
        if promise.state is PromiseState.BREACHED or promise.round > 1:
            continue
        before = steps.clock_of(tx, promise)
        after = sla.changed(before, place.calendar, tx.now, table.target(promise.kind), table.hours)
        values: dict[str, Any] = {
            "target_seconds": int(after.target.total_seconds()),
            "hours": after.hours,
            "counted_from": after.started_at,
            "spent_seconds": after.spent.total_seconds(),
        }
        if (due_at := sla.due_at(after, place.calendar)) is not None:
            values["due_at"] = due_at
        steps.set_promise(tx, promise, **values)


def _set_language(tx: Tx, feedback: Feedback, language: str) -> None:
    """Nobody said which language it is; understanding did. The words stay as they were said."""
    statement = update(Feedback).where(Feedback.id == feedback.id).values(language=language)
    tx.session.execute(statement.execution_options(synchronize_session=False))
    tx.session.expire(feedback)
