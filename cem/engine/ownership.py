"""Who owns a case: whoever takes it, and never the person whom it is about."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from cem.domain.actors import Actor
from cem.domain.escalation import acknowledgement_expires_at
from cem.domain.reasons import Reason, Refused
from cem.domain.vocabulary import CaseState
from cem.engine import case_steps as steps
from cem.engine import ledger, recusal, stopping
from cem.engine.organisation import current
from cem.engine.transaction import Tx
from cem.models import Case


def take(tx: Tx, case: Case, by: Actor, to: CaseState, **values: Any) -> None:
    """Go on to `to`. Leaving `open` stops the ladder; a person who did so owns the case, a program does not.

    A wait for the customer ends, a wait for others lasts.
    """
    was_open, before = case.state is CaseState.OPEN, case.owner_id
    if was_open:
        values |= {"next_step_at": None, "acknowledged_at": tx.now, **_owner(tx, case, by)}
    expires = was_open and to is CaseState.ACKNOWLEDGED
    values["acknowledgement_expires_at"] = _expiry(tx, case) if expires else None
    if case.state is CaseState.WAITING_CUSTOMER:
        values["paused_because"] = None
    steps.change(tx, case, state=to, **values)
    if case.owner_id != before:
        ledger.hand_over(tx, case.id, case.owner_id, by)
    if was_open:
        stopping.stop_pages(tx, case.id)
        steps.announce(tx, case, "case.acknowledged")


def refuse_own_complaint(tx: Tx, case: Case, user_id: str) -> None:
    """Nobody owns a complaint about themselves."""
    if user_id in recusal.of_case(tx.session, case.id):
        raise Refused("recused", user=user_id)


def _owner(tx: Tx, case: Case, by: Actor) -> dict[str, Any]:
    if by.user_id is None:
        return {}
    if not current(tx.connection).is_active(by.user_id):
        raise Refused("user_has_left", user=by.user_id)
    refuse_own_complaint(tx, case, by.user_id)
    return {"owner_id": UUID(by.user_id), "owner_reason": Reason("owner_by_acknowledgement").as_dict()}


def _expiry(tx: Tx, case: Case) -> Any:
    place = steps.place_of(tx, case)
    return acknowledgement_expires_at(case.priority, place.policy, tx.now, place.calendar)
