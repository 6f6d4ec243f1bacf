"""The past, as a rehearsal reads it: a stretch at a time, in short transactions, whatever there is of it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Select, func, select

from cem.domain.calendars import Pause as PausePeriod
from cem.domain.findings import Findings
from cem.domain.localtime import zone
from cem.domain.ratings import Rating
from cem.domain.rehearsal import LATE_ARRIVAL, House, Past, Regime, Usual
from cem.domain.rules import Signal
from cem.domain.vocabulary import PromiseKind, Tier
from cem.engine.organisation import Organisation, Place, current, places_with
from cem.extensions import db
from cem.models import (
    Case,
    Customer,
    Feedback,
    FindingsRow,
    Pause,
    Promise,
    RuleDraft,
    RuleVersion,
    Site,
    Touchpoint,
)

USUAL_OF: Final = 5_000
"""What is usual is the middle of so many cases, the newest."""

Done = dict[PromiseKind, timedelta]
Cursor = tuple[datetime, UUID]
"""When the last feedback that was played came in, and its id."""


@dataclass(frozen=True, slots=True)
class Scope:
    """Where and when: the places at or below the draft's own, and the time between two instants."""

    sites: tuple[UUID, ...]
    since: datetime
    until: datetime

    def of(self, statement: Select[Any]) -> Select[Any]:
        f = Feedback
        return statement.where(
            f.site_id.in_(self.sites), f.received_at >= self.since, f.received_at < self.until
        )


def scope(path: str, since: datetime, until: datetime) -> Scope:
    sites = db.session.scalars(select(Site.id).where(Site.path.startswith(path, autoescape=True)))
    return Scope(tuple(sites), since, until)


def any_past(within: Scope) -> bool:
    return db.session.execute(within.of(select(Feedback.id)).limit(1)).first() is not None


def size(within: Scope) -> int:
    return int(db.session.scalar(within.of(select(func.count(Feedback.id)))) or 0)


def rules_of(path: str) -> str:
    """Which rules and people hold at a place, below and above it; it changes when one of them does."""
    places = (Site.path.startswith(path, autoescape=True), Site.path.in_(_above(path)))
    versions = (
        select(func.count(RuleVersion.id))
        .join(Site, Site.id == RuleVersion.site_id)
        .where(places[0] | places[1])
    )
    known = current(db.session.connection())
    return f"{db.session.scalar(versions) or 0}.{len(known.active)}"


def _above(path: str) -> list[str]:
    parts = path.strip("/").split("/")
    return ["/".join(parts[:depth]) + "/" for depth in range(1, len(parts) + 1)]


def regimes(draft: RuleDraft, path: str) -> tuple[Regime, Regime]:
    """What holds, and what would."""
    connection = db.session.connection()
    known = current(connection)
    would_be = places_with(connection, draft.kind, draft.site_id, draft.document)
    return _regime(known, known.by_code.values(), path), _regime(known, would_be, path)


def _regime(known: Organisation, places: Iterable[Place], path: str) -> Regime:
    houses = {
        place.code: House(
            place.path,
            place.roster,
            place.ladder,
            place.policy,
            place.calendar,
            place.rules,
            place.takes_feedback and place.path.startswith(path),
        )
        for place in places
    }
    return Regime(houses, known.is_active, known.may_own)


def usual(within: Scope) -> Usual:
    """How long the newest cases took."""
    c = Case
    newest = (
        select(c.id, c.priority, c.received_at)
        .where(c.site_id.in_(within.sites), c.received_at >= within.since, c.received_at < within.until)
        .order_by(c.received_at.desc())
        .limit(USUAL_OF)
        .subquery()
    )
    statement = select(newest.c.id, newest.c.priority, newest.c.received_at, *_ends(), Promise.kind).join(
        Promise, (Promise.case_id == newest.c.id) & (Promise.round == 1)
    )
    known: dict[UUID, tuple[Any, Done]] = {}
    for row in db.session.execute(statement):
        _, took = known.setdefault(row.id, (row.priority, {}))
        _take(took, row)
    return Usual(known.values())


