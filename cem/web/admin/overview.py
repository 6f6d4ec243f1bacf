"""The figures of the administrators' first page: counted when asked, from what the hub itself goes by."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

from flask_babel import gettext, lazy_gettext
from sqlalchemy import ColumnElement, Select, func, select

from cem import clock
from cem.dashboards import ledger, queries
from cem.domain.roster import present
from cem.domain.vocabulary import CaseState, DeliveryState, LedgerState
from cem.engine import organisation, sla_watch
from cem.engine.organisation import Place
from cem.extensions import db
from cem.http import health
from cem.models import (
    AuditRow,
    Case,
    Delivery,
    Feedback,
    FindingsRow,
    LedgerEntry,
    OutboxRow,
    Site,
    Task,
    User,
)
from cem.web.admin import messages
from cem.web.times import zone

_l = lazy_gettext

LATE: Final = timedelta(seconds=30)
"""So long anything due may wait for the schedule before this page says that it stands still."""


@dataclass(frozen=True, slots=True)
class Company:
    name: Mapping[str, str]
    branches: int
    people: int
    customers_said: int


@dataclass(frozen=True, slots=True)
class Account:
    """`parts` as the ledger bar wants them; `owed` there is what is not yet due."""

    parts: Mapping[str, int]
    off_by: int


@dataclass(frozen=True, slots=True)
class Check:
    """Whether something works; `say` is the sentence beside it."""

    name: Any
    well: bool
    say: str


@dataclass(frozen=True, slots=True)
class PlaceRow:
    """`owed` is what is not yet due, `local` the time on the wall there."""

    place: Place
    owed: int
    overdue: int
    on_duty: str
    local: str


def company(path: str) -> Company:
    name = db.session.scalar(select(Site.name).where(Site.path == path))
    branches = select(_COUNT).where(Site.level == "branch", Site.ended_at.is_(None), _below(path))
    people = select(_COUNT).where(User.ended_at.is_(None), User.scope_path.startswith(path, autoescape=True))
    said = select(func.count(Feedback.id)).join(Site, Site.id == Feedback.site_id).where(_below(path))
    return Company(name or {}, _number(branches), _number(people), _number(said))


def places(path: str) -> list[PlaceRow]:
    """Each branch: what it owes, and who is on duty there at this instant."""
    known = organisation.current(db.session.connection())
    by_site = ledger.breakdown("site", path)
    names = {str(id): name for id, name in db.session.execute(select(User.id, User.name))}
    rows = []
    for place in sorted(known.by_code.values(), key=lambda each: each.path):
        if place.takes_feedback and place.path.startswith(path):
            totals = by_site.get(place.code)
            first = present(place.roster, clock.now(), known.is_active).people[0]
            owed, overdue = (totals.owed - totals.overdue, totals.overdue) if totals else (0, 0)
            local = clock.now().astimezone(ZoneInfo(place.timezone)).strftime("%H:%M")
            rows.append(PlaceRow(place, owed, overdue, names.get(first, ""), local))
    return rows


def account(path: str) -> Account:
    totals, off_by = queries.account(path)
    parts = dict(totals.answered) | {
        "owed": totals.owed - totals.overdue,
        "overdue": totals.overdue,
        "excused": totals.excused_in_all,
    }
    return Account(parts, off_by)


def checks() -> Sequence[Check]:
    """Database, queue server, workers and schedule. The schedule is judged by what it should have done."""
    found = health.checks()
    behind = _behind(clock.now())
    late = gettext("The oldest has waited since %(time)s.", time=_clock(behind)) if behind else ""
    return [
        Check(_l("Database"), found["database"], ""),
        Check(_l("Queue server"), found["queue"], ""),
        Check(_l("Workers"), found["workers"], ""),
        Check(_l("Schedule"), behind is None, late or gettext("Nothing that is due waits.")),
    ]


def waiting(path: str) -> list[tuple[Any, int, str]]:
    """What waits for somebody or something: its name, how many, and where to look."""
    here = select(Site.id).where(_below(path))
    owed = select(_COUNT).select_from(LedgerEntry).join(Feedback, Feedback.id == LedgerEntry.feedback_id)
    return [
        (
            _l("Cases that nobody has taken yet"),
            _number(select(_COUNT).where(Case.state == CaseState.OPEN, Case.site_id.in_(here))),
            "/desk?of=untaken",
        ),
        (
            _l("Feedback that is owed an answer"),
            _number(owed.where(LedgerEntry.state == LedgerState.OWED, Feedback.site_id.in_(here))),
            "/executive/feedback?state=due",
        ),
        *((name, _number(_messages(path, state)), address) for name, state, address in _MESSAGES),
        *((name, _number(select(_COUNT).where(*what)), address) for name, what, address in _WAITING),
    ]


def _messages(path: str, state: DeliveryState) -> Select[Any]:
    return select(_COUNT).where(messages.below(path), Delivery.state == state)


def understanding() -> tuple[str | None, int]:
    """The model whose findings are the newest, and how many texts it has not read yet."""
    model = db.session.scalar(select(FindingsRow.model).order_by(FindingsRow.at.desc()).limit(1))
    unread = select(func.count()).select_from(Task).where(*_LIVE, Task.job == "analyse")
    return model, _number(unread)


def _behind(now: datetime) -> datetime | None:
    due = sla_watch.next_due_at()
    event = db.session.scalar(select(func.min(OutboxRow.at)).where(OutboxRow.expanded_at.is_(None)))
    oldest = min((each for each in (due, event) if each is not None), default=None)
    return oldest if oldest is not None and oldest < now - LATE else None


def _clock(at: datetime) -> str:
    return at.astimezone(zone()).strftime("%H:%M:%S")


def _below(path: str) -> ColumnElement[bool]:
    return Site.path.startswith(path, autoescape=True)


def _number(statement: Select[Any]) -> int:
    return int(db.session.scalar(statement) or 0)


_LIVE: Final = (Task.done_at.is_(None), Task.set_aside_at.is_(None))
_COUNT: Final = func.count()

_MESSAGES: Final = (
    (_l("Messages held back for a while"), DeliveryState.HELD, "/admin/deliveries#waiting"),
    (_l("Messages that no way could carry"), DeliveryState.FAILED, "/admin/deliveries#given-up"),
)
_WAITING: Final = (
    (
        _l("Work given up after three tries"),
        (Task.set_aside_at.is_not(None), Task.done_at.is_(None)),
        "/admin/model",
    ),
    (_l("Rows of the audit trail without their seal"), (AuditRow.number.is_(None),), ""),
)
