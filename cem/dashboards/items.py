"""The feedback behind a figure: the same conditions as the figure's, so that the list is as long as its n."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, func, or_, select

from cem import clock
from cem.dashboards.periods import ReportPeriod
from cem.dashboards.queries import counting, due_in, flagged
from cem.domain.vocabulary import AnswerHow, LedgerState, PromiseKind
from cem.extensions import db
from cem.models import Answer, Case, Feedback, LedgerEntry, Promise, Site, Touchpoint, User, overdue_at

PAGE: Final = 50
LEDGER: Final = ("thanked", "personal", "public", "owed", "overdue", "excused")
"""In the order of the ledger bar; `owed` is what is not yet due."""
DUE: Final = "due"
"""Whatever is owed, overdue or not."""
STATES: Final = (*LEDGER, DUE)
"""What can be asked for."""


@dataclass(frozen=True, slots=True)
class Filter:
    """Below `path`; of one metric's answers or one kind of promise in a period; in one state of the ledger;
    with one flag; or `among` these.

    A period without metric and promise is about when the feedback was given.
    """

    path: str
    period: ReportPeriod | None = None
    metric: str | None = None
    promise: PromiseKind | None = None
    state: str | None = None
    flag: str | None = None
    among: tuple[UUID, ...] | None = None

    @property
    def by_due_time(self) -> bool:
        """What is owed is read by what is due first, everything else from the newest on."""
        return self.state in ("owed", "overdue", DUE)


@dataclass(frozen=True, slots=True)
class Place:
    """Where a page of the list ends: the next one goes on behind it."""

    at: datetime
    id: UUID


@dataclass(frozen=True, slots=True)
class Page:
    rows: Sequence[Any]
    total: int
    next: Place | None = field(default=None)


def page(wanted: Filter, after: Place | None = None) -> Page:
    """Up to 50 rows with what a list shows of each, behind `after`, and how many there are in all."""
    time, id = _order(wanted)
    statement = _shown(wanted).add_columns(time.label("sort_at"), id.label("sort_id"))
    if after is not None:
        statement = statement.where(_behind(wanted, time, id, after))
    direction = (time, id) if wanted.by_due_time else (time.desc(), id.desc())
    rows = db.session.execute(statement.order_by(*direction).limit(PAGE + 1)).all()
    more = Place(rows[PAGE - 1].sort_at, rows[PAGE - 1].sort_id) if len(rows) > PAGE else None
    return Page(rows[:PAGE], count(wanted), more)


def count(wanted: Filter) -> int:
    return db.session.scalar(_from(select(func.count()), wanted)) or 0


def _order(wanted: Filter) -> tuple[Any, Any]:
    time = LedgerEntry.due_at if wanted.by_due_time else Feedback.received_at
    of_promise = Promise.id if wanted.promise else Feedback.id
    return time, Answer.id if wanted.metric else of_promise


def _behind(wanted: Filter, time: Any, id: Any, after: Place) -> ColumnElement[bool]:
    if wanted.by_due_time:
        return or_(time > after.at, and_(time == after.at, id > after.id))
    return or_(time < after.at, and_(time == after.at, id < after.id))


def _shown(wanted: Filter) -> Select[Any]:
    rating: tuple[Any, Any] = (Feedback.rating_scale, Feedback.rating_value)
    if wanted.metric:
        rating = (Answer.scale.label("rating_scale"), Answer.value.label("rating_value"))
    statement = select(
        Feedback.id,
        Feedback.text,
        Feedback.language,
        Feedback.channel,
        Feedback.occurred_at,
        Feedback.flags,
        *rating,
        LedgerEntry.state,
        LedgerEntry.how,
        LedgerEntry.reason,
        LedgerEntry.due_at,
        LedgerEntry.paused_at,
        User.name.label("owner"),
        Site.name.label("site"),
        Site.timezone,
        Touchpoint.name.label("touchpoint"),
    )
    return (
        _from(statement, wanted)
        .outerjoin(Touchpoint, Touchpoint.id == Feedback.touchpoint_id)
        .outerjoin(User, User.id == LedgerEntry.owner_id)
    )


def _from(statement: Select[Any], wanted: Filter) -> Select[Any]:
    statement = (
        statement.select_from(Feedback)
        .join(LedgerEntry, LedgerEntry.feedback_id == Feedback.id)
        .join(Site, Site.id == Feedback.site_id)
    )
    if wanted.metric:
        statement = statement.join(Answer, Answer.feedback_id == Feedback.id)
    if wanted.promise:
        statement = statement.join(Case, Case.feedback_id == Feedback.id)
        statement = statement.join(Promise, Promise.case_id == Case.id)
    return statement.where(*_conditions(wanted))


def _conditions(wanted: Filter) -> list[ColumnElement[bool]]:
    found = [Site.path.startswith(wanted.path, autoescape=True)]
    if wanted.state:
        found.append(_in_state(wanted.state))
    if wanted.among is not None:
        found.append(Feedback.id.in_(wanted.among))
    if wanted.flag:
        found.append(flagged(wanted.flag))
    if wanted.metric:
        found.append(counting(wanted.metric, wanted.path))
    if wanted.promise:
        found.append(Promise.kind == wanted.promise)
    if wanted.promise and wanted.period:
        found.append(due_in(wanted.period))
    elif wanted.period:
        time = Answer.occurred_at if wanted.metric else Feedback.occurred_at
        found += [time >= wanted.period.start, time < wanted.period.end]
    return found


def _in_state(state: str) -> ColumnElement[bool]:
    if state in list(AnswerHow):
        return and_(LedgerEntry.state == LedgerState.ANSWERED, LedgerEntry.how == AnswerHow(state))
    if state == "excused":
        return LedgerEntry.state == LedgerState.EXCUSED
    if state == DUE:
        return LedgerEntry.state == LedgerState.OWED
    now = clock.now()
    due = overdue_at(now) if state == "overdue" else ~overdue_at(now)
    return and_(LedgerEntry.state == LedgerState.OWED, due)
