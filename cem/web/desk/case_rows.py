"""The rows that stand behind the page of one case."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from cem.domain.case import CaseSnapshot
from cem.domain.findings import Findings
from cem.domain.reasons import NotFound
from cem.engine.case_steps import snapshot
from cem.extensions import db
from cem.models import (
    Case,
    CaseEvent,
    Customer,
    Feedback,
    LedgerEntry,
    Reply,
    Site,
    Touchpoint,
    User,
    findings_that_hold,
)


@dataclass(frozen=True, slots=True)
class Rows:
    """A case with the rows around it. `feedback` is what hangs on it, the one that opened it first."""

    case: Case
    site: Site
    touchpoint: Touchpoint | None
    customer: Customer | None
    owner: User
    feedback: tuple[Feedback, ...]
    findings: dict[UUID, Findings]
    replies: Sequence[Reply]
    last: Case | None

    @property
    def first(self) -> Feedback:
        return self.feedback[0]

    @property
    def snapshot(self) -> CaseSnapshot:
        return snapshot(self.case)


def path_of(number: int) -> str:
    """Where the case is. Raises `NotFound`."""
    path = db.session.scalar(
        select(Site.path).join(Case, Case.site_id == Site.id).where(Case.number == number)
    )
    if path is None:
        raise NotFound
    return str(path)


def read(number: int) -> Rows:
    """Everything that one case needs, in as many questions whatever its history."""
    row = db.session.execute(
        select(Case, Site, Touchpoint, Customer, User)
        .join(Site, Site.id == Case.site_id)
        .join(User, User.id == Case.owner_id)
        .outerjoin(Touchpoint, Touchpoint.id == Case.touchpoint_id)
        .outerjoin(Customer, Customer.id == Case.customer_id)
        .where(Case.number == number)
        .options(
            selectinload(Case.promises),
            selectinload(Case.events).joinedload(CaseEvent.note),
        )
    ).one_or_none()
    if row is None:
        raise NotFound
    case, site, touchpoint, customer, owner = row
    feedback, findings = _feedback(case)
    replies = db.session.scalars(
        select(Reply).where(Reply.feedback_id.in_([one.id for one in feedback])).order_by(Reply.at)
    ).all()
    last = _last(case)
    return Rows(case, site, touchpoint, customer, owner, feedback, findings, replies, last)


def _feedback(case: Case) -> tuple[tuple[Feedback, ...], dict[UUID, Findings]]:
    statement = (
        select(Feedback, findings_that_hold())
        .outerjoin(LedgerEntry, LedgerEntry.feedback_id == Feedback.id)
        .where((LedgerEntry.case_id == case.id) | (Feedback.id == case.feedback_id))
        .order_by(Feedback.id != case.feedback_id, Feedback.received_at)
    )
    found = db.session.execute(statement).all()
    readings = {one.id: Findings.from_dict(document) for one, document in found if document is not None}
    return tuple(one for one, _ in found), readings


def _last(case: Case) -> Case | None:
    """The case of the same customer that was resolved last."""
    if case.customer_id is None:
        return None
    found: Case | None = db.session.scalar(
        select(Case)
        .where(Case.customer_id == case.customer_id, Case.id != case.id, Case.resolution.is_not(None))
        .order_by(Case.resolved_at.desc())
        .limit(1)
    )
    return found
