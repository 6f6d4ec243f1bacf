"""The one place that begins and commits. What must happen afterwards is said in the outbox, with it."""

from __future__ import annotations

import logging
from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy import Connection, insert
from sqlalchemy.orm import Session

from cem import clock
from cem.domain.events import PUBLIC
from cem.engine.audience import anybody_listens
from cem.extensions import db
from cem.ids import new_id
from cem.models import AuditRow, OutboxRow

log = logging.getLogger(__name__)

Event = dict[str, Any]
"""An outbox row as its listeners get it: `id, kind, v, at` and the ids of what it is about."""

Facts = dict[Hashable, Any]
_Answer = TypeVar("_Answer")


def _asked(known: Facts, key: Hashable, ask: Callable[[], _Answer]) -> _Answer:
    if key not in known:
        known[key] = ask()
    answer: _Answer = known[key]
    return answer


_listeners: list[Callable[[list[Event]], None]] = []


def _anything(kind: str, ids: dict[str, Any]) -> bool:
    return True


_has_effects: Callable[[str, dict[str, Any]], bool] = _anything
"""Until the hub says which events have any."""


def after_commit(listener: Callable[[list[Event]], None]) -> None:
    """Call `listener` with the events of every commit of this process, straight after it."""
    if listener not in _listeners:
        _listeners.append(listener)


def tell(events: list[Event]) -> None:
    """Tell the listeners. The truth is in the outbox: a listener that fails costs time, never an effect."""
    if events:
        for listener in _listeners:
            try:
                listener(events)
            except Exception:
                log.exception("a listener failed after a commit")


@dataclass(slots=True)
class Tx:
    """One unit of work: a session, the instant it happens at, and what it has said so far."""

    session: Session
    now: datetime
    events: list[Event] = field(default_factory=list)
    _said: list[dict[str, Any]] = field(default_factory=list)
    _known: Facts = field(default_factory=dict)
    _lately: Facts = field(default_factory=dict)

    @property
    def connection(self) -> Connection:
        return self.session.connection()

    def once(self, key: Hashable, ask: Callable[[], _Answer]) -> _Answer:
        """What holds for everything that this transaction does is asked once."""
        return _asked(self._known, key, ask)

    def lately(self, key: Hashable, ask: Callable[[], _Answer]) -> _Answer:
        """What may be as old as the work that this transaction is a part of is asked once for all of it."""
        return _asked(self._lately, key, ask)

    def say(self, kind: str, **ids: UUID | str | int | bool | None) -> None:
        """Append an event to the outbox; it is relayed only if this transaction commits."""
        row, event = outbox_row(self.now, kind, ids)
        self._said.append(row)
        self.events.append(event)

    def write_down(self) -> None:
        """Write what was said: all of it at once, last of all."""
        if self._said:
            _for_programs(self.connection, self._said)
            self.connection.execute(insert(OutboxRow), self._said)
            self._said = []

    def audit(self, actor: str, action: str, subject: object = None, **details: Any) -> None:
        """Append to the audit trail: ids and codes only, never words or contacts."""
        self.connection.execute(insert(AuditRow), [audit_row(self.now, actor, action, subject, details)])


def _for_programs(connection: Connection, said: list[dict[str, Any]]) -> None:
    """What a webhook may hear of is for the relay, whatever else it causes."""
    public = [row for row in said if row["kind"] in PUBLIC and row["expanded_at"] is not None]
    if public and anybody_listens(connection):
        for row in public:
            row["expanded_at"] = None


def relay_where(has_effects: Callable[[str, dict[str, Any]], bool]) -> None:
    """Say which events, by kind and ids, the relay has anything to do for: most are only told and kept."""
    global _has_effects  # noqa: PLW0603
    _has_effects = has_effects


def to_be_relayed(events: list[Event]) -> bool:
    """Whether the relay should look at once."""
    return any(_has_effects(event["kind"], event) for event in events)


def outbox_row(now: datetime, kind: str, ids: dict[str, Any]) -> tuple[dict[str, Any], Event]:
    """The row to insert and the event to tell, equal in content. Without effects it is expanded already."""
    id = new_id(now)
    plain = {
        name: str(value) if isinstance(value, UUID) else value
        for name, value in ids.items()
        if value is not None
    }
    expanded_at = None if _has_effects(kind, plain) else now
    row = {"id": id, "kind": kind, "version": 1, "ids": plain, "at": now, "expanded_at": expanded_at}
    return row, {"id": str(id), "kind": kind, "v": 1, "at": now.isoformat(), **plain}


def audit_row(
    now: datetime, actor: str, action: str, subject: object, details: dict[str, Any]
) -> dict[str, Any]:
    return {
        "id": new_id(now),
        "at": now,
        "actor": actor,
        "action": action,
        "subject": None if subject is None else str(subject),
        "details": details or None,
    }


@contextmanager
def transaction(lately: Facts | None = None) -> Iterator[Tx]:
    """Ends what the request has read, begins anew on the writing engine, commits, and then tells.

    `lately`: what those before it that belong to the same work have asked (`Tx.lately`).
    """
    session = db.session()
    session.rollback()
    session.info["writing"] = True
    tx = Tx(session, clock.now(), _lately={} if lately is None else lately)
    try:
        yield tx
        tx.write_down()
        session.commit()
    except BaseException:
        session.rollback()
        raise
    finally:
        session.info["writing"] = False
    tell(tx.events)
