"""What a desk hears: its places, and whatever comes to this person."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import timedelta
from typing import Any, Final
from uuid import UUID

from sqlalchemy import select

from cem.extensions import db
from cem.http import sign_in
from cem.http.sign_in import Person
from cem.models import OutboxRow

CAUGHT_UP: Final = 500
"""Missed events that are told again at most: a page that missed more reads itself again anyway."""
OVERLAP: Final = timedelta(seconds=10)
"""Rows that were written before the last one heard may be committed after it."""

Event = Mapping[str, Any]


def wants(person: Person) -> Callable[[Event], bool]:
    """Asks nothing of the database: an event says where it happened and to whom it goes."""
    id, path = str(person.id), person.scope_path

    def wanted(event: Event) -> bool:
        if id in (event.get("owner"), event.get("to")):
            return True
        return str(event.get("site_path") or "").startswith(path) if event.get("site_path") else False

    return wanted


def still_allowed(person: Person) -> Callable[[], bool]:
    """Asked each minute: the same session, role and places as when the stream was opened."""

    def ask() -> bool:
        now = sign_in.load(person.get_id())
        return now is not None and (now.role, now.scope_path) == (person.role, person.scope_path)

    return ask


def missed(last_event_id: str | None, wanted: Callable[[Event], bool]) -> Iterator[Event]:
    """The events since `Last-Event-ID`, oldest first."""
    try:
        last = db.session.get(OutboxRow, UUID(last_event_id or ""))
    except ValueError:
        return
    if last is None:
        return
    statement = (
        select(OutboxRow)
        .where(OutboxRow.at >= last.at - OVERLAP, OutboxRow.id > _before(last))
        .order_by(OutboxRow.id)
        .limit(CAUGHT_UP)
    )
    for row in db.session.scalars(statement):
        event = {"id": str(row.id), "kind": row.kind, "v": row.version, "at": row.at.isoformat(), **row.ids}
        if row.id != last.id and wanted(event):
            yield event


def _before(row: OutboxRow) -> UUID:
    """The smallest id of the overlap: ids begin with their time, and are the only index there is."""
    millis = int((row.at - OVERLAP).timestamp() * 1000)
    return UUID(int=millis << 80)
