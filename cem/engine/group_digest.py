"""Whose storm it is hears every five minutes how it stands: one message, whatever happened to how many."""

from __future__ import annotations

from collections import Counter
from typing import Any, Final
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from cem.domain.escalation import people_for
from cem.domain.findings import Findings
from cem.domain.storms import Digest, Figures, digest
from cem.domain.vocabulary import CaseState, LedgerState
from cem.engine import groups
from cem.engine.group_ladder import locked
from cem.engine.organisation import current, hold
from cem.engine.transaction import Tx, transaction
from cem.models import Case, CaseGroup, Feedback, GroupMember, LedgerEntry, findings_that_hold

TOPICS: Final = 3


def tell(group_id: UUID) -> bool:
    """A digest of this group is due. False where nobody has to hear of it (any more)."""
    with transaction() as tx:
        hold(tx.connection)
        group = locked(tx, group_id)
        if group is None or group.digest_at is None or group.digest_at > tx.now:
            return False
        figures = figures_of(tx.session, group_id)
        told = Figures(**group.digested) if group.digested else None
        due = digest(tx.now, figures, told, calm=group.calm_at is not None)
        if group.ended_at is not None:
            due = Digest(False, None)
        stands = {"count": figures.count, "taken": figures.taken, "answered": figures.answered}
        groups.change(tx, group, digest_at=due.next_at, **({"digested": stands} if due.told else {}))
        if due.told:
            more = figures.count - (told.count if told else 0)
            place = groups.path_of(tx, group)
            tx.say("group.digest", group=group_id, site_path=place, to=_owner(tx, group), more=more, **stands)
        return due.told


def figures_of(session: Session, group_id: UUID) -> Figures:
    """How it stands now."""
    owed = (
        select(LedgerEntry.case_id)
        .where(LedgerEntry.case_id == Case.id, LedgerEntry.state == LedgerState.OWED)
        .correlate(Case)
        .exists()
    )
    statement = (
        select(
            func.count(),
            func.count().filter(Case.state != CaseState.OPEN),
            func.count().filter(~owed),
        )
        .select_from(Case)
        .join(GroupMember, GroupMember.case_id == Case.id)
        .where(GroupMember.group_id == group_id, GroupMember.left_at.is_(None))
    )
    count, taken, answered = session.execute(statement).one()
    return Figures(int(count), int(taken), int(answered))


def common_topics(session: Session, group_id: UUID) -> list[tuple[str, int]]:
    """What their words speak badly of, by how many, the most first."""
    statement = (
        select(findings_that_hold())
        .select_from(Feedback)
        .join(Case, Case.feedback_id == Feedback.id)
        .join(GroupMember, GroupMember.case_id == Case.id)
        .where(GroupMember.group_id == group_id, GroupMember.left_at.is_(None))
    )
    counted: Counter[str] = Counter()
    for document in session.scalars(statement):
        counted.update({topic.code for topic in _topics(document) if topic.sentiment == "negative"})
    return sorted(counted.items(), key=lambda each: (-each[1], each[0]))[:TOPICS]


def _topics(document: dict[str, Any] | None) -> Any:
    return Findings.from_dict(document).topics if document else ()


def _owner(tx: Tx, group: CaseGroup) -> str:
    """Who has taken it; until then, who is on duty: the ladder asks the others."""
    organisation = current(tx.connection)
    kind, _, taker = (group.acknowledged_by or "").partition(":")
    if kind == "user" and organisation.is_active(taker):
        return taker
    place = organisation.by_id[group.site_id]
    people = people_for(place.ladder, place.roster, tx.now, organisation.is_active)
    return people.at(0).person
