"""`/receipts/<message>/<proof>`: a device or a provider says what became of a message that it was given."""

from __future__ import annotations

import hmac
from typing import Any, Final
from uuid import UUID

from flask import Blueprint, Flask, Response, current_app, request

from cem.domain.reasons import NotFound
from cem.engine import dispatch
from cem.extensions import csrf, limiter
from cem.http import access, limits
from cem.http.messages import proof_of
from cem.transports.registry import transports

receipts = Blueprint("receipts", __name__)

MOST: Final = 1_000
"""Bytes of a body."""


def register(app: Flask) -> None:
    csrf.exempt(receipts)
    app.register_blueprint(receipts)
    access.rule("receipts.receive", access.PUBLIC)


@receipts.post("/receipts/<uuid:delivery_id>/<proof>")
@limiter.limit(limits.RECEIPTS, key_func=limits.address)
def receive(delivery_id: UUID, proof: str) -> Response:
    """`{"state": "delivered" | "read" | "failed"}`; without a body it was delivered. Twice is once."""
    request.max_content_length = MOST
    if not hmac.compare_digest(proof.encode(), proof_of(delivery_id).encode()):
        raise NotFound
    given: Any = request.get_json(silent=True)
    state = given.get("state", "delivered") if isinstance(given, dict) else "delivered"
    if state == "failed":
        settings = current_app.extensions["cem_settings"]
        dispatch.returned(delivery_id, transports(settings).keys())
    elif state in ("delivered", "read"):
        dispatch.received(delivery_id, read=state == "read")
    return Response(status=204)
