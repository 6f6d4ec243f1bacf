"""How a case ends: resolved, closed, dismissed, or gone on in another one."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select

from cem.domain import case as rules
from cem.domain import ledger as ledger_rules
from cem.domain.actors import Actor
from cem.domain.reasons import Refused
from cem.domain.vocabulary import (
    CaseAction,
    ExcuseReason,
    LedgerState,
    Outcome,
    PromiseKind,
    ResolutionCode,
    Via,
)
from cem.engine import case_clocks, ledger, raising, recusal
from cem.engine import case_steps as steps
from cem.engine.case_steps import Seen
from cem.engine.ownership import refuse_own_complaint
from cem.engine.replies import write_reply
from cem.engine.transaction import Tx, transaction
from cem.models import Case, Contact


@dataclass(frozen=True, slots=True)
class Resolution:
    code: ResolutionCode
    summary: str
    customer_words: str | None = None
    reply: str | None = None
    via: Via = Via.MESSAGE


def resolve(seen: Seen, resolution: Resolution) -> None:
    """The dissatisfaction is put right: with a reply, or after a contact that reached."""
    with transaction() as tx:
        case = steps.load(tx, seen.case_id, seen.version)
        before = case.state
        decision = rules.decide(
            steps.snapshot(case), CaseAction.RESOLUTION, tx.now, reply=resolution.reply is not None
        )
        case_clocks.resume(tx, case)
        steps.change(
            tx,
            case,
            state=decision.to,
            paused_because=None,
            resolved_at=tx.now,
            resolution=resolution.code,
            acknowledgement_expires_at=None,
        )
        steps.fulfil(tx, case, decision.fulfils)
        if resolution.customer_words:
            said = ("customer", resolution.customer_words)
            steps.append(tx, case, "customer_said", seen.by, before, note=said)
        details = {"code": resolution.code.value}
        steps.append(tx, case, "resolved", seen.by, before, details, ("resolution", resolution.summary))
        _answer(tx, case, resolution, seen.by)
        tx.audit(str(seen.by), "case.resolved", case.id, code=resolution.code.value)
        steps.finish(tx, case)


def close(seen: Seen) -> None:
    with transaction() as tx:
        case = steps.load(tx, seen.case_id, seen.version)
        before = case.state
        decision = rules.decide(steps.snapshot(case), CaseAction.CLOSURE, tx.now)
        steps.change(tx, case, state=decision.to, ended_at=tx.now)
        steps.append(tx, case, "closed", seen.by, before)
        tx.audit(str(seen.by), "case.closed", case.id)
        steps.finish(tx, case)


def dismiss(seen: Seen, reason: ExcuseReason, evidence: str) -> None:
    """It was no dissatisfaction to put right: everything owed through it is excused, with the evidence."""
    with transaction() as tx:
        case = steps.load(tx, seen.case_id, seen.version)
        before = case.state
        decision = rules.decide(steps.snapshot(case), CaseAction.DISMISSAL, tx.now)
        tried = ledger.tries(tx, case.feedback_id)
        settlement = ledger_rules.excused(reason, {"kind": "dismissal", "case": str(case.id)}, tried)
        steps.change(tx, case, state=decision.to, ended_at=tx.now, **steps.nothing_pending())
        steps.end_promises(tx, case)
        steps.append(tx, case, "dismissed", seen.by, before, {"reason": reason.value}, ("evidence", evidence))
        ledger.settle_case(tx, case.id, settlement, seen.by)
        tx.audit(str(seen.by), "case.dismissed", case.id, reason=reason.value)
        steps.finish(tx, case)


def merge(seen: Seen, into: UUID) -> None:
    """Two cases are one: this one ends, and what is owed through it is owed through the other."""
    with recusal.kept(seen), transaction() as tx:
        steps.lock(tx, seen.case_id, into)
        case = steps.load(tx, seen.case_id, seen.version)
        before = case.state
        decision = rules.decide(steps.snapshot(case), CaseAction.MERGE, tx.now)
        if into == case.id:
            raise Refused("merge_into_itself")
        other = steps.load(tx, into)
        if other.state not in rules.LIVE:
            raise Refused("merge_needs_a_live_case", state=other.state.value)
        raising.absorb(tx, other, case, seen.by)
        steps.change(
            tx, case, state=decision.to, ended_at=tx.now, **steps.nothing_pending(), merged_into_id=other.id
        )
        steps.end_promises(tx, case)
        due_at = steps.answers_with(tx, other).due_at
        ledger.repoint(tx, case.id, seen.by, into=other.id, owner_id=other.owner_id, due_at=due_at)
        steps.redate(tx, other)
        refuse_own_complaint(tx, other, str(other.owner_id))
        steps.append(tx, case, "merged", seen.by, before, {"into": str(other.id)})
        steps.append(tx, other, "absorbed", seen.by, other.state, {"absorbed": str(case.id)})
        tx.audit(str(seen.by), "case.merged", case.id, into=str(other.id))
        steps.finish(tx, case)
        steps.finish(tx, other)


def _answer(tx: Tx, case: Case, resolution: Resolution, by: Actor) -> None:
    """The reply answers what is owed through the case; without one, the contact that reached did already."""
    if resolution.reply is None:
        _settle_the_rest(tx, case, by)
        if ledger.feedback_of(tx, case.id, LedgerState.OWED):
            raise Refused("resolution_needs_answer")
        return
    for feedback_id in ledger.feedback_of(tx, case.id):
        settlement = write_reply(tx, feedback_id, case.id, resolution.reply, resolution.via, by)
        ledger.settle_if_owed(tx, feedback_id, settlement, by)
    steps.change(tx, case, answered_at=tx.now)


def _settle_the_rest(tx: Tx, case: Case, by: Actor) -> None:
    """What was merged in after the contact that reached is answered by that contact too.

    One from before the case was opened again is not: it had not solved it.
    """
    since = max(p.started_at for p in case.promises if p.kind is PromiseKind.RESOLVE)
    last = tx.session.scalar(
        select(Contact)
        .where(Contact.case_id == case.id, Contact.outcome == Outcome.REACHED, Contact.at >= since)
        .order_by(Contact.at.desc())
        .limit(1)
    )
    if last is None:
        return
    settlement = ledger_rules.answered_by_contact(str(last.id), last.via, last.outcome)
    if settlement:
        ledger.settle_case(tx, case.id, settlement, by)
