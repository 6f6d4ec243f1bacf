"""Cases as the API shows them: a fixed number of queries, however many cases and events there are."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from marshmallow import Schema, fields
from sqlalchemy import select

from cem import clock
from cem.domain import sla
from cem.domain.calendars import Calendar
from cem.domain.calendars import Pause as PausePeriod
from cem.domain.case import LIVE
from cem.domain.reasons import Reason
from cem.domain.vocabulary import Hours, PromiseState
from cem.engine.organisation import current
from cem.extensions import db
from cem.http.words import sentence
from cem.models import Case, CaseEvent, Note, Pause, Promise, Reply, Site, Touchpoint
from cem.web.api.feedback_shapes import PersonView, iso
from cem.web.api.people import names, people


class PromiseView(Schema):
    """`paused_because` is `outside_hours` where the calendar pauses it; a late one stays `breached`.

    While a person has paused it, `due_at` stays as it was; it moves by the length of the pause at its end.
    """

    kind = fields.String()
    round = fields.Integer()
    started_at = fields.AwareDateTime()
    due_at = fields.AwareDateTime()
    hours = fields.String()
    state = fields.String()
    paused_because = fields.String()
    fulfilled_at = fields.AwareDateTime()


class EventView(Schema):
    """`by` is a user name, or `customer`, `hub`, `token:<id>`; `from` and `to` are states."""

    at = fields.AwareDateTime()
    kind = fields.String()
    by = fields.String()
    from_ = fields.String(data_key="from", allow_none=True)
    to = fields.String(allow_none=True)
    text = fields.String()
    details = fields.Dict()


class CaseSummary(Schema):
    id = fields.String()
    number = fields.Integer()
    state = fields.String()
    priority = fields.String()
    severity = fields.String()
    reason = fields.Dict(metadata={"description": "`{code, text}`"})
    site = fields.String()
    touchpoint = fields.String(allow_none=True)
    owner = fields.Nested(PersonView)
    customer = fields.Dict(metadata={"description": "`{tier}`"})
    feedback_id = fields.String()
    received_at = fields.AwareDateTime()
    opened_at = fields.AwareDateTime()
    due_at = fields.AwareDateTime(allow_none=True)
    overdue = fields.Boolean()
    paused_because = fields.String(allow_none=True)
    resolution = fields.String(allow_none=True)
    reopenings = fields.Integer()
    merged_into = fields.String(allow_none=True)
    follows = fields.String(allow_none=True)
    promises = fields.List(fields.Nested(PromiseView))


class CaseView(CaseSummary):
    events = fields.List(fields.Nested(EventView), metadata={"description": "Oldest first."})


@dataclass(frozen=True, slots=True)
class CaseRow:
    """A case with the codes of where it is."""

    case: Case
    site: str
    touchpoint: str | None


def rows(case_ids: Sequence[UUID]) -> list[CaseRow]:
    """Those cases, in that order."""
    statement = (
        select(Case, Site.code, Touchpoint.code)
        .join(Site, Site.id == Case.site_id)
        .outerjoin(Touchpoint, Touchpoint.id == Case.touchpoint_id)
        .where(Case.id.in_(case_ids))
    )
    found = {row[0].id: CaseRow(*row) for row in db.session.execute(statement)}
    return [found[id] for id in case_ids]


def summaries(case_ids: Sequence[UUID]) -> list[dict[str, Any]]:
    shown = rows(case_ids)
    owners = people(row.case.owner_id for row in shown)
    promises = _promises([row.case for row in shown])
    return [_summary(row, owners, promises.get(row.case.id, [])) for row in shown]


def case_view(case_id: UUID) -> dict[str, Any]:
    """One case with its history."""
    return {**summaries([case_id])[0], "events": _events(case_id)}


def _summary(row: CaseRow, owners: dict[UUID, Any], promises: list[dict[str, Any]]) -> dict[str, Any]:
    case = row.case
    late = any(
        promise["state"] == PromiseState.BREACHED and "fulfilled_at" not in promise for promise in promises
    )
    return {
        "id": str(case.id),
        "number": case.number,
        "state": case.state,
        "priority": case.priority,
        "severity": case.severity,
        "reason": {"code": case.reason["code"], "text": sentence(Reason.from_dict(case.reason))},
        "site": row.site,
        "touchpoint": row.touchpoint,
        "owner": owners.get(case.owner_id),
        "customer": {"tier": case.tier},
        "feedback_id": str(case.feedback_id),
        "received_at": iso(case.received_at),
        "opened_at": iso(case.opened_at),
        "due_at": iso(case.due_at),
        "overdue": late and case.state in LIVE,
        "paused_because": case.paused_because,
        "resolution": case.resolution,
        "reopenings": case.reopenings,
        "merged_into": str(case.merged_into_id) if case.merged_into_id else None,
        "follows": str(case.follows_id) if case.follows_id else None,
        "promises": promises,
    }


def _promises(cases: list[Case]) -> dict[UUID, list[dict[str, Any]]]:
    """By case, in the order in which they fall due."""
    ids, now = [case.id for case in cases], clock.now()
    calendars = {place.id: place.calendar for place in current(db.session.connection()).by_id.values()}
    calendar_of = {case.id: calendars[case.site_id] for case in cases}
    pauses: dict[UUID, list[Pause]] = {}
    for pause in db.session.scalars(select(Pause).where(Pause.case_id.in_(ids))):
        pauses.setdefault(pause.case_id, []).append(pause)
    shown: dict[UUID, list[dict[str, Any]]] = {}
    statement = select(Promise).where(Promise.case_id.in_(ids)).order_by(Promise.round, Promise.due_at)
    for promise in db.session.scalars(statement):
        view = _promise(promise, pauses.get(promise.case_id, []), calendar_of[promise.case_id], now)
        shown.setdefault(promise.case_id, []).append(view)
    return shown


def _promise(promise: Promise, pauses: list[Pause], calendar: Calendar, now: datetime) -> dict[str, Any]:
    state, due_at, because = promise.state, promise.due_at, promise.paused_because
    if state in (PromiseState.RUNNING, PromiseState.PAUSED) and promise.ended_at is None:
        history = tuple(PausePeriod(p.started_at, p.ended_at, p.reason.value) for p in pauses)
        began, spent = promise.counted_from or promise.started_at, timedelta(seconds=promise.spent_seconds)
        kept = sla.Clock(promise.kind, promise.target, promise.hours, began, history, spent=spent)
        standing = sla.standing(kept, calendar if promise.hours is Hours.BUSINESS else None, now)
        state, because = standing.state, standing.paused_because
        due_at = standing.due_at or due_at
    shown: dict[str, Any] = {
        "kind": promise.kind,
        "round": promise.round,
        "started_at": iso(promise.started_at),
        "due_at": iso(due_at),
        "hours": promise.hours,
        "state": state,
    }
    if because is not None and state is PromiseState.PAUSED:
        shown["paused_because"] = because
    if promise.fulfilled_at is not None:
        shown["fulfilled_at"] = iso(promise.fulfilled_at)
    return shown


def _events(case_id: UUID) -> list[dict[str, Any]]:
    """The history with its words, oldest first."""
    e = CaseEvent
    statement = (
        select(e.at, e.kind, e.by, e.from_state, e.to_state, e.details, Note.text)
        .outerjoin(Note, Note.id == e.note_id)
        .where(e.case_id == case_id)
        .order_by(e.at, e.id)
    )
    happened = db.session.execute(statement).all()
    replies = _replies(case_id) if any(event.kind == "replied" for event in happened) else {}
    known = names(event.by for event in happened)
    return [_event(event, known, replies) for event in happened]


def _event(event: Any, known: dict[str, str], replies: dict[str, str]) -> dict[str, Any]:
    shown: dict[str, Any] = {
        "at": iso(event.at),
        "kind": event.kind,
        "by": known.get(event.by, event.by),
        "from": event.from_state,
        "to": event.to_state,
    }
    words = event.text or replies.get((event.details or {}).get("reply", ""))
    if words is not None:
        shown["text"] = words
    if event.details:
        shown["details"] = event.details
    return shown


def _replies(case_id: UUID) -> dict[str, str]:
    rows = db.session.execute(select(Reply.id, Reply.text).where(Reply.case_id == case_id))
    return {str(row.id): row.text for row in rows}
