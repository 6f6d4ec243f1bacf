"""A draft is played against the last ninety days, before it holds. It only reads."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from sqlalchemy import select

from cem import clock
from cem.domain.calendars import Pause as PausePeriod
from cem.domain.findings import Findings
from cem.domain.localtime import zone
from cem.domain.ratings import Rating
from cem.domain.reasons import NotFound
from cem.domain.rehearsal import LATE_ARRIVAL, House, Past, Regime, Rehearsal, Usual
from cem.domain.rehearsal import rehearse as play
from cem.domain.rules import Signal
from cem.domain.vocabulary import Priority, PromiseKind, Tier
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
    Site,
    Touchpoint,
    newest_versions,
)

DAYS: Final = 90
IN_ONE_REQUEST: Final = 20_000
"""So many feedbacks are rehearsed while somebody waits for the page; more would keep them waiting."""


def rehearse(draft_id: UUID, days: int = DAYS) -> Rehearsal:
    """What the draft would have changed. Raises `NotFound`.

    Where the place has seen more than `IN_ONE_REQUEST` feedbacks in that time, the newest of them are played,
    and `since` says from when on.
    """
    draft = db.session.get(RuleDraft, draft_id)
    if draft is None:
        raise NotFound
    connection = db.session.connection()
    known = current(connection)
    path = db.session.scalar(select(Site.path).where(Site.id == draft.site_id)) or ""
    would_be = places_with(connection, draft.kind, draft.site_id, draft.document)
    until = clock.now()
    since = _since(path, until - timedelta(days=days))
    past, usual = _past(path, since, until, known)
    regimes = (_regime(known, known.by_code.values(), path), _regime(known, would_be, path))
    return play(past, *regimes, since, until, usual)


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


def _since(path: str, since: datetime) -> datetime:
    newest = (
        select(Feedback.received_at)
        .join(Site, Site.id == Feedback.site_id)
        .where(Site.path.startswith(path, autoescape=True), Feedback.received_at >= since)
        .order_by(Feedback.received_at.desc())
        .offset(IN_ONE_REQUEST)
        .limit(1)
    )
    return db.session.scalar(newest) or since


def _past(path: str, since: datetime, until: datetime, known: Organisation) -> tuple[list[Past], Usual]:
    """Everything that came in below a place, the oldest first, and the usual times of its cases."""
    done, ranks = _done(path, since)
    pauses = _pauses(path, since)
    codes = {id: code for code, id in _touchpoints()}
    past, cases = [], []
    for row in _rows(path, since, until):
        of_case = done.get(row.id)
        past.append(_one(row, known, codes, of_case, pauses.get(row.id, ())))
        if of_case is not None:
            cases.append((ranks[row.id], of_case))
    return past, Usual(cases)


def _rows(path: str, since: datetime, until: datetime) -> Iterator[Any]:
    f = Feedback
    last = newest_versions()
    statement = (
        select(
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
            FindingsRow.document,
        )
        .join(Site, Site.id == f.site_id)
        .outerjoin(Customer, Customer.id == f.customer_id)
        .outerjoin(last, last.c.feedback_id == f.id)
        .outerjoin(FindingsRow, (FindingsRow.feedback_id == f.id) & (FindingsRow.version == last.c.version))
        .where(Site.path.startswith(path, autoescape=True), f.received_at >= since, f.received_at < until)
        .order_by(f.received_at, f.id)
    )
    yield from db.session.execute(statement)


def _one(
    row: Any,
    known: Organisation,
    touchpoints: dict[UUID, str],
    done: dict[PromiseKind, timedelta] | None,
    pauses: tuple[PausePeriod, ...],
) -> Past:
    signal = Signal(
        row.channel,
        row.kind,
        row.path,
        row.received_at.astimezone(zone(row.timezone)),
        Rating(row.rating_scale, row.rating_value) if row.rating_scale else None,
        Findings.from_dict(row.document) if row.document else None,
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


def _done(
    path: str, since: datetime
) -> tuple[dict[UUID, dict[PromiseKind, timedelta]], dict[UUID, Priority]]:
    """How long each promise of each case really took, by the feedback that opened it. What was ended without
    being kept (dismissed, merged) took as long as until then."""
    done: dict[UUID, dict[PromiseKind, timedelta]] = {}
    ranks: dict[UUID, Priority] = {}
    statement = (
        select(
            Case.feedback_id,
            Case.priority,
            Case.received_at,
            Promise.kind,
            Promise.fulfilled_at,
            Promise.ended_at,
        )
        .join(Promise, Promise.case_id == Case.id)
        .join(Site, Site.id == Case.site_id)
        .where(Promise.round == 1, Case.received_at >= since, Site.path.startswith(path, autoescape=True))
    )
    for row in db.session.execute(statement):
        ranks[row.feedback_id] = row.priority
        took = done.setdefault(row.feedback_id, {})
        kept_at = row.fulfilled_at or row.ended_at
        if kept_at is not None:
            took[row.kind] = kept_at - row.received_at
    return done, ranks


def _pauses(path: str, since: datetime) -> dict[UUID, tuple[PausePeriod, ...]]:
    found: dict[UUID, tuple[PausePeriod, ...]] = {}
    statement = (
        select(Case.feedback_id, Pause.started_at, Pause.ended_at, Pause.reason)
        .join(Case, Case.id == Pause.case_id)
        .join(Site, Site.id == Case.site_id)
        .where(Case.received_at >= since, Site.path.startswith(path, autoescape=True))
    )
    for row in db.session.execute(statement):
        period = PausePeriod(row.started_at, row.ended_at, row.reason.value)
        found[row.feedback_id] = (*found.get(row.feedback_id, ()), period)
    return found


def _touchpoints() -> list[tuple[str, UUID]]:
    return [(code, id) for code, id in db.session.execute(select(Touchpoint.code, Touchpoint.id))]
