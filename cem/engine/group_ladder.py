"""One ladder for a whole group: who is paged for all of its cases now, and when it is over."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from sqlalchemy import select

from cem.domain.actors import HUB
from cem.domain.escalation import next_step, people_for
from cem.domain.reasons import Reason
from cem.domain.storms import QUIET
from cem.domain.vocabulary import CaseState, Hours
from cem.engine import case_steps as steps
from cem.engine import groups, recusal
from cem.engine.organisation import Place, current, hold
from cem.engine.transaction import Tx, transaction
from cem.models import Case, CaseGroup

UNTOUCHED = (CaseState.OPEN, CaseState.ACKNOWLEDGED)


def escalate(group_id: UUID) -> bool:
    """The next step of a group is due. False where somebody has acknowledged it in the meantime."""
    with transaction() as tx:
        hold(tx.connection)
        open_members = _open_members(tx, group_id)
        group = locked(tx, group_id)
        if group is None or group.next_step_at is None or group.next_step_at > tx.now:
            return False
        if not open_members:  # each was taken by itself: there is nothing left to ask anybody
            return groups.change(tx, group, acknowledged_at=tx.now, acknowledged_by=None, next_step_at=None)
        _page(tx, group, open_members)
        return True


def go_on(group_id: UUID, step: int) -> bool:
    """Whoever was asked at `step` has the app alone: the next is paged at once. False where it has been,
    or somebody has taken the group."""
    with transaction() as tx:
        hold(tx.connection)
        open_members = _open_members(tx, group_id)
        group = locked(tx, group_id)
        if group is None or group.next_step_at is None or group.step != step or not open_members:
            return False
        _page(tx, group, open_members)
        return True


def look(group_id: UUID) -> bool:
    """Once nobody has joined for long it takes no more members; it ends when each is being worked on."""
    with transaction() as tx:
        group = locked(tx, group_id)
        if group is None or group.ended_at is not None or group.look_at > tx.now:
            return False
        if tx.session.scalar(groups.members(group_id, *UNTOUCHED).limit(1)) is None:
            return groups.end(tx, group)
        return groups.change(tx, group, calm_at=group.calm_at or tx.now, look_at=tx.now + QUIET)


def _open_members(tx: Tx, group_id: UUID) -> list[UUID]:
    """Locked, in the order in which everybody locks them."""
    waiting = select(Case.id).where(Case.id.in_(groups.members(group_id, CaseState.OPEN).scalar_subquery()))
    return list(tx.session.scalars(waiting.order_by(Case.id).with_for_update(key_share=True)))


def locked(tx: Tx, group_id: UUID) -> CaseGroup | None:
    statement = select(CaseGroup).where(CaseGroup.id == group_id).with_for_update(key_share=True)
    group: CaseGroup | None = tx.session.scalar(statement.execution_options(populate_existing=True))
    return group


def _page(tx: Tx, group: CaseGroup, open_members: list[UUID]) -> None:
    """Whoever all of it is about is passed over; what of it is about whoever is paged goes its own way."""
    organisation = current(tx.connection)
    place, step = organisation.by_id[group.site_id], group.step + 1
    about = recusal.of_cases(tx.session, open_members)
    of_all = frozenset.intersection(*about.values())
    able = people_for(
        place.ladder,
        place.roster,
        tx.now,
        lambda user: organisation.is_active(user) and user not in of_all,
    )
    rung = able.at(step)
    open_members = _without_theirs(tx, open_members, about, rung.person)
    following = _following(tx, group, place, step)
    groups.change(tx, group, step=step, last_paged_at=tx.now, next_step_at=following)
    groups.next_steps(tx, open_members, following, step=step, last_paged_at=tx.now)
    tx.say("group.escalated", group=group.id, site_path=place.path, step=step, to=rung.person)
    groups.announce(tx, open_members[:1], place.path)


def _without_theirs(
    tx: Tx, open_members: list[UUID], about: Mapping[UUID, frozenset[str]], person: str
) -> list[UUID]:
    """Nobody is told of a complaint about themselves: such a case leaves, and is paged past them."""
    theirs = [id for id in open_members if person in about[id]]
    if len(theirs) == len(open_members):
        return open_members  # there is nobody else: the fallback hears of it all the same
    for case in steps.lock(tx, *theirs).values():
        groups.leave(tx, case, HUB, Reason("recused", {"user": person}))
        groups.next_steps(tx, [case.id], tx.now, step=-1)
    return [id for id in open_members if id not in theirs]


def _following(tx: Tx, group: CaseGroup, place: Place, step: int) -> datetime:
    table = place.policy[group.priority]
    calendar = place.calendar if table.hours is Hours.BUSINESS else None
    begun = tx.now if step == 0 else group.started_at
    return next_step(group.priority, place.policy, begun, step, tx.now, calendar, None).at
