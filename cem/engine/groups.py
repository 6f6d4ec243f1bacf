"""Who is in which group, and what a case's own ladder has to know of it.

Cases are locked before their group, always: two that want both never wait for each other.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Select, func, insert, select, update

from cem.domain.actors import Actor
from cem.domain.reasons import Reason
from cem.domain.vocabulary import CaseState
from cem.engine.transaction import Tx
from cem.ids import new_id
from cem.models import Case, CaseEvent, CaseGroup, Delivery, GroupMember, Site

WAIT_FOR_HANDS: Final = timedelta(minutes=1)
"""A member that was acknowledged with its group and is just being taken is looked at again after this."""


def of_case(tx: Tx, case_id: UUID) -> tuple[CaseGroup, GroupMember] | None:
    """The group in which this case is now, with its membership."""
    statement = (
        select(CaseGroup, GroupMember)
        .join(GroupMember, GroupMember.group_id == CaseGroup.id)
        .where(GroupMember.case_id == case_id, GroupMember.left_at.is_(None), CaseGroup.ended_at.is_(None))
    )
    row = tx.session.execute(statement.execution_options(populate_existing=True)).one_or_none()
    return None if row is None else (row[0], row[1])


def members(group_id: UUID, *states: CaseState) -> Select[Any]:
    """The ids of the cases that are in a group, in these states or in any, the oldest first."""
    statement = (
        select(Case.id)
        .join(GroupMember, GroupMember.case_id == Case.id)
        .where(GroupMember.group_id == group_id, GroupMember.left_at.is_(None))
        .order_by(Case.id)
    )
    return statement.where(Case.state.in_(states)) if states else statement


def path_of(tx: Tx, group: CaseGroup) -> str | None:
    return tx.session.scalar(select(Site.path).where(Site.id == group.site_id))


def standing(tx: Tx, group_id: UUID) -> CaseState | None:
    """Asked before a message about a group goes out; the group is locked until the message is marked."""
    statement = select(CaseGroup).where(CaseGroup.id == group_id).with_for_update(key_share=True)
    group = tx.session.scalar(statement.execution_options(populate_existing=True))
    if group is None:
        return None
    return CaseState.OPEN if group.waits else CaseState.ACKNOWLEDGED


def standing_of_all(tx: Tx, group_ids: Collection[UUID]) -> CaseState | None:
    """Of several: open while any of them still waits for somebody."""
    states = [standing(tx, id) for id in sorted(group_ids)]
    return CaseState.OPEN if CaseState.OPEN in states else next(iter(states), None)


def told_of(delivery: Delivery) -> list[UUID]:
    """The groups that a message tells of, one or several."""
    several = delivery.message.get("groups")
    return [UUID(id) for id in several] if several else [id for id in (delivery.group_id,) if id]


def change(tx: Tx, group: CaseGroup, *conditions: Any, **values: Any) -> bool:
    """Change it where these conditions still hold."""
    statement = (
        update(CaseGroup)
        .where(CaseGroup.id == group.id, *conditions)
        .values(**values)
        .execution_options(synchronize_session=False)
    )
    done = bool(tx.session.connection().execute(statement).rowcount)
    tx.session.refresh(group)
    return done


def pages_again(tx: Tx, group: CaseGroup) -> None:
    """Somebody has to take it (again): its ladder begins with the first step, at once."""
    change(tx, group, CaseGroup.acknowledged_at.is_not(None), **beginning(tx))


def beginning(tx: Tx) -> dict[str, Any]:
    """Where a ladder begins: nobody has it, and the first step is due."""
    return {"acknowledged_at": None, "acknowledged_by": None, "step": -1, "next_step_at": tx.now}


def waits_with_others(tx: Tx, case: Case) -> datetime | None:
    """When an open case is looked at next because its group is paged for it; None where it is on its own.

    While its group is overdue itself, something has failed there: then the case goes its own way.
    """
    found = of_case(tx, case.id)
    if found is None:
        return None
    group, member = found
    if member.taken_by is not None:
        return tx.now + WAIT_FOR_HANDS
    if group.next_step_at is None or group.next_step_at <= tx.now:
        return None
    return group.next_step_at


def page_together(tx: Tx, case: Case) -> datetime | None:
    """The acknowledgement of a member led to nothing: its group is paged again, once for all of them."""
    found = of_case(tx, case.id)
    if found is None:
        return None
    group, _ = found
    set_member(tx, [case.id], taken_by=None)
    pages_again(tx, group)
    return group.next_step_at


def leave(tx: Tx, case: Case, by: Actor, reason: Reason) -> bool:
    """This case goes its own way from now on. False where it was in no group."""
    found = of_case(tx, case.id)
    if found is None:
        return False
    set_member(tx, [case.id], left_at=tx.now)
    append(
        tx, {case.id: case.state}, "ungrouped", by, {"group": str(found[0].id), "reason": reason.as_dict()}
    )
    return True


def set_member(tx: Tx, case_ids: Collection[UUID], **values: Any) -> None:
    statement = update(GroupMember).where(GroupMember.case_id.in_(case_ids)).values(**values)
    tx.session.execute(statement.execution_options(synchronize_session=False))
    tx.session.expire_all()


def append(tx: Tx, states: Mapping[UUID, CaseState], kind: str, by: Actor, details: dict[str, Any]) -> None:
    """The same line in the history of each of these cases, whose states do not change by it."""
    rows = [
        {
            "id": new_id(tx.now),
            "case_id": id,
            "at": tx.now,
            "kind": kind,
            "by": str(by),
            "from_state": state,
            "to_state": state,
            "details": details,
        }
        for id, state in states.items()
    ]
    if rows:
        tx.session.execute(insert(CaseEvent), rows)


def next_steps(tx: Tx, case_ids: Collection[UUID], at: datetime, **values: Any) -> None:
    """When these open cases are looked at next."""
    statement = (
        update(Case)
        .where(Case.id.in_(case_ids), Case.state == CaseState.OPEN)
        .values(next_step_at=at, **values)
        .execution_options(synchronize_session=False)
    )
    tx.session.execute(statement)


def announce(tx: Tx, case_ids: Collection[UUID], path: str | None) -> None:
    """Say of each that it changed, so that whoever looks sees it."""
    rows = tx.session.execute(select(Case.id, Case.owner_id, Case.state).where(Case.id.in_(case_ids)))
    for row in rows:
        tx.say("case.changed", case=row.id, site_path=path, owner=row.owner_id, state=row.state.value)


def end(tx: Tx, group: CaseGroup) -> bool:
    """It is over; what is left in it goes on by itself. False where it had ended."""
    calm = func.coalesce(CaseGroup.calm_at, tx.now)
    over = {"ended_at": tx.now, "calm_at": calm, "next_step_at": None, "digest_at": None}
    return change(tx, group, CaseGroup.ended_at.is_(None), **over)
