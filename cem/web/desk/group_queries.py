"""What the desk reads of groups: those in a list, one with its cases, and what they have in common."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from sqlalchemy import ColumnElement, Row, Select, and_, func, or_, select

from cem.domain.storms import WINDOW, CauseKind
from cem.domain.vocabulary import CaseState, LedgerState, Severity, Tier
from cem.engine.groups import told_of
from cem.extensions import db
from cem.models import (
    Case,
    CaseGroup,
    Delivery,
    GroupMember,
    LedgerEntry,
    Site,
    Touchpoint,
)

MINUTES: Final = 11
"""Bars of the picture: the minutes before, and those of the storm."""


def groups_of(person: UUID, path: str) -> Sequence[Row[Any]]:
    """Those with a case of this person's, or that were paged to them."""
    own = select(GroupMember.group_id).join(Case, Case.id == GroupMember.case_id)
    mine = own.where(Case.owner_id == person, GroupMember.left_at.is_(None))
    return groups_in(path, or_(CaseGroup.id.in_(mine), CaseGroup.id.in_(_paged(person))))


def _paged(person: UUID) -> set[UUID]:
    """The groups that this person was told of while they last, several of them perhaps in one message."""
    oldest = select(func.min(CaseGroup.started_at)).where(CaseGroup.ended_at.is_(None)).scalar_subquery()
    told = select(Delivery).where(
        Delivery.user_id == person, Delivery.created_at >= oldest, Delivery.group_id.is_not(None)
    )
    return {id for each in db.session.scalars(told) for id in told_of(each)}


def groups_in(path: str, *which: ColumnElement[bool]) -> Sequence[Row[Any]]:
    """Those of the places below a path that are not over, the oldest first."""
    below = Site.path.startswith(path, autoescape=True)
    statement = _groups().where(CaseGroup.ended_at.is_(None), below, *which)
    return db.session.execute(statement.order_by(CaseGroup.id)).all()


def of_case(case_id: UUID) -> UUID | None:
    """The group that this case is told of with."""
    statement = (
        select(GroupMember.group_id)
        .join(CaseGroup, CaseGroup.id == GroupMember.group_id)
        .where(GroupMember.case_id == case_id, GroupMember.left_at.is_(None), CaseGroup.ended_at.is_(None))
    )
    found: UUID | None = db.session.scalar(statement)
    return found


def group(id: UUID) -> Row[Any] | None:
    return db.session.execute(_groups().where(CaseGroup.id == id)).one_or_none()


def members(group_id: UUID, part: str = "all") -> ColumnElement[bool]:
    """The condition that a case is in this group, and still to be taken (`open`) or answered (`owed`)."""
    of_group = select(GroupMember.case_id).where(
        GroupMember.group_id == group_id, GroupMember.left_at.is_(None)
    )
    within = Case.id.in_(of_group)
    if part == "open":
        return and_(within, Case.state == CaseState.OPEN)
    if part == "owed":
        owed = select(LedgerEntry.case_id).where(LedgerEntry.state == LedgerState.OWED)
        return and_(within, Case.id.in_(owed.where(LedgerEntry.case_id.in_(of_group))))
    return within


def apart(row: Row[Any]) -> ColumnElement[bool]:
    """Cases of the same minutes at the same site that ring on their own."""
    alone = select(GroupMember.case_id).where(GroupMember.case_id == Case.id).correlate(Case).exists()
    return and_(
        Case.site_id == row.site_id,
        Case.opened_at > row.started_at - WINDOW,
        Case.opened_at <= row.joined_at,
        or_(Case.severity == Severity.CRITICAL, Case.tier == Tier.A),
        ~alone,
    )


def per_minute(row: Row[Any], now: datetime) -> list[tuple[datetime, int]]:
    """How many like these came in each minute until the last one joined."""
    last = min(row.joined_at, now).replace(second=0, microsecond=0)
    first = last - timedelta(minutes=MINUTES - 1)
    statement = select(Case.opened_at).where(
        Case.site_id == row.site_id,
        Case.opened_at >= first,
        Case.severity.in_((Severity.HIGH, Severity.CRITICAL)),
    )
    if row.cause_kind is CauseKind.TOUCHPOINT:
        statement = statement.where(Case.touchpoint_id == UUID(row.cause_code))
    counted = [0] * MINUTES
    for at in db.session.scalars(statement):
        if 0 <= (minute := int((at - first) / timedelta(minutes=1))) < MINUTES:
            counted[minute] += 1
    return [(first + timedelta(minutes=each), count) for each, count in enumerate(counted)]


def first_due(group_id: UUID) -> Row[Any] | None:
    """The open case that has to be taken first: when it began, and by when."""
    statement = select(Case.received_at, Case.due_at).where(members(group_id), Case.due_at.is_not(None))
    untaken = statement.where(Case.state == CaseState.OPEN).order_by(Case.due_at).limit(1)
    return db.session.execute(untaken).first()


def _groups() -> Select[Any]:
    g = CaseGroup
    return select(
        g.id,
        g.site_id,
        g.cause_kind,
        g.cause_code,
        g.reason,
        g.priority,
        g.started_at,
        g.joined_at,
        g.ended_at,
        g.acknowledged_at,
        g.acknowledged_by,
        g.next_step_at,
        Site.name.label("site"),
        Site.path,
        Site.pack,
    ).join(Site, Site.id == g.site_id)


def touchpoint_name(id: UUID) -> dict[str, str]:
    return db.session.scalar(select(Touchpoint.name).where(Touchpoint.id == id)) or {}
