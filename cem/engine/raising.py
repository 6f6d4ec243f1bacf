"""A case turns out to be worse, or to be one with a worse one: raised, promised sooner, never lowered."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from cem import clock
from cem.domain import sla
from cem.domain.actors import HUB, Actor
from cem.domain.case import LIVE
from cem.domain.reasons import Reason
from cem.domain.routing import Assignment
from cem.domain.rules import NOTHING, Guidance, Targets, Verdict
from cem.domain.severity import Triage, priority, worse
from cem.domain.vocabulary import CaseState, PromiseState
from cem.engine import case_steps as steps
from cem.engine import ladder, ledger, promise_steps, recusal
from cem.engine.assigning import assign_past
from cem.engine.opening import all_reasons
from cem.engine.organisation import Place, current
from cem.engine.transaction import Tx
from cem.models import Case, Promise

_CHOSEN_BY_PEOPLE = frozenset({"owner_by_assignment", "owner_by_acknowledgement"})


def raise_case(tx: Tx, case: Case, verdict: Verdict) -> None:
    """A worse reading raises a live case, and a rule that sees more may promise sooner or name the owner of
    what nobody has taken yet; nothing ever lowers one."""
    if case.state not in LIVE:
        return
    found = verdict.triage
    if found is not None and worse(found.severity, case.severity):
        _change_owner(tx, case, verdict.guidance)
        _raise(tx, case, found, verdict.guidance)
    else:
        changed = _change_owner(tx, case, verdict.guidance)
        changed |= promise_sooner(tx, case, steps.place_of(tx, case), verdict.guidance.promises)
        if changed:
            _remember(tx, case, verdict.guidance.promise_reasons)
            steps.finish(tx, case)


def absorb(tx: Tx, case: Case, other: Case, by: Actor) -> None:
    """`other` is merged into `case`, which becomes as urgent as the worse of them and promises no later than
    either of them did."""
    worst = other.severity if worse(other.severity, case.severity) else case.severity
    rank = min(case.priority, other.priority)
    raised = worst is not case.severity or rank is not case.priority
    if raised:
        reason = Reason("merged_worse", {"number": other.number})
        kept = {name: case.reason[name] for name in ("code", "args")}
        also = [kept, {name: other.reason[name] for name in ("code", "args")}, *case.reason.get("also", [])]
        why = {**reason.as_dict(), "priority": other.reason.get("priority"), "also": also}
        _set_rank(tx, case, severity=worst, priority=rank, reason=why)
        promise_sooner(tx, case, steps.place_of(tx, case))
    _keep_the_sooner(tx, case, other)
    if raised:
        details = {"severity": worst.value, "reason": reason.as_dict()}
        steps.append(tx, case, "raised", by, case.state, details)
        if case.state is CaseState.OPEN:
            ladder.page_next(tx, case, Reason("raised"))


def promise_sooner(tx: Tx, case: Case, place: Place, targets: Targets = NOTHING) -> bool:
    """The promises of the case's priority, or of a rule where they are sooner, less the time that was used so
    far. A broken one stays broken, none becomes later. Whether any changed."""
    table, changed = place.policy[case.priority], False
    for promise in steps.unfulfilled(tx, case):
        if promise.state is PromiseState.BREACHED or promise.round > 1:
            continue
        wanted = table.target(promise.kind)
        target = min(wanted, targets.get(promise.kind, wanted))
        before = promise_steps.clock_of(tx, promise)
        after = sla.changed(before, place.calendar, tx.now, target, table.hours)
        if before.hours is after.hours and target >= before.target:
            continue
        due_at = sla.due_at(after, place.calendar)
        if due_at is not None and due_at >= promise.due_at:
            continue
        values: dict[str, Any] = {
            "target_seconds": int(after.target.total_seconds()),
            "hours": after.hours,
            "counted_from": after.started_at,
            "spent_seconds": after.spent.total_seconds(),
        }
        if due_at is not None:
            values["due_at"] = due_at
        promise_steps.set_promise(tx, promise, **values)
        if promise.state is PromiseState.RUNNING:
            promise_steps.arm(tx, place, promise, catch_up=True)
        changed = True
    return changed


def _raise(tx: Tx, case: Case, found: Triage, guidance: Guidance) -> None:
    rank, lifted = priority(found.severity, case.tier)
    why = all_reasons(found, lifted, guidance)
    _set_rank(tx, case, severity=found.severity, priority=min(rank, case.priority), reason=why)
    promise_sooner(tx, case, steps.place_of(tx, case), guidance.promises)
    details = {"severity": found.severity.value, "reason": found.reason.as_dict()}
    steps.append(tx, case, "raised", HUB, case.state, details)
    if case.state is CaseState.OPEN:
        ladder.page_next(tx, case, Reason("raised"))
    steps.finish(tx, case)


def _set_rank(tx: Tx, case: Case, **values: Any) -> None:
    """The ladder of one that nobody has taken begins anew."""
    steps.change(tx, case, **values, **({"step": -1} if case.state is CaseState.OPEN else {}))


def new_owner(
    case: Case, guidance: Guidance, session: Session, now: datetime | None = None
) -> Assignment | None:
    """Whom a rule names for what nobody has taken or handed over yet; None where that changes nothing."""
    if guidance.owner is None or case.state is not CaseState.OPEN:
        return None
    if case.owner_reason["code"] in _CHOSEN_BY_PEOPLE:
        return None
    organisation = current(session.connection())
    place, recused = organisation.by_id[case.site_id], recusal.of_case(session, case.id)
    assignment = assign_past(organisation, place, recused, now or clock.now(), guidance)
    return None if UUID(assignment.owner) == case.owner_id else assignment


def _change_owner(tx: Tx, case: Case, guidance: Guidance) -> bool:
    assignment = new_owner(case, guidance, tx.session, tx.now)
    if assignment is None:
        return False
    owner_id = UUID(assignment.owner)
    steps.change(tx, case, owner_id=owner_id, owner_reason=assignment.reason.as_dict())
    ledger.hand_over(tx, case.id, owner_id, HUB)
    steps.append(tx, case, "assigned", HUB, case.state, {"to": str(owner_id)})
    steps.announce(tx, case, "case.assigned")
    return True


def _remember(tx: Tx, case: Case, reasons: tuple[Reason, ...]) -> None:
    known = case.reason.get("also", [])
    fresh = [each.as_dict() for each in reasons if each.as_dict() not in known]
    if fresh:
        steps.change(tx, case, reason={**case.reason, "also": [*known, *fresh]})


def _keep_the_sooner(tx: Tx, case: Case, other: Case) -> None:
    """Of two promises of a kind that both run, the one that is due first is the one that is kept."""
    theirs = {promise.kind: promise for promise in steps.unfulfilled(tx, other) if _runs(promise)}
    for promise in [each for each in steps.unfulfilled(tx, case) if _runs(each)]:
        sooner = theirs.get(promise.kind)
        if sooner is None or sooner.due_at >= promise.due_at:
            continue
        promise_steps.set_promise(
            tx,
            promise,
            target_seconds=sooner.target_seconds,
            hours=sooner.hours,
            counted_from=sooner.counted_from or sooner.started_at,
            spent_seconds=sooner.spent_seconds,
            due_at=sooner.due_at,
        )
        promise_steps.arm(tx, steps.place_of(tx, case), promise, catch_up=True)


def _runs(promise: Promise) -> bool:
    return promise.state is PromiseState.RUNNING
