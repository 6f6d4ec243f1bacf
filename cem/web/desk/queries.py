"""What the desk reads. One question for each list, whatever its length."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from sqlalchemy import ColumnElement, Row, Select, and_, case, func, or_, select

from cem.domain.vocabulary import CaseState, DeliveryKind, LedgerState, PromiseState
from cem.extensions import db
from cem.models import (
    AlikeRow,
    Case,
    CaseGroup,
    Customer,
    Delivery,
    Feedback,
    GroupMember,
    LedgerEntry,
    Pause,
    Promise,
    Site,
    Touchpoint,
    User,
    findings_that_hold,
    overdue_at,
)

AT_ONCE: Final = 200
"""Rows of one list. What is overdue comes first, so nothing urgent lies beyond."""
LOOKED_BACK: Final = timedelta(days=30)

_PAGED: Final = (DeliveryKind.PAGE, DeliveryKind.ESCALATION)


@dataclass(frozen=True, slots=True)
class Tally:
    """All that is owed in these places, and what was answered since `since`."""

    overdue: int
    owed: int
    answered: int


def tally(path: str, now: datetime, since: datetime) -> Tally:
    """`owed` is what is not due yet."""
    late = func.sum(case((overdue_at(now), 1), else_=0))
    owed = _entries(select(func.count(), late), path).where(LedgerEntry.state == LedgerState.OWED)
    everything, overdue = db.session.execute(owed).one()
    answered = db.session.scalar(_entries(select(func.count()), path).where(*_answered_since(now, since)))
    return Tally(int(overdue or 0), int(everything) - int(overdue or 0), int(answered or 0))


def cases_of(person: UUID, path: str) -> Sequence[Row[Any]]:
    """What is this person's: owned, or paged to them while nobody has taken it."""
    paged = and_(Case.state == CaseState.OPEN, _paged_at(person).is_not(None))
    return _cases(person, _below(path), ~in_a_group(), or_(Case.owner_id == person, paged))


def cases_in(person: UUID, path: str) -> Sequence[Row[Any]]:
    """Every live case below a path; those of a group stand in its line."""
    return _cases(person, _below(path), ~in_a_group())


def cases_untaken(person: UUID, path: str) -> Sequence[Row[Any]]:
    """Every case below a path that nobody has taken yet, those of a group as well."""
    return _cases(person, _below(path), Case.state == CaseState.OPEN)


def cases_where(
    person: UUID, which: ColumnElement[bool], most: int, *, ended: bool = False
) -> Sequence[Row[Any]]:
    """Cases that fit, those that are due first; only live ones unless `ended` are asked for too."""
    return _cases(person, which, most=most, ended=ended)


def count_of(person: UUID, path: str) -> tuple[int, int]:
    """How many live cases are this person's, and how many there are in these places."""
    paged = and_(Case.state == CaseState.OPEN, _paged_at(person).is_not(None))
    own = func.sum(case((or_(Case.owner_id == person, paged), 1), else_=0))
    statement = select(own, func.count()).select_from(Case).join(Site, Site.id == Case.site_id)
    mine, everything = db.session.execute(statement.where(Case.ended_at.is_(None), _below(path))).one()
    return int(mine or 0), int(everything)


def owed_without_a_case(person: UUID, path: str) -> Sequence[Row[Any]]:
    """Feedback that opened no case and that this person owes an answer."""
    owed = (LedgerEntry.state == LedgerState.OWED, LedgerEntry.case_id.is_(None))
    return _feedback(path, *owed, LedgerEntry.owner_id == person)


def count_owed_without_a_case(person: UUID, path: str) -> int:
    statement = _entries(select(func.count()), path).where(
        LedgerEntry.state == LedgerState.OWED, LedgerEntry.case_id.is_(None), LedgerEntry.owner_id == person
    )
    return int(db.session.scalar(statement) or 0)


def entries_in(
    path: str, state: str, now: datetime, since: datetime | None, skip: int = 0
) -> tuple[Sequence[Row[Any]], int]:
    """The entries behind a number of the tally (`overdue`, `owed`, `answered`) or of the ledger, and how many
    there are; those received, or for `answered` settled, from `since` on."""
    which = _behind(state, now, since)
    total = db.session.scalar(_entries(select(func.count()), path).where(*which))
    return _feedback(path, *which, skip=skip), int(total or 0)


def _behind(state: str, now: datetime, since: datetime | None) -> tuple[ColumnElement[bool], ...]:
    if state == "answered" and since is not None:
        return _answered_since(now, since)
    received = (Feedback.received_at >= since,) if since is not None else ()
    if state == "excused":
        return (LedgerEntry.state == LedgerState.EXCUSED, *received)
    if state not in ("overdue", "owed"):
        return (LedgerEntry.how == state, *received)
    due = overdue_at(now) if state == "overdue" else ~overdue_at(now)
    return (LedgerEntry.state == LedgerState.OWED, due, *received)


def alike_in(path: str, group_id: UUID) -> Sequence[Row[Any]]:
    """The texts of a group of those that are almost the same, as far as they are from these places."""
    of_group = select(AlikeRow.feedback_id).where(AlikeRow.group_id == group_id, AlikeRow.parted_at.is_(None))
    return _feedback(path, Feedback.id.in_(of_group))


def one_feedback(id: UUID) -> Row[Any] | None:
    return db.session.execute(_feedback_statement().where(Feedback.id == id)).one_or_none()


