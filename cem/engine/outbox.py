"""The outbox, seen from the relay: events become tasks, tasks are claimed by lease, and end once.

The queue server only carries task ids. It may forget or repeat them: a lease that lapses is claimed again.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from types import MappingProxyType
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Select, func, insert, select, update
from sqlalchemy.orm import Session

from cem import clock
from cem.domain.events import PUBLIC
from cem.engine.audience import anybody_listens
from cem.engine.transaction import Tx, transaction
from cem.extensions import db
from cem.ids import new_id
from cem.models import OutboxRow, Task
from cem.queues import QUEUES

LEASE: Final = timedelta(seconds=60)
"""How long a claimed task may take before it is claimed again."""
AT_ONCE: Final = 200
TRIES: Final = 3
RETRY_AFTER: Final = (timedelta(seconds=5), timedelta(seconds=30))

_LIVE: Final = Task.done_at.is_(None) & Task.set_aside_at.is_(None)

ENDED: Final = "process_ended"
"""Why a task is set aside that was claimed again and again and never came back."""
TOO_LONG: Final = "took_too_long"

Effects = Callable[[str, dict[str, Any], bool], Sequence[tuple[str, str]]]
"""The jobs (name, queue) that an event of some kind, with its ids, causes; and whether programs listen."""


@dataclass(frozen=True, slots=True)
class Pace:
    """How the tasks of a queue are handed out: up to `together`, or what there is after `patience`.

    No more than `ahead` are out at a time, so that none waits in a queue until its lease lapses.
    """

    together: int
    patience: timedelta
    ahead: int


@dataclass(frozen=True, slots=True)
class Claim:
    id: UUID
    job: str
    queue: str
    ids: dict[str, Any]
    attempts: int
    tries: int = 0


def relay(effects: Effects, paces: Mapping[str, Pace] = MappingProxyType({})) -> tuple[int, list[Claim]]:
    """Expand the oldest events into their tasks and lease what is due, in one commit.

    How many events were expanded, and what the queue server is to be told. The tasks of a queue that has a
    pace are held back until there are enough of them, or they have waited enough.
    """
    if not _anything(_unexpanded(OutboxRow.id)) and not _rooms(db.session(), paces):
        return 0, []
    with transaction() as tx:
        return _expand(tx, effects), _claim(tx, paces)


def held_back(queues: Iterable[str]) -> bool:
    """Whether something that is due in one of them waits for others, or for those before it."""
    return any(_anything(_due(queue)) for queue in queues)


def _expand(tx: Tx, effects: Effects) -> int:
    columns = (OutboxRow.id, OutboxRow.kind, OutboxRow.ids)
    oldest = _unexpanded(*columns).order_by(OutboxRow.id).limit(AT_ONCE).with_for_update(skip_locked=True)
    rows = tx.session.execute(oldest).all()
    heard = any(row.kind in PUBLIC for row in rows) and anybody_listens(tx.connection)
    tasks = [
        {
            "id": new_id(tx.now),
            "outbox_id": row.id,
            "job": job,
            "queue": queue,
            "ids": row.ids,
            "available_at": tx.now + timedelta(seconds=row.ids.get("after", 0)),
            "attempts": 0,
            "tries": 0,
        }
        for row in rows
        for job, queue in effects(row.kind, row.ids, heard)
    ]
    if tasks:
        tx.session.execute(insert(Task), tasks)
    if rows:
        expanded = update(OutboxRow).where(OutboxRow.id.in_([row.id for row in rows]))
        tx.session.execute(expanded.values(expanded_at=tx.now).execution_options(synchronize_session=False))
    return len(rows)


def _claim(tx: Tx, paces: Mapping[str, Pace]) -> list[Claim]:
    ids = [
        id
        for queue, room in _rooms(tx.session, paces).items()
        for id in tx.session.scalars(_due(queue).limit(room).with_for_update(skip_locked=True))
    ]
    if not ids:
        return []
    leased = tx.session.execute(
        update(Task)
        .where(Task.id.in_(ids))
        .values(available_at=tx.now + LEASE, claimed_at=tx.now, attempts=Task.attempts + 1)
        .returning(Task.id, Task.job, Task.queue, Task.ids, Task.attempts, Task.tries)
        .execution_options(synchronize_session=False)
    )
    return [Claim(*row) for row in leased]


def _rooms(session: Session, paces: Mapping[str, Pace]) -> dict[str, int]:
    """How many tasks of each queue may be handed out now, where there is anything to hand out."""
    rooms = {queue: _room(session, queue, paces.get(queue)) for queue in QUEUES}
    return {queue: room for queue, room in rooms.items() if room}


def _room(session: Session, queue: str, pace: Pace | None) -> int:
    if pace is None:
        return AT_ONCE if session.execute(_due(queue).limit(1)).first() else 0
    next_ones = _due(queue, Task.available_at).limit(pace.together)
    waiting = session.scalars(next_ones).all()
    if not waiting:
        return 0
    out = select(func.count()).where(_LIVE, Task.queue == queue, Task.available_at > clock.now())
    away = int(session.scalar(out.where(Task.claimed_at.is_not(None))) or 0)
    if away + pace.together > pace.ahead:
        return 0
    ripe = not away or len(waiting) == pace.together or clock.now() - waiting[0] >= pace.patience
    return pace.together if ripe else 0


def _unexpanded(*columns: Any) -> Select[Any]:
    return select(*columns).where(OutboxRow.expanded_at.is_(None))


def _due(queue: str, column: Any = Task.id) -> Select[Any]:
    """The oldest first."""
    due = select(column).where(_LIVE, Task.queue == queue, Task.available_at <= clock.now())
    return due.order_by(Task.available_at)


def claimed(task_ids: Sequence[UUID]) -> list[Claim]:
    """What a job was asked to do and is still to be done."""
    statement = select(Task.id, Task.job, Task.queue, Task.ids, Task.attempts, Task.tries).where(
        Task.id.in_(task_ids), _LIVE
    )
    return [Claim(*row) for row in db.session.execute(statement)]


@dataclass(frozen=True, slots=True)
class Cause:
    """The event that a task comes of."""

    task: UUID
    event: UUID
    kind: str
    ids: dict[str, Any]


def causes(task_ids: Sequence[UUID]) -> list[Cause]:
    """The events that caused these tasks, oldest first. They never change."""
    db.session.rollback()
    statement = (
        select(Task.id, OutboxRow.id, OutboxRow.kind, OutboxRow.ids)
        .join(Task, Task.outbox_id == OutboxRow.id)
        .where(Task.id.in_(task_ids))
        .order_by(OutboxRow.id)
    )
    return [Cause(*row) for row in db.session.execute(statement)]


def begin(task_ids: Sequence[UUID]) -> list[Claim]:
    """What is to be done of these tasks now. One that comes again is counted before it is tried: the process
    that tries it may end by it. That a task was claimed often says nothing: its job may have lain in a queue
    for long, or been lost with the queue server, and it was never begun.
    """
    claims = claimed(task_ids)
    again = [claim.id for claim in claims if claim.attempts > 1]
    if not again:
        return claims
    for claim in claims:
        if claim.tries >= TRIES:
            fail(claim, ENDED, permanent=True)
    with transaction() as tx:
        counted = update(Task).where(Task.id.in_(again), _LIVE).values(tries=Task.tries + 1)
        tx.session.execute(counted.execution_options(synchronize_session=False))
    return claimed(task_ids)


def finish(task_ids: Sequence[UUID]) -> None:
    """These tasks had their effect, as far as they did not end with it already."""
    if claimed(task_ids):
        with transaction() as tx:
            finish_with(tx, task_ids)


def finish_with(tx: Tx, task_ids: Sequence[UUID]) -> None:
    """These tasks have their effect in this very transaction: both are kept, or neither."""
    done = update(Task).where(Task.id.in_(task_ids), Task.done_at.is_(None)).values(done_at=tx.now)
    tx.session.execute(done.execution_options(synchronize_session=False))


def fail(claim: Claim, error: str, *, permanent: bool = False) -> None:
    """Try again later, or, after three tries, set it aside with its reason for a person to look at."""
    with transaction() as tx:
        tries = claim.tries + (1 if claim.attempts == 1 else 0)  # one that comes again is counted already
        given_up = permanent or tries >= TRIES
        later = tx.now + RETRY_AFTER[min(max(tries, 1), len(RETRY_AFTER)) - 1]
        values: dict[str, Any] = {"error": error[:200], "claimed_at": None, "tries": tries}
        values |= {"set_aside_at": tx.now} if given_up else {"available_at": later}
        statement = update(Task).where(Task.id == claim.id, Task.done_at.is_(None)).values(**values)
        tx.session.execute(statement.execution_options(synchronize_session=False))
        if given_up:
            tx.say("task.set_aside", task=claim.id)


def unfinished() -> bool:
    """Whether an effect of what has happened is still to come: due now, or being worked on."""
    db.session.rollback()
    at_work = Task.claimed_at.is_not(None) | (Task.available_at <= clock.now())
    return _anything(select(OutboxRow.id).where(OutboxRow.expanded_at.is_(None))) or _anything(
        select(Task.id).where(_LIVE, at_work)
    )


def _anything(statement: Any) -> bool:
    return db.session.execute(statement.limit(1)).first() is not None
