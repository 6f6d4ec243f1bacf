"""Somebody works elsewhere from now on, and what would go to whom if somebody left."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from cem import clock
from cem.domain.actors import Actor
from cem.domain.reasons import NotFound, Refused
from cem.domain.roster_changes import people_of
from cem.domain.vocabulary import LedgerState, Role
from cem.engine import leaving
from cem.engine.assigning import assign
from cem.engine.organisation import Organisation, current, fresh
from cem.engine.people import count_change, path_of, refuse_last_administrator
from cem.engine.transaction import Tx, transaction
from cem.models import Case, Feedback, LedgerEntry, Site, User

ANSWERING = frozenset({Role.ADMIN, Role.EXECUTIVE, Role.MANAGER, Role.STAFF})
"""Who may own a case."""


@dataclass(frozen=True, slots=True)
class Share:
    """What one person would get: how many cases, and how many feedbacks without one."""

    owner: str
    cases: int
    entries: int


@dataclass(frozen=True, slots=True)
class HandOver:
    """Codes of places: where they have a post, are the fallback, or have shifts that would be passed over."""

    shares: tuple[Share, ...]
    posts: tuple[str, ...]
    fallback_of: tuple[str, ...]
    rosters: tuple[str, ...]


def move_user(user_id: UUID, role: Role, site: str | None, by: Actor) -> None:
    """Another role, another part of the tree. What they own outside of it goes to whoever is next there.

    Raises `NotFound`, and `Refused` while they are the fallback owner of a place that they would not see, or
    the last administrator.
    """
    with transaction() as tx:
        tx.session.execute(count_change())  # first of all: waits for those who are choosing owners
        user = tx.session.scalar(select(User).where(User.id == user_id).with_for_update(key_share=True))
        if user is None or user.ended_at is not None:
            raise NotFound
        path = path_of(tx, site)
        if role is not Role.ADMIN:
            refuse_last_administrator(tx, user)
        _refuse_posts(tx, user_id, path, role)
        values = {"role": role, "scope_path": path, "session_version": User.session_version + 1}
        tx.session.execute(update(User).where(User.id == user_id).values(**values))
        organisation = _without(fresh(tx.connection), user_id)
        for case_id in _cases_outside(tx, user_id, path, role):
            leaving.hand_over_case(tx, organisation, case_id, by, "owner_by_move")
        for feedback_id in _owed_outside(tx, user_id, path, role):
            leaving.hand_over_entry(tx, organisation, feedback_id, by)
        tx.audit(str(by), "user.moved", user_id, role=role.value)


def preview(session: Session, user_id: UUID) -> HandOver:
    """What would go to whom if this person left now."""
    known = current(session.connection())
    organisation = _without(known, user_id)
    cases = session.scalars(
        select(Case.feedback_id).where(Case.owner_id == user_id, Case.ended_at.is_(None))
    ).all()
    alone = (LedgerEntry.owner_id == user_id, LedgerEntry.state == LedgerState.OWED)
    entries = session.scalars(
        select(LedgerEntry.feedback_id).where(*alone, LedgerEntry.case_id.is_(None))
    ).all()
    of_cases = _next_owners(session, organisation, cases)
    of_entries = _next_owners(session, organisation, entries)
    shares = tuple(
        Share(owner, of_cases[owner], of_entries[owner]) for owner in sorted({*of_cases, *of_entries})
    )
    user = str(user_id)
    named = set(
        session.scalars(select(Site.code).where(Site.fallback_id == user_id, Site.ended_at.is_(None)))
    )
    places = known.by_id.values()
    return HandOver(
        shares,
        tuple(p.code for p in places if user in (p.roster.manager, p.roster.deputy, p.roster.region)),
        tuple(p.code for p in places if p.code in named or p.roster.fallback == user),
        tuple(p.code for p in places if p.takes_feedback and user in people_of(p.roster)),
    )


def _next_owners(session: Session, organisation: Organisation, ids: Iterable[UUID]) -> Counter[str]:
    wanted = select(Feedback.site_id, Feedback.staff).where(Feedback.id.in_(list(ids)))
    now = clock.now()
    return Counter(
        assign(organisation, organisation.by_id[row.site_id], row.staff, now).owner
        for row in session.execute(wanted)
    )


def _without(organisation: Organisation, user_id: UUID) -> Organisation:
    return replace(organisation, active=organisation.active - {str(user_id)})


def _refuse_posts(tx: Tx, user_id: UUID, path: str, role: Role) -> None:
    places = leaving.posts_of(tx, fresh(tx.connection), user_id)
    stuck = [p.code for p in places if role not in ANSWERING or not p.path.startswith(path)]
    if stuck:
        raise Refused("fallback_cannot_leave", sites=sorted(stuck))


def _cases_outside(tx: Tx, user_id: UUID, path: str, role: Role) -> list[UUID]:
    statement = select(Case.id, Site.path).join(Site, Site.id == Case.site_id)
    rows = tx.session.execute(statement.where(Case.owner_id == user_id, Case.ended_at.is_(None)))
    return [id for id, where in rows.all() if role not in ANSWERING or not where.startswith(path)]


def _owed_outside(tx: Tx, user_id: UUID, path: str, role: Role) -> list[UUID]:
    e = LedgerEntry
    statement = select(e.feedback_id, Site.path).join(Feedback, Feedback.id == e.feedback_id)
    statement = statement.join(Site, Site.id == Feedback.site_id)
    rows = tx.session.execute(statement.where(e.owner_id == user_id, e.state == LedgerState.OWED))
    return [id for id, where in rows.all() if role not in ANSWERING or not where.startswith(path)]
