"""Somebody stops working here: nothing that they owned is left behind."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import select, update

from cem.domain.actors import Actor
from cem.domain.reasons import NotFound, Reason, Refused
from cem.domain.roster_changes import succeeded
from cem.domain.routing import Assignment
from cem.domain.vocabulary import LedgerState
from cem.engine import case_steps as steps
from cem.engine import ledger, recusal
from cem.engine.assigning import assign, assign_past
from cem.engine.organisation import Organisation, Place, fresh
from cem.engine.people import count_change, refuse_last_administrator
from cem.engine.rules import latest_version, publish
from cem.engine.transaction import Tx, transaction
from cem.models import Case, Feedback, LedgerEntry, Site, User


def end_user(user_id: UUID, by: Actor, successor_id: UUID | None = None) -> None:
    """End a user. Everything they own goes, in the same transaction, to whoever is next by routing.

    Their shifts are passed over from now on. `successor_id` takes their posts: fallback owner, manager,
    deputy, region. Raises `NotFound`, and `Refused` where they are the fallback owner of a place and nobody
    succeeds them: somebody must always be left.
    """
    with transaction() as tx:
        tx.session.execute(count_change())  # first of all: waits for those who are choosing owners
        user = tx.session.scalar(select(User).where(User.id == user_id).with_for_update(key_share=True))
        if user is None:
            raise NotFound
        if user.ended_at is not None:
            raise Refused("user_has_left", user=str(user_id))
        refuse_last_administrator(tx, user)
        if successor_id is not None:
            _succeed(tx, user_id, successor_id, by)
        _refuse_fallback(tx, user_id)
        values = {"ended_at": tx.now, "session_version": User.session_version + 1}
        tx.session.execute(update(User).where(User.id == user_id).values(**values))
        organisation = fresh(tx.connection)
        for case_id in _cases_of(tx, user_id):
            hand_over_case(tx, organisation, case_id, by)
        for feedback_id in _owed_by(tx, user_id):
            hand_over_entry(tx, organisation, feedback_id, by)
        tx.audit(str(by), "user.ended", user_id)


def _succeed(tx: Tx, user_id: UUID, successor_id: UUID, by: Actor) -> None:
    """Their posts go to somebody who sees every place where they held one."""
    organisation, successor = fresh(tx.connection), str(successor_id)
    for place in posts_of(tx, organisation, user_id):
        if successor_id == user_id or not organisation.may_own(successor, place.path):
            raise Refused("successor_must_work_here", user=successor)
        if _own_roster(tx, place.id):
            roster = succeeded(place.roster, str(user_id), successor)
            publish(tx, "roster", place.id, roster.to_document(), by)
    fallback = update(Site).where(Site.fallback_id == user_id).values(fallback_id=successor_id)
    tx.session.execute(fallback.execution_options(synchronize_session=False))


def posts_of(tx: Tx, organisation: Organisation, user_id: UUID) -> list[Place]:
    """The places where this person is the fallback owner, the manager, the deputy or the region."""
    ids = select(Site.id).where(Site.fallback_id == user_id, Site.ended_at.is_(None))
    named, user = set(tx.session.scalars(ids)), str(user_id)
    return [
        place
        for place in organisation.by_id.values()
        if place.id in named
        or user in (place.roster.fallback, place.roster.manager, place.roster.deputy, place.roster.region)
    ]


def _own_roster(tx: Tx, site_id: UUID) -> bool:
    return latest_version(tx, "roster", site_id) > 0


def _refuse_fallback(tx: Tx, user_id: UUID) -> None:
    ids = select(Site.id).where(Site.fallback_id == user_id, Site.ended_at.is_(None))
    named = set(tx.session.scalars(ids))
    places = fresh(tx.connection).by_id.values()
    stuck = [p.code for p in places if p.id in named or p.roster.fallback == str(user_id)]
    if stuck:
        raise Refused("fallback_cannot_leave", sites=sorted(stuck))


def _cases_of(tx: Tx, user_id: UUID) -> list[UUID]:
    """Live ones, and resolved ones that nobody has closed yet."""
    statement = select(Case.id).where(Case.owner_id == user_id, Case.ended_at.is_(None)).order_by(Case.id)
    return list(tx.session.scalars(statement))


def _owed_by(tx: Tx, user_id: UUID) -> list[UUID]:
    """What they owe without a case; what is owed through a case has gone with it."""
    e = LedgerEntry
    statement = select(e.feedback_id).where(e.owner_id == user_id, e.state == LedgerState.OWED)
    return list(tx.session.scalars(statement.order_by(e.feedback_id)))


def hand_over_case(
    tx: Tx, organisation: Organisation, case_id: UUID, by: Actor, why: str = "owner_by_departure"
) -> None:
    """A case gets the next owner by routing, among whom `organisation` knows as active."""
    case = steps.load(tx, case_id)
    before = case.owner_id
    recused = recusal.of_case(tx.session, case_id)
    assignment = assign_past(organisation, organisation.by_id[case.site_id], recused, tx.now)
    owner_id = UUID(assignment.owner)
    reason = Reason(why, {"user": str(before), "why": assignment.reason.as_dict()})
    steps.change(tx, case, owner_id=owner_id, owner_reason=reason.as_dict())
    ledger.hand_over(tx, case_id, owner_id, by)
    steps.append(tx, case, "assigned", by, case.state, {"to": str(owner_id), "left": str(before)})
    steps.announce(tx, case)
    steps.announce(tx, case, "case.assigned")


def hand_over_entry(tx: Tx, organisation: Organisation, feedback_id: UUID, by: Actor) -> None:
    """What is owed without a case gets the next owner by routing."""
    assignment = _next_owner(tx, organisation, feedback_id)
    entry = tx.session.get_one(LedgerEntry, feedback_id, with_for_update={"key_share": True})
    next_step_at = entry.next_step_at
    assert entry.due_at is not None and next_step_at is not None, "the database insists"
    if entry.due_at > tx.now:
        next_step_at = min(filter(None, (assignment.until, entry.due_at)))
    ledger.hand_over_one(tx, feedback_id, UUID(assignment.owner), next_step_at, by)


def _next_owner(tx: Tx, organisation: Organisation, feedback_id: UUID) -> Assignment:
    feedback = tx.session.get_one(Feedback, feedback_id)
    return assign(organisation, organisation.by_id[feedback.site_id], feedback.staff, tx.now)
