"""The entries of the ledger move, each move with its evidence."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row, bindparam, insert, select, update

from cem.domain.actors import Actor
from cem.domain.ledger import Settlement
from cem.domain.reasons import Refused
from cem.domain.vocabulary import LedgerState, Outcome
from cem.engine.transaction import Tx
from cem.ids import new_id
from cem.models import Contact, Feedback, LedgerEntry, LedgerMove, Site


def settle(tx: Tx, feedback_id: UUID, settlement: Settlement, by: Actor) -> None:
    """An owed entry is answered or excused. Raises `Refused` where it is not owed (any more)."""
    values = {
        "state": settlement.state,
        "how": settlement.how,
        "reason": settlement.reason,
        "evidence": settlement.evidence,
        "owner_id": None,
        "due_at": None,
        "next_step_at": None,
        "paused_at": None,
    }
    before = _move(tx, feedback_id, LedgerState.OWED, values, by)
    if before is None:
        raise Refused("entry_not_owed")


def settle_if_owed(tx: Tx, feedback_id: UUID, settlement: Settlement, by: Actor) -> None:
    """A second answer to what is answered already adds to its history only."""
    state = tx.session.scalar(select(LedgerEntry.state).where(LedgerEntry.feedback_id == feedback_id))
    if state is LedgerState.OWED:
        settle(tx, feedback_id, settlement, by)


def settle_case(tx: Tx, case_id: UUID, settlement: Settlement, by: Actor) -> list[UUID]:
    """Every entry that is owed through this case is settled by the same evidence, each on its own."""
    owed = feedback_of(tx, case_id, LedgerState.OWED)
    for feedback_id in owed:
        settle(tx, feedback_id, settlement, by)
    return owed


@dataclass(frozen=True, slots=True)
class Through:
    """An entry that is owed through a new case from now on; `before` is its state, and it is locked."""

    feedback_id: UUID
    before: LedgerState
    site_path: str
    case_id: UUID
    owner_id: UUID
    due_at: datetime


def open_through(tx: Tx, entries: Sequence[Through], by: Actor) -> None:
    """Cases were opened for these: they are owed through them (again, if a person had answered before)."""
    if not entries:
        return
    e = LedgerEntry
    statement = update(e).where(e.feedback_id == bindparam("of"), e.state == bindparam("before"))
    owed = {"state": LedgerState.OWED, "how": None, "reason": None, "evidence": None, "changed_at": tx.now}
    given: dict[str, Any] = {
        "case_id": bindparam("case"),
        "owner_id": bindparam("owner"),
        "due_at": bindparam("due"),
    }
    live = owed | given | {"next_step_at": bindparam("due"), "paused_at": None}
    values = [
        {"of": one.feedback_id, "before": one.before, "case": one.case_id}
        | {"owner": one.owner_id, "due": one.due_at}
        for one in entries
    ]
    tx.connection.execute(statement.values(**live), values)
    nothing = {"how": None, "reason": None, "evidence": None}
    moves = [
        {"id": new_id(tx.now), "feedback_id": one.feedback_id, "at": tx.now, "by": str(by)}
        | {"from_state": one.before, "to_state": LedgerState.OWED, "owner_id": one.owner_id}
        | {"due_at": one.due_at, **nothing}
        for one in entries
    ]
    tx.connection.execute(insert(LedgerMove), moves)
    for one in entries:
        state = LedgerState.OWED.value
        tx.say(
            "ledger.changed",
            feedback=one.feedback_id,
            site_path=one.site_path,
            state=state,
            case=one.case_id,
        )


def owe_again(tx: Tx, case_id: UUID, owner_id: UUID, due_at: datetime, by: Actor) -> None:
    """What was answered or excused through this case is owed again; its earlier moves stay in the history."""
    owed = {"state": LedgerState.OWED, "how": None, "reason": None, "evidence": None}
    live = {"owner_id": owner_id, "due_at": due_at, "next_step_at": due_at, "paused_at": None}
    for state in (LedgerState.ANSWERED, LedgerState.EXCUSED):
        for feedback_id in feedback_of(tx, case_id, state):
            _move(tx, feedback_id, state, owed | live, by)


def hand_over(tx: Tx, case_id: UUID, owner_id: UUID, by: Actor) -> None:
    """The owed entries follow their case to its new owner."""
    for feedback_id in feedback_of(tx, case_id, LedgerState.OWED):
        _move(tx, feedback_id, LedgerState.OWED, {"owner_id": owner_id}, by)


def hand_over_one(tx: Tx, feedback_id: UUID, owner_id: UUID, next_step_at: datetime, by: Actor) -> None:
    """One owed entry gets another owner."""
    _move(tx, feedback_id, LedgerState.OWED, {"owner_id": owner_id, "next_step_at": next_step_at}, by)


def remind(tx: Tx, feedback_id: UUID, next_step_at: datetime) -> None:
    """Nothing moves but the time of the next reminder."""
    statement = (
        update(LedgerEntry)
        .where(LedgerEntry.feedback_id == feedback_id, LedgerEntry.state == LedgerState.OWED)
        .values(next_step_at=next_step_at)
        .execution_options(synchronize_session=False)
    )
    tx.session.execute(statement)


def repoint(tx: Tx, case_id: UUID, by: Actor, *, into: UUID, owner_id: UUID, due_at: datetime) -> None:
    """All entries of one case go on through another one."""
    live = {"owner_id": owner_id, "due_at": due_at, "next_step_at": due_at, "paused_at": None}
    for state in LedgerState:
        for feedback_id in feedback_of(tx, case_id, state):
            _move(
                tx, feedback_id, state, {"case_id": into, **(live if state is LedgerState.OWED else {})}, by
            )


def redate(tx: Tx, case_id: UUID, due_at: datetime, paused_at: datetime | None, by: Actor) -> None:
    """The owed entries of a case are due when its promise is, and paused while that is."""
    e = LedgerEntry
    owed = select(e.feedback_id).where(e.case_id == case_id, e.state == LedgerState.OWED)
    other = (e.due_at != due_at) | e.paused_at.is_distinct_from(paused_at)
    values = {"due_at": due_at, "next_step_at": due_at, "paused_at": paused_at}
    for feedback_id in tx.session.scalars(owed.where(other)).all():
        _move(tx, feedback_id, LedgerState.OWED, values, by)


def feedback_of(tx: Tx, case_id: UUID, state: LedgerState | None = None) -> list[UUID]:
    """The feedback that hangs on a case, in one state or in all."""
    statement = select(LedgerEntry.feedback_id).where(LedgerEntry.case_id == case_id)
    if state is not None:
        statement = statement.where(LedgerEntry.state == state)
    return list(tx.session.scalars(statement))


def states_of(tx: Tx, case_id: UUID) -> list[LedgerState]:
    """The states of all that hangs on a case."""
    return list(tx.session.scalars(select(LedgerEntry.state).where(LedgerEntry.case_id == case_id)))


def tries(tx: Tx, feedback_id: UUID) -> Sequence[datetime]:
    """When somebody tried to reach this customer and did not."""
    statement = select(Contact.at).where(
        Contact.feedback_id == feedback_id, Contact.outcome == Outcome.NOT_REACHED
    )
    return tx.session.scalars(statement).all()


def _move(
    tx: Tx, feedback_id: UUID, before: LedgerState, values: dict[str, Any], by: Actor
) -> Row[Any] | None:
    """Change one entry if it still is in `before`, and append the move. None where it was not."""
    e = LedgerEntry
    statement = (
        update(e)
        .where(e.feedback_id == feedback_id, e.state == before)
        .values(**values, changed_at=tx.now)
        .returning(e.state, e.how, e.reason, e.evidence, e.owner_id, e.due_at, e.case_id)
    )
    row = tx.connection.execute(statement).one_or_none()
    if row is None:
        return None
    history = {"id": new_id(tx.now), "feedback_id": feedback_id, "at": tx.now, "by": str(by)}
    shown = {
        "to_state": row.state,
        "how": row.how,
        "reason": row.reason,
        "evidence": row.evidence,
        "owner_id": row.owner_id,
        "due_at": row.due_at,
    }
    tx.connection.execute(insert(LedgerMove), [history | {"from_state": before} | shown])
    path = _path_of(tx, feedback_id)
    tx.say("ledger.changed", feedback=feedback_id, site_path=path, state=row.state.value, case=row.case_id)
    return row


def _path_of(tx: Tx, feedback_id: UUID) -> str | None:
    statement = select(Site.path).join(Feedback, Feedback.site_id == Site.id)
    return tx.connection.scalar(statement.where(Feedback.id == feedback_id))
