"""A planned message goes out by its transport."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from flask import current_app

from cem.engine import notify
from cem.engine.outbox import Claim
from cem.extensions import db
from cem.http import messages
from cem.models import Delivery
from cem.transports.base import Message, TransportError
from cem.transports.registry import transports


def run(claims: Sequence[Claim]) -> None:
    for claim in claims:
        _deliver(UUID(claim.ids["delivery"]))


def _deliver(delivery_id: UUID) -> None:
    """Put it into words, end the reading, send, and mark it, if it is wanted still."""
    delivery = db.session.get(Delivery, delivery_id)
    if delivery is None or not notify.is_wanted(delivery_id):
        return
    text = messages.text_of(delivery)
    message = Message(str(delivery.id), delivery.kind.value, delivery.to, text)
    transport = transports(current_app.extensions["cem_settings"])[delivery.transport]
    db.session.remove()
    try:
        external_id = transport.send(message)
    except TransportError as error:
        if not error.permanent:
            raise
        notify.mark_failed(delivery_id, str(error))
        return
    notify.mark_sent(delivery_id, text, external_id)
