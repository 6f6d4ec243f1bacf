"""What happens, as it happens: server-sent events."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final
from uuid import UUID

from flask import Response, g, request
from sqlalchemy import select

from cem.domain.events import PUBLIC, is_heard
from cem.domain.reasons import Invalid
from cem.domain.submission import N_
from cem.domain.vocabulary import Scope
from cem.extensions import db
from cem.http import streams
from cem.http.auth import Token, still_holds
from cem.models import OutboxRow
from cem.web.api.resource import Resource

OVERLAP: Final = 3_000
"""Milliseconds. Commits do not happen in the order of ids: so far back something unseen may lie."""
AT_ONCE: Final = 2_000
"""Events of a backlog; where there are more, the answer ends with them and the client comes again."""

blueprint = Resource("api_stream", "What happens, as it happens.")


@blueprint.get("/stream")
@blueprint.open_to(Scope.CASES, Scope.READ)
@blueprint.doc(
    parameters=[
        {
            "in": "header",
            "name": "Last-Event-ID",
            "schema": {"type": "string"},
            "description": "The last event you have seen. What follows comes first; events of the three "
            "seconds before it may come again, so take each `id` once.",
        }
    ]
)
@blueprint.response(200, {"type": "string"}, content_type="text/event-stream")
def events() -> Response:
    """Events of the places that the token sees: `event: <kind>`, `data: {"id", "at", "v", …ids}`."""
    token: Token = g.token
    last = _last_event()
    backlog = _since(last, token.sees) if last is not None else ()
    if last is not None and _is_long_ago(last):
        missed = list(_since(last, token.sees))
        if sum(UUID(event["id"]) > last for event in missed) > AT_ONCE:
            return _only(missed)
    return streams.open(lambda event: is_heard(event, token.sees), lambda: still_holds(token), backlog)


def _last_event() -> UUID | None:
    given = request.headers.get("Last-Event-ID")
    if not given:
        return None
    try:
        return UUID(given)
    except ValueError:
        raise Invalid({"Last-Event-ID": [N_("This is no id of an event of ours.")]}) from None


def _is_long_ago(last: UUID) -> bool:
    """Whether so much has happened since that its backlog may be too long for one answer."""
    o = OutboxRow
    beyond = select(o.id).where(o.id > last, o.kind.in_(PUBLIC)).order_by(o.id).offset(AT_ONCE).limit(1)
    return db.session.scalar(beyond) is not None


def _since(last: UUID, sees: str) -> Iterator[dict[str, Any]]:
    """The events that a client may not have seen, oldest first: at most one more than fit after `last`."""
    o = OutboxRow
    statement = (
        select(o.id, o.kind, o.version, o.at, o.ids)
        .where(o.id >= _overlapped(last), o.id != last, o.kind.in_(PUBLIC))
        .order_by(o.id)
        .execution_options(yield_per=500)
    )
    following = 0
    for row in db.session.execute(statement):
        event = {"id": str(row.id), "kind": row.kind, "v": row.version, "at": row.at.isoformat(), **row.ids}
        if not is_heard(event, sees):
            continue
        yield event
        following += row.id > last
        if following > AT_ONCE:
            return


def _overlapped(last: UUID) -> UUID:
    """The lowest id of the time that lies so far before an event (a UUIDv7 begins with its milliseconds)."""
    return UUID(int=max((last.int >> 80) - OVERLAP, 0) << 80)


def _only(missed: list[dict[str, Any]]) -> Response:
    """A stream that ends at once: its client reconnects and goes on behind its last event."""
    return Response(b"".join(map(streams.frame, missed)), mimetype="text/event-stream")
