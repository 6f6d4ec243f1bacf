"""What people do with a group: take all of it, or take it apart."""

from __future__ import annotations

from typing import Final
from uuid import UUID

from sqlalchemy import select, update

from cem.domain.actors import Actor
from cem.domain.reasons import NotFound, Reason, Refused
from cem.domain.vocabulary import CaseState
from cem.engine import case_steps as steps
from cem.engine import cases, group_ladder, groups, stopping
from cem.engine.transaction import Tx, transaction
from cem.models import Case, CaseGroup, GroupMember

AT_ONCE: Final = 20
"""Members that are taken in one transaction: whoever else has to write waits for it."""


def acknowledge(group_id: UUID, by: Actor) -> int:
    """One of ours took all of it: no further page goes out for any of its cases. How many were taken.

    The paging stops in one commit; each case is then taken like any other. What a killed process leaves is
    finished by the task of the event.
    """
    with transaction() as tx:
        group = _known(tx, group_id)
        if not group.waits:
            raise Refused("group_taken", by=group.acknowledged_by)
        groups.change(tx, group, acknowledged_at=tx.now, acknowledged_by=str(by), next_step_at=None)
        waiting = groups.members(group_id, CaseState.OPEN).order_by(None).scalar_subquery()
        taken = update(GroupMember).where(GroupMember.case_id.in_(waiting)).values(taken_by=str(by))
        tx.session.execute(taken.execution_options(synchronize_session=False))
        stopping.stop_pages_of_group(tx, group_id)
        tx.say("group.acknowledged", group=group_id, site_path=groups.path_of(tx, group))
        tx.audit(str(by), "group.acknowledged", group_id)
    return finish_taking(group_id)


def finish_taking(group_id: UUID) -> int:
    """Take every case that was acknowledged with its group and is still open. How many there were."""
    done = 0
    while taken := _take_some(group_id):
        done += taken
    return done


def separate(group_id: UUID, case_id: UUID, by: Actor) -> None:
    """This one is something else: it leaves the group, and is paged on its own from the first step on."""
    with transaction() as tx:
        case = steps.load(tx, case_id)
        found = groups.of_case(tx, case_id)
        if found is None or found[0].id != group_id:
            raise Refused("not_in_this_group", number=case.number)
        groups.leave(tx, case, by, Reason("apart.by_person", {"by": str(by)}))
        groups.next_steps(tx, [case_id], tx.now, step=-1)
        tx.audit(str(by), "group.separated", case_id, group=str(group_id))
        steps.announce(tx, case)


def split(group_id: UUID, by: Actor) -> int:
    """They are not one thing: the group ends, and each open case goes on by its own ladder. How many."""
    with transaction() as tx:
        waiting = select(Case.id, Case.state).where(
            Case.id.in_(groups.members(group_id).order_by(None).scalar_subquery())
        )
        locked = tx.session.execute(waiting.order_by(Case.id).with_for_update(key_share=True))
        everybody = {row.id: row.state for row in locked}
        group = group_ladder.locked(tx, group_id)
        if group is None:
            raise NotFound
        next_step_at = group.next_step_at or tx.now
        if not groups.end(tx, group):
            raise Refused("group_ended")
        groups.set_member(tx, list(everybody), left_at=tx.now)
        groups.next_steps(tx, list(everybody), next_step_at)
        groups.append(tx, everybody, "ungrouped", by, {"group": str(group_id), "reason": _by(by)})
        stopping.stop_pages_of_group(tx, group_id)
        groups.announce(tx, list(everybody), groups.path_of(tx, group))
        tx.audit(str(by), "group.split", group_id)
        return len(everybody)


def _by(by: Actor) -> dict[str, object]:
    return Reason("apart.by_person", {"by": str(by)}).as_dict()


def _known(tx: Tx, group_id: UUID) -> CaseGroup:
    group = group_ladder.locked(tx, group_id)
    if group is None:
        raise NotFound
    if group.ended_at is not None:
        raise Refused("group_ended")
    return group


def _take_some(group_id: UUID) -> int:
    """Some of them, in one transaction. What is about whoever takes them leaves, and is paged alone."""
    with transaction() as tx:
        waiting = groups.members(group_id, CaseState.OPEN).add_columns(GroupMember.taken_by)
        some = tx.session.execute(waiting.where(GroupMember.taken_by.is_not(None)).limit(AT_ONCE))
        found: dict[UUID, str] = {row.id: row.taken_by for row in some}
        for case in steps.lock(tx, *found).values():
            if case.state is not CaseState.OPEN:
                continue
            by = _actor(found[case.id])
            try:
                cases.acknowledge_in(tx, case, by)
            except Refused as refusal:
                groups.leave(tx, case, by, refusal.reason)
                groups.next_steps(tx, [case.id], tx.now, step=-1)
        return len(found)


def _actor(kept: str) -> Actor:
    kind, _, id = kept.partition(":")
    return Actor(kind, id or None)  # type: ignore[arg-type]
