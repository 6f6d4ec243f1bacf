"""It was not over: staff reopen, the customer says "not solved", an acknowledgement led to nothing."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy import select

from cem.domain import case as rules
from cem.domain.actors import CUSTOMER, HUB, Actor
from cem.domain.reasons import NotFound, Reason, Refused
from cem.domain.severity import Triage
from cem.domain.vocabulary import CaseAction, CaseState
from cem.engine import case_clocks, ladder, ledger, recusal
from cem.engine import case_steps as steps
from cem.engine.assigning import assign_past
from cem.engine.case_steps import Seen
from cem.engine.opening import ORDER, Opening, number_cases, open_case
from cem.engine.organisation import current
from cem.engine.rows import Rows
from cem.engine.transaction import Tx, transaction
from cem.models import Case, Feedback, LedgerEntry


def reopen(seen: Seen, reason: str) -> UUID:
    """Staff found that it was not over: the same case within 14 days, later a new one. Its id."""
    with transaction() as tx:
        case = steps.load(tx, seen.case_id, seen.version)
        _refuse_merged(tx, case)
        decision = rules.decide(steps.snapshot(case), CaseAction.REOPENING, tx.now)
        if decision.follow_up:
            return _follow_up(tx, case, seen.by, reason)
        _begin_again(tx, case, decision.to, seen.by, "reopened", note=reason)
        return case.id


def not_solved(feedback_id: UUID) -> UUID:
    """The customer says that it is not solved: owed again, and the next step is paged at once."""
    with transaction() as tx:
        case = _case_of(tx, feedback_id)
        before = case.state
        decision = rules.decide(steps.snapshot(case), CaseAction.NOT_SOLVED, tx.now)
        if decision.follow_up:
            return _follow_up(tx, case, CUSTOMER, None)
        if before is CaseState.WAITING_CUSTOMER:
            case_clocks.resume(tx, case)
            steps.change(tx, case, state=decision.to, paused_because=None)
            steps.append(tx, case, "not_solved", CUSTOMER, before)
            steps.finish(tx, case)
            return case.id
        _begin_again(tx, case, decision.to, CUSTOMER, "not_solved")
        ladder.page_next(tx, case, Reason("not_solved"))
        return case.id


def solved(feedback_id: UUID) -> None:
    """The customer says that it is solved: the case is closed."""
    with transaction() as tx:
        case = _case_of(tx, feedback_id)
        before = case.state
        decision = rules.decide(steps.snapshot(case), CaseAction.CLOSURE, tx.now)
        steps.change(tx, case, state=decision.to, ended_at=tx.now)
        steps.append(tx, case, "confirmed", CUSTOMER, before)
        steps.finish(tx, case)


def expire_acknowledgement(case_id: UUID) -> bool:
    """Taken, but nobody contacted the customer in time: open again, and its ladder begins anew."""
    with transaction() as tx:
        case = steps.load(tx, case_id)
        expires = case.acknowledgement_expires_at
        if case.state is not CaseState.ACKNOWLEDGED or expires is None or expires > tx.now:
            return False
        before = case.state
        steps.change(
            tx,
            case,
            state=CaseState.OPEN,
            step=-1,
            next_step_at=tx.now,
            acknowledgement_expires_at=None,
            paused_because=None,
        )
        case_clocks.resume(tx, case)
        steps.append(tx, case, "acknowledgement_expired", HUB, before)
        ladder.page_next(tx, case, Reason("acknowledgement_expired"))
        steps.finish(tx, case)
        return True


def _refuse_merged(tx: Tx, case: Case) -> None:
    """What it was about goes on in the other case; that one can be opened again."""
    if case.merged_into_id is not None:
        number = tx.session.scalar(select(Case.number).where(Case.id == case.merged_into_id))
        raise Refused("merged_case_goes_on", number=number)


def _begin_again(tx: Tx, case: Case, to: CaseState, by: Actor, kind: str, note: str | None = None) -> None:
    before = case.state
    promise = case_clocks.promise_again(tx, case)
    owner_id, why = _owner_again(tx, case)
    steps.change(
        tx,
        case,
        state=to,
        reopenings=case.reopenings + 1,
        answered_at=None,
        resolved_at=None,
        ended_at=None,
        resolution=None,
        owner_id=owner_id,
        owner_reason=why,
        next_step_at=tx.now if to is CaseState.OPEN else None,
    )
    words = ("note", note) if note else None
    steps.append(tx, case, kind, by, before, {"round": promise.round}, words)
    ledger.owe_again(tx, case.id, case.owner_id, promise.due_at, by)
    tx.audit(str(by), f"case.{kind}", case.id)
    steps.finish(tx, case)


def _owner_again(tx: Tx, case: Case) -> tuple[UUID, dict[str, Any]]:
    """Who owned it, or whoever is on duty where that person has left."""
    organisation = current(tx.connection)
    if organisation.is_active(str(case.owner_id)):
        return case.owner_id, case.owner_reason
    recused = recusal.of_case(tx.session, case.id)
    assignment = assign_past(organisation, organisation.by_id[case.site_id], recused, tx.now)
    return UUID(assignment.owner), assignment.reason.as_dict()


def _follow_up(tx: Tx, old: Case, by: Actor, note: str | None) -> UUID:
    """The case was closed too long ago: a new one follows it, with promises of its own."""
    if tx.session.scalar(select(Case.id).where(Case.follows_id == old.id)) is not None:
        raise steps.somebody_was_first(tx, old)
    feedback = tx.session.get_one(Feedback, old.feedback_id)
    organisation = current(tx.connection)
    place = organisation.by_id[old.site_id]
    opening = Opening(
        feedback.id,
        place,
        old.touchpoint_id,
        old.customer_id,
        old.tier,
        tx.now,
        tx.now,
        Triage(old.severity, Reason("follows", {"case": str(old.id), "number": old.number})),
        assign_past(organisation, place, recusal.of_case(tx.session, old.id), tx.now),
    )
    rows = Rows()
    opened = open_case(rows, opening, tx.now, by=str(by))
    opened.row["follows_id"] = old.id
    number_cases(tx.connection, rows)
    rows.write(tx.connection, ORDER)
    tx.events += rows.events
    due_at = opened.first_contact_due_at
    ledger.repoint(tx, old.id, by, into=opened.id, owner_id=opened.owner_id, due_at=due_at)
    ledger.owe_again(tx, opened.id, opened.owner_id, due_at, by)
    words = ("note", note) if note else None
    steps.append(tx, old, "followed", by, old.state, {"by": str(opened.id)}, words)
    return opened.id


def _case_of(tx: Tx, feedback_id: UUID) -> Case:
    case_id = tx.session.scalar(select(LedgerEntry.case_id).where(LedgerEntry.feedback_id == feedback_id))
    if case_id is None:
        if tx.session.get(Feedback, feedback_id) is None:
            raise NotFound
        raise Refused("nothing_to_confirm")
    return steps.load(tx, case_id)