def stretch(within: Scope, after: Cursor | None, many: int) -> tuple[list[Past], Cursor | None]:
    """The next `many` feedbacks, the oldest first, and where they end; None where there are no more."""
    known = current(db.session.connection())
    rows = db.session.execute(_after(within, after).limit(many)).all()
    ids = [row.id for row in rows]
    findings, done, pauses = _findings(ids), _done(ids), _pauses(ids)
    codes = _touchpoints({row.touchpoint_id for row in rows if row.touchpoint_id})
    past = [
        _one(row, known, codes, findings.get(row.id), done.get(row.id), pauses.get(row.id, ()))
        for row in rows
    ]
    return past, (rows[-1].received_at, rows[-1].id) if rows else None


def _after(within: Scope, after: Cursor | None) -> Select[Any]:
    f = Feedback
    columns: tuple[Any, ...] = (
        f.id,
        f.channel,
        f.kind,
        f.touchpoint_id,
        f.rating_scale,
        f.rating_value,
        f.text.is_(None).label("wordless"),
        f.staff,
        f.occurred_at,
        f.received_at,
        Site.code.label("place"),
        Site.path,
        Site.timezone,
        Customer.tier,
    )
    statement: Select[Any] = select(*columns).join(Site, Site.id == f.site_id).outerjoin(Customer)
    if after is not None:
        at, id = after
        statement = statement.where(f.received_at >= at, (f.received_at > at) | (f.id > id))
    return within.of(statement).order_by(f.received_at, f.id)


def _one(
    row: Any,
    known: Organisation,
    touchpoints: dict[UUID, str],
    findings: dict[str, Any] | None,
    done: Done | None,
    pauses: tuple[PausePeriod, ...],
) -> Past:
    signal = Signal(
        row.channel,
        row.kind,
        row.path,
        row.received_at.astimezone(zone(row.timezone)),
        Rating(row.rating_scale, row.rating_value) if row.rating_scale else None,
        Findings.from_dict(findings) if findings else None,
        row.tier or Tier.UNKNOWN,
        touchpoints.get(row.touchpoint_id),
    )
    return Past(
        str(row.id),
        row.place,
        signal,
        row.received_at,
        row.received_at - row.occurred_at > LATE_ARRIVAL,
        row.wordless,
        known.user_ids.get(row.staff or ""),
        done,
        pauses,
    )


def _findings(ids: Sequence[UUID]) -> dict[UUID, dict[str, Any]]:
    """The newest of each."""
    f = FindingsRow
    rows = db.session.execute(
        select(f.feedback_id, f.document).where(f.feedback_id.in_(ids)).order_by(f.version)
    )
    return {row.feedback_id: row.document for row in rows}


def _done(ids: Sequence[UUID]) -> dict[UUID, Done]:
    """How long each promise of each case really took, by the feedback that opened it. What was ended without
    being kept (dismissed, merged) took as long as until then."""
    done: dict[UUID, Done] = {}
    statement = (
        select(Case.feedback_id, Case.received_at, Promise.kind, *_ends())
        .join(Promise, Promise.case_id == Case.id)
        .where(Promise.round == 1, Case.feedback_id.in_(ids))
    )
    for row in db.session.execute(statement):
        _take(done.setdefault(row.feedback_id, {}), row)
    return done


def _ends() -> tuple[Any, Any]:
    return Promise.fulfilled_at, Promise.ended_at


def _take(took: Done, row: Any) -> None:
    kept_at = row.fulfilled_at or row.ended_at
    if kept_at is not None:
        took[row.kind] = kept_at - row.received_at


def _pauses(ids: Sequence[UUID]) -> dict[UUID, tuple[PausePeriod, ...]]:
    found: dict[UUID, tuple[PausePeriod, ...]] = {}
    statement = (
        select(Case.feedback_id, Pause.started_at, Pause.ended_at, Pause.reason)
        .join(Case, Case.id == Pause.case_id)
        .where(Case.feedback_id.in_(ids))
    )
    for row in db.session.execute(statement):
        period = PausePeriod(row.started_at, row.ended_at, row.reason.value)
        found[row.feedback_id] = (*found.get(row.feedback_id, ()), period)
    return found


def _touchpoints(ids: set[UUID]) -> dict[UUID, str]:
    rows = db.session.execute(select(Touchpoint.id, Touchpoint.code).where(Touchpoint.id.in_(ids)))
    return {row.id: row.code for row in rows}
