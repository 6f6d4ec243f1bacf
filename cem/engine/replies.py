"""What the business says back: replies, with a case or without, and excuses where nothing is owed."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import insert, select

from cem.domain import ledger as rules
from cem.domain.actors import Actor
from cem.domain.reasons import NotFound
from cem.domain.vocabulary import CaseState, ExcuseReason, LedgerState, PromiseKind, Via
from cem.engine import case_steps as steps
from cem.engine import ledger, recusal
from cem.engine.ownership import take
from cem.engine.transaction import Tx, transaction
from cem.ids import new_id
from cem.models import Case, Contact, LedgerEntry, Reply

_CONTACTED = frozenset({PromiseKind.ACKNOWLEDGE, PromiseKind.FIRST_CONTACT})
_BEFORE_WORK = frozenset({CaseState.OPEN, CaseState.ACKNOWLEDGED})


def reply(feedback_id: UUID, text: str, via: Via, by: Actor) -> UUID:
    """Answer one feedback. Where it has a live case, that is its first contact too. The reply's id."""
    with recusal.kept_of(by, feedback_id), transaction() as tx:
        return _reply(tx, feedback_id, text, via, by)


def reply_to_many(feedback_ids: Sequence[UUID], text: str, via: Via, by: Actor) -> dict[UUID, UUID]:
    """One approved text for many, each with its own evidence: all of them, or none. Reply ids by feedback."""
    with transaction() as tx:
        through = select(LedgerEntry.case_id).where(LedgerEntry.feedback_id.in_(feedback_ids))
        steps.lock(tx, *filter(None, tx.session.scalars(through)))
        return {feedback_id: _reply(tx, feedback_id, text, via, by) for feedback_id in feedback_ids}


def reply_to_owed(feedback_ids: Sequence[UUID], text: str, via: Via, by: Actor) -> int:
    """The same for those of them that are still owed an answer: nobody gets a second one. How many were."""
    with transaction() as tx:
        e = LedgerEntry
        through = select(e.case_id).where(e.feedback_id.in_(feedback_ids))
        steps.lock(tx, *filter(None, tx.session.scalars(through)))
        owed = select(e.feedback_id).where(e.feedback_id.in_(feedback_ids), e.state == LedgerState.OWED)
        ids = tx.session.scalars(owed.order_by(e.feedback_id)).all()
        for feedback_id in ids:
            _reply(tx, feedback_id, text, via, by)
        return len(ids)


def excuse(feedback_id: UUID, reason: ExcuseReason, evidence: str, by: Actor) -> None:
    """Nothing is owed for this one, and why; kept in the history with its evidence."""
    with transaction() as tx:
        entry = _entry(tx, feedback_id)
        contacts = tx.session.scalars(select(Contact.id).where(Contact.feedback_id == feedback_id)).all()
        proof = {"kind": "statement", "text": evidence, "contacts": [str(id) for id in contacts]}
        ledger.settle(tx, feedback_id, rules.excused(reason, proof, ledger.tries(tx, feedback_id)), by)
        tx.audit(str(by), "feedback.excused", feedback_id, reason=reason.value)
        if entry.case_id:
            steps.dismiss_if_nothing_is_owed(tx, steps.load(tx, entry.case_id), by)


def write_reply(
    tx: Tx, feedback_id: UUID, case_id: UUID | None, text: str, via: Via, by: Actor
) -> rules.Settlement:
    """Store the reply; the settlement that it is evidence for."""
    id = new_id(tx.now)
    row = {"id": id, "feedback_id": feedback_id, "case_id": case_id, "via": via, "text": text}
    tx.session.execute(insert(Reply), [row | {"at": tx.now, "by": str(by)}])
    tx.say("feedback.replied", feedback=feedback_id, reply=id)
    return rules.answered_by_reply(str(id), via)


def _reply(tx: Tx, feedback_id: UUID, text: str, via: Via, by: Actor) -> UUID:
    entry = _entry(tx, feedback_id)
    settlement = write_reply(tx, feedback_id, entry.case_id, text, via, by)
    if entry.state is LedgerState.OWED:
        ledger.settle(tx, feedback_id, settlement, by)
    if entry.case_id:
        _tell_the_case(tx, steps.load(tx, entry.case_id), settlement, by)
    tx.audit(str(by), "feedback.replied", feedback_id, reply=settlement.evidence["id"])
    return UUID(settlement.evidence["id"])


def _tell_the_case(tx: Tx, case: Case, settlement: rules.Settlement, by: Actor) -> None:
    """A reply is contact: the case is in progress, and its first promises are kept."""
    before = case.state
    if before in _BEFORE_WORK:
        take(tx, case, by, CaseState.IN_PROGRESS, answered_at=tx.now)
    elif case.ended_at is None:
        steps.change(tx, case, answered_at=tx.now)
    steps.fulfil(tx, case, _CONTACTED)
    steps.append(tx, case, "replied", by, before, {"reply": settlement.evidence["id"]})
    steps.finish(tx, case)


def _entry(tx: Tx, feedback_id: UUID) -> LedgerEntry:
    """The entry, locked after its case: the order in which everybody else locks them."""
    case_id = tx.session.scalar(select(LedgerEntry.case_id).where(LedgerEntry.feedback_id == feedback_id))
    if case_id:
        steps.lock(tx, case_id)
    entry: LedgerEntry | None = tx.session.scalar(
        select(LedgerEntry).where(LedgerEntry.feedback_id == feedback_id).with_for_update(key_share=True)
    )
    if entry is None:
        raise NotFound
    return entry
