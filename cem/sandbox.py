"""The sandbox of the contract: a clock that every process shares, and the list of deliveries.

Mounted only with CEM_SANDBOX=1; production refuses to start with it.
"""

from __future__ import annotations

import re
import time
from datetime import datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING, Any, Final

from flask import Blueprint, Flask, Response, current_app, jsonify, request
from sqlalchemy import func, select

from cem import clock, walk
from cem.domain.reasons import Invalid
from cem.domain.submission import N_
from cem.domain.vocabulary import DeliveryState
from cem.engine import outbox
from cem.extensions import csrf, db
from cem.http.messages import text_of
from cem.models import Delivery
from cem.settings import Settings

if TYPE_CHECKING:
    from workers.queues import Nudges, QueueServer

sandbox = Blueprint("sandbox", __name__, url_prefix="/api/v1/sandbox")

PATIENCE: Final = 60.0
"""Seconds that one instant may take: a worker that was killed must not stop the clock for ever."""

NUDGE_WITHIN: Final = 0.01
"""Seconds until the walk looks again by itself: a job that has ended says nothing."""

_DURATION: Final = re.compile(
    r"P(?:(?P<days>\d{1,5})D)?(?:T(?:(?P<hours>\d{1,6})H)?(?:(?P<minutes>\d{1,7})M)?(?:(?P<seconds>\d{1,9})S)?)?"
)


def init_app(app: Flask) -> None:
    csrf.exempt(sandbox)
    app.register_blueprint(sandbox)


@sandbox.get("/clock")
def read_clock() -> Response:
    return jsonify(now=clock.now().isoformat())


@sandbox.post("/clock")
def move_clock() -> Response:
    """Walk to the new time, doing everything on the way; answers when all of it is finished."""
    from workers.queues import Nudges, QueueServer, client

    body = request.get_json()
    if not isinstance(body, dict) or set(body) != {"advance"}:
        raise Invalid({"advance": [N_("Give only this: a duration such as PT30M.")]})
    by = _duration(body["advance"])
    url = _settings().queue_url
    with walk.alone(_settings().instance), client(url) as connection, Nudges(url) as nudges:
        now = walk.advance(by, partial(_settle, QueueServer(connection), nudges))
    return jsonify(now=now.isoformat())


@sandbox.get("/deliveries")
def deliveries() -> Response:
    """What every transport sent or would have sent, oldest first."""
    at = func.coalesce(Delivery.sent_at, Delivery.created_at)
    statement = select(Delivery).where(Delivery.state != DeliveryState.STOPPED).order_by(at, Delivery.id)
    if since := request.args.get("since"):
        statement = statement.where(at >= _instant(since))
    return jsonify(items=[_shown(delivery) for delivery in db.session.scalars(statement)])


def _settings() -> Settings:
    settings: Settings = current_app.extensions["cem_settings"]
    return settings


def _settle(queues: QueueServer, nudges: Nudges) -> None:
    """Sweep and relay until nothing is due and the workers have finished what it caused."""
    from workers.schedule import turn

    give_up = time.monotonic() + PATIENCE
    while time.monotonic() < give_up:
        if turn(queues):
            continue
        if not outbox.unfinished():
            return
        nudges.wait(NUDGE_WITHIN)


def _duration(raw: Any) -> timedelta:
    match = _DURATION.fullmatch(raw) if isinstance(raw, str) else None
    parts = {unit: int(count) for unit, count in (match.groupdict() if match else {}).items() if count}
    if not parts:
        raise Invalid({"advance": [N_("This is no duration; write it as PT30M or P1DT2H.")]})
    return timedelta(**parts)


def _instant(raw: str) -> datetime:
    try:
        at = datetime.fromisoformat(raw.replace(" ", "+"))  # a plus that nobody escaped
    except ValueError:
        at = datetime(1, 1, 1)  # noqa: DTZ001 - refused below
    if at.tzinfo is None:
        raise Invalid({"since": [N_("This must be a time in ISO 8601 with its offset.")]})
    return at


def _shown(delivery: Delivery) -> dict[str, Any]:
    at = delivery.sent_at or delivery.created_at
    state = {"sent": "sent", "failed": "failed"}.get(delivery.state.value, "held")
    shown = {
        "at": at.isoformat(),
        "to": delivery.to,
        "transport": delivery.transport.value,
        "kind": delivery.kind.value,
        "case_id": str(delivery.case_id) if delivery.case_id else None,
        "state": state,
        "text": delivery.text or text_of(delivery),
    }
    return shown | ({"case_ids": delivery.case_ids} if delivery.case_ids else {})
