"""What people do with a live case. One function, one transaction; refused where the state machine says no."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import insert, select

from cem.domain import case as rules
from cem.domain import ledger as ledger_rules
from cem.domain.actors import Actor
from cem.domain.reasons import Invalid, Reason, Refused
from cem.domain.submission import N_
from cem.domain.vocabulary import CaseAction, CaseState, Outcome, PauseReason, Via
from cem.engine import case_clocks, ledger, recusal
from cem.engine import case_steps as steps
from cem.engine.case_steps import Seen
from cem.engine.ownership import refuse_own_complaint, take
from cem.engine.transaction import Tx, transaction
from cem.ids import new_id
from cem.models import Case, Contact, User


def acknowledge(seen: Seen) -> None:
    """One of ours took the case: no further page goes out. A person who does so becomes its owner."""
    with recusal.kept(seen), transaction() as tx:
        case = steps.load(tx, seen.case_id, seen.version)
        _take(tx, case, seen.by, CaseAction.ACKNOWLEDGEMENT, "acknowledged")


def acknowledge_in(tx: Tx, case: Case, by: Actor) -> None:
    """The same for a locked case, within a transaction that takes several."""
    _take(tx, case, by, CaseAction.ACKNOWLEDGEMENT, "acknowledged")


def assign(seen: Seen, username: str) -> None:
    """Hand the case to somebody else, who is told. To hand somebody a complaint about themselves is refused,
    and the attempt is kept in the audit trail."""
    with recusal.kept(seen), transaction() as tx:
        case = steps.load(tx, seen.case_id, seen.version)
        rules.decide(steps.snapshot(case), CaseAction.ASSIGNMENT, tx.now)
        user = _assignee(tx, case, username)
        reason = Reason("owner_by_assignment", {"by": str(seen.by)})
        steps.change(tx, case, owner_id=user.id, owner_reason=reason.as_dict())
        ledger.hand_over(tx, case.id, user.id, seen.by)
        steps.append(tx, case, "assigned", seen.by, case.state, {"to": str(user.id)})
        tx.audit(str(seen.by), "case.assigned", case.id, to=str(user.id))
        steps.announce(tx, case)
        steps.announce(tx, case, "case.assigned")


def note(seen: Seen, text: str) -> None:
    """Keep words for colleagues. The state stays as it is."""
    with transaction() as tx:
        case = steps.load(tx, seen.case_id)
        rules.decide(steps.snapshot(case), CaseAction.NOTES, tx.now)
        steps.append(tx, case, "noted", seen.by, case.state, note=("note", text))
        steps.announce(tx, case)


def contact(seen: Seen, via: Via, summary: str, outcome: Outcome = Outcome.REACHED) -> None:
    """Somebody tried to reach the customer. Reaching them answers what is owed through this case."""
    with recusal.kept(seen), transaction() as tx:
        case = steps.load(tx, seen.case_id, seen.version)
        before, reached = case.state, outcome is Outcome.REACHED
        decision = rules.decide(steps.snapshot(case), CaseAction.CONTACTS, tx.now, reached=reached)
        if before is CaseState.WAITING_CUSTOMER:
            case_clocks.resume(tx, case)
        take(tx, case, seen.by, decision.to, answered_at=tx.now if reached else case.answered_at)
        steps.fulfil(tx, case, decision.fulfils)
        contact_id = new_id(tx.now)
        details = {"contact": str(contact_id), "via": via.value, "outcome": outcome.value}
        note_id = steps.append(tx, case, "contacted", seen.by, before, details, ("contact", summary))
        _keep_contact(tx, case, contact_id, via, outcome, note_id, seen.by)
        if settlement := ledger_rules.answered_by_contact(str(contact_id), via, outcome):
            ledger.settle_case(tx, case.id, settlement, seen.by)
        steps.finish(tx, case)


def pause(seen: Seen, reason: PauseReason) -> None:
    """The promises stop while we wait for the customer or for a third party; the reason is kept and shown."""
    action = {
        PauseReason.WAITING_CUSTOMER: CaseAction.PAUSE_CUSTOMER,
        PauseReason.WAITING_THIRD_PARTY: CaseAction.PAUSE_THIRD_PARTY,
    }.get(reason)
    if action is None:
        raise Invalid({"reason": [N_("Only the calendar pauses outside hours.")]})
    with transaction() as tx:
        case = steps.load(tx, seen.case_id, seen.version)
        before = case.state
        decision = rules.decide(steps.snapshot(case), action, tx.now)
        waits = {"acknowledgement_expires_at": None} if decision.to is CaseState.WAITING_CUSTOMER else {}
        steps.change(tx, case, state=decision.to, paused_because=reason, **waits)
        case_clocks.pause(tx, case, reason)
        steps.append(tx, case, "paused", seen.by, before, {"reason": reason.value})
        steps.finish(tx, case)


def resume(seen: Seen) -> None:
    """The promises run on, each with the time that it had left."""
    with transaction() as tx:
        case = steps.load(tx, seen.case_id, seen.version)
        before = case.state
        decision = rules.decide(steps.snapshot(case), CaseAction.RESUMPTION, tx.now)
        steps.change(tx, case, state=decision.to, paused_because=None)
        case_clocks.resume(tx, case)
        steps.append(tx, case, "resumed", seen.by, before)
        steps.finish(tx, case)


def _take(tx: Tx, case: Case, by: Actor, action: CaseAction, kind: str) -> None:
    before = case.state
    if action is CaseAction.ACKNOWLEDGEMENT and before is CaseState.ACKNOWLEDGED:
        raise steps.somebody_was_first(tx, case)
    decision = rules.decide(steps.snapshot(case), action, tx.now)
    take(tx, case, by, decision.to)
    steps.fulfil(tx, case, decision.fulfils)
    steps.append(tx, case, kind, by, before)
    tx.audit(str(by), f"case.{kind}", case.id)
    steps.finish(tx, case)


def _assignee(tx: Tx, case: Case, username: str) -> User:
    user: User | None = tx.session.scalar(
        select(User).where(User.username == username, User.ended_at.is_(None))
    )
    if user is None:
        raise Invalid({"user": [N_("There is nobody with this user name.")]})
    refuse_own_complaint(tx, case, str(user.id))
    if not user.sees(steps.place_of(tx, case).path):
        raise Refused("assignee_sees_nothing", user=str(user.id))
    return user


def _keep_contact(
    tx: Tx, case: Case, id: UUID, via: Via, outcome: Outcome, note_id: UUID | None, by: Actor
) -> None:
    row = {
        "id": id,
        "feedback_id": case.feedback_id,
        "case_id": case.id,
        "via": via,
        "outcome": outcome,
        "note_id": note_id,
        "at": tx.now,
        "by": str(by),
    }
    tx.session.execute(insert(Contact), [row])
