"""The steps that a promise goes through: its clock by replay, its warnings, and how a breach of it ended."""

from __future__ import annotations

import math
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import insert, select, update

from cem.domain import sla
from cem.domain.calendars import Calendar, next_open
from cem.domain.calendars import Pause as PausePeriod
from cem.domain.vocabulary import Hours, PromiseState
from cem.engine.organisation import Place
from cem.engine.transaction import Tx
from cem.models import Breach, BreachEnd, Pause, Promise

QUIET = {"warn_at": None, "warn_level": None}


def clock_of(tx: Tx, promise: Promise) -> sla.Clock:
    """The promise with the history of its pauses, as the rules see it."""
    pauses = tx.session.scalars(select(Pause).where(Pause.case_id == promise.case_id))
    return sla.Clock(
        promise.kind,
        promise.target,
        promise.hours,
        promise.counted_from or promise.started_at,
        tuple(PausePeriod(p.started_at, p.ended_at, p.reason.value) for p in pauses),
        promise.fulfilled_at,
        timedelta(seconds=promise.spent_seconds),
    )


def calendar_of(place: Place, promise: Promise) -> Calendar | None:
    return place.calendar if promise.hours is Hours.BUSINESS else None


def set_promise(tx: Tx, promise: Promise, **values: Any) -> None:
    """Change a promise. One that is kept, paused or over warns nobody any more."""
    if values.get("state", PromiseState.RUNNING) is not PromiseState.RUNNING or "ended_at" in values:
        values |= QUIET
    _update(tx, promise, values)


def arm(tx: Tx, place: Place, promise: Promise, *, catch_up: bool = False) -> None:
    """Set when the owner is warned next; a due time that has moved is warned of anew."""
    clock, calendar = clock_of(tx, promise), calendar_of(place, promise)
    coming = sla.next_warning(clock, calendar, tx.now, catch_up=catch_up)
    _update(tx, promise, {"warn_at": coming.at, "warn_level": coming.level} if coming else QUIET)


def level_now(tx: Tx, place: Place, promise: Promise) -> int | None:
    """The highest level that has passed: a hub that stood still says the last one only."""
    passed = sla.next_warning(clock_of(tx, promise), calendar_of(place, promise), tx.now, catch_up=True)
    return passed.level if passed is not None and passed.at <= tx.now else None


def paused_since(tx: Tx, promise: Promise) -> datetime | None:
    """Since when a person pauses this promise; None while it runs, or is broken already."""
    if promise.state is not PromiseState.PAUSED:
        return None
    lasting = select(Pause.started_at).where(Pause.case_id == promise.case_id, Pause.ended_at.is_(None))
    return tx.session.scalar(lasting.order_by(Pause.started_at).limit(1))


def until_open(tx: Tx, place: Place, promise: Promise) -> int | None:
    """Seconds until somebody may be told: of a promise in business time only inside the hours."""
    calendar = calendar_of(place, promise)
    wait = next_open(calendar, tx.now) - tx.now if calendar is not None else timedelta()
    return math.ceil(wait.total_seconds()) or None


def end_breach(tx: Tx, place: Place, promise: Promise, *, kept: bool) -> None:
    """Append how a breach ended, and how much time over the target it took in the end."""
    breach_id = tx.session.scalar(select(Breach.id).where(Breach.promise_id == promise.id))
    if breach_id is None:
        return
    over = sla.standing(clock_of(tx, promise), calendar_of(place, promise), tx.now).over
    row = {"breach_id": breach_id, "at": tx.now, "kept": kept, "over_seconds": over.total_seconds()}
    tx.session.execute(insert(BreachEnd), [row])


def _update(tx: Tx, promise: Promise, values: dict[str, Any]) -> None:
    statement = update(Promise).where(Promise.id == promise.id).values(**values)
    tx.session.connection().execute(statement)
    tx.session.refresh(promise)