def names_of(ids: set[UUID]) -> dict[str, str]:
    """Names by what history calls people: `user:<id>`."""
    rows = db.session.execute(select(User.id, User.name).where(User.id.in_(ids))) if ids else ()
    return {f"user:{id}": name for id, name in rows}


def _paused_at() -> ColumnElement[Any]:
    """Since when a person pauses the case of the row around it."""
    lasting = select(func.max(Pause.started_at)).where(Pause.case_id == Case.id, Pause.ended_at.is_(None))
    return lasting.correlate(Case).scalar_subquery()


def _cases(
    person: UUID, *which: ColumnElement[bool], most: int = AT_ONCE, ended: bool = False
) -> Sequence[Row[Any]]:
    due = and_(
        Promise.case_id == Case.id,
        or_(
            Promise.due_at == Case.due_at,
            and_(Case.due_at.is_(None), Promise.state == PromiseState.PAUSED),
        ),
        Promise.fulfilled_at.is_(None),
        Promise.ended_at.is_(None),
    )
    statement = (
        select(
            Case.id,
            Case.number,
            Case.state,
            Case.tier,
            Case.received_at,
            Case.due_at,
            Case.resolved_at,
            Case.paused_because,
            Case.owner_id,
            Case.owner_reason,
            User.name.label("owner"),
            Promise.kind.label("promise"),
            Promise.started_at,
            Promise.due_at.label("promise_due_at"),
            Promise.hours,
            _paused_at().label("paused_at"),
            _paged_at(person).label("paged_at"),
            *_about(),
        )
        .select_from(Case)
        .join(Feedback, Feedback.id == Case.feedback_id)
        .join(Site, Site.id == Case.site_id)
        .join(User, User.id == Case.owner_id)
        .outerjoin(Touchpoint, Touchpoint.id == Case.touchpoint_id)
        .outerjoin(Customer, Customer.id == Case.customer_id)
        .outerjoin(Promise, due)
        .where(*which, *(() if ended else (Case.ended_at.is_(None),)))
        .order_by(Case.due_at.is_(None), Case.due_at, Case.tier, Case.number, Promise.due_at.desc())
        .limit(most)
    )
    return list(
        {row.id: row for row in db.session.execute(statement)}.values()
    )  # its promise that is due first


def in_a_group() -> ColumnElement[bool]:
    """Whether the case of the row around it is told of in the line of its group."""
    return (
        select(GroupMember.case_id)
        .join(CaseGroup, CaseGroup.id == GroupMember.group_id)
        .where(GroupMember.case_id == Case.id, GroupMember.left_at.is_(None), CaseGroup.ended_at.is_(None))
        .correlate(Case)
        .exists()
    )


def _feedback(path: str, *which: ColumnElement[bool], skip: int = 0) -> Sequence[Row[Any]]:
    statement = _feedback_statement().where(_below(path), *which)
    order = (LedgerEntry.due_at.is_(None), LedgerEntry.due_at, LedgerEntry.changed_at.desc(), Feedback.id)
    return db.session.execute(statement.order_by(*order).offset(skip).limit(AT_ONCE)).all()


def _feedback_statement() -> Select[Any]:
    return (
        select(
            Feedback.id,
            Feedback.received_at,
            Feedback.tracking_code,
            LedgerEntry.state,
            LedgerEntry.how,
            LedgerEntry.due_at,
            LedgerEntry.paused_at,
            LedgerEntry.changed_at,
            LedgerEntry.owner_id,
            func.coalesce(Customer.tier, "unknown").label("tier"),
            User.name.label("owner"),
            Case.number,
            Feedback.staff,
            Site.path,
            Site.pack,
            *_about(),
        )
        .select_from(Feedback)
        .join(LedgerEntry, LedgerEntry.feedback_id == Feedback.id)
        .join(Site, Site.id == Feedback.site_id)
        .outerjoin(User, User.id == LedgerEntry.owner_id)
        .outerjoin(Case, Case.id == LedgerEntry.case_id)
        .outerjoin(Touchpoint, Touchpoint.id == Feedback.touchpoint_id)
        .outerjoin(Customer, Customer.id == Feedback.customer_id)
    )


def _about() -> tuple[Any, ...]:
    """Where, who and what was said: the same columns in every list."""
    return (
        Site.id.label("site_id"),
        Site.name.label("site"),
        Touchpoint.name.label("touchpoint"),
        Feedback.channel,
        Feedback.text,
        Feedback.language,
        Feedback.rating_scale,
        Feedback.rating_value,
        Feedback.flags,
        Customer.name.label("customer"),
        findings_that_hold().label("findings"),
    )


def _entries(statement: Select[Any], path: str) -> Select[Any]:
    return (
        statement.select_from(LedgerEntry)
        .join(Feedback, Feedback.id == LedgerEntry.feedback_id)
        .join(Site, Site.id == Feedback.site_id)
        .where(_below(path))
    )


def _answered_since(now: datetime, since: datetime) -> tuple[ColumnElement[bool], ...]:
    return (
        LedgerEntry.state == LedgerState.ANSWERED,
        LedgerEntry.changed_at >= since,
        Feedback.received_at >= now - LOOKED_BACK,
    )


def _paged_at(person: UUID) -> ColumnElement[Any]:
    """When this person was first paged for the case of the row around it."""
    return (
        select(func.min(Delivery.created_at))
        .where(Delivery.case_id == Case.id, Delivery.user_id == person, Delivery.kind.in_(_PAGED))
        .correlate(Case)
        .scalar_subquery()
    )


def _below(path: str) -> ColumnElement[bool]:
    return Site.path.startswith(path, autoescape=True)
