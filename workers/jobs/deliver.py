"""Planned messages are put into words and into the inboxes of their readers."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select

from cem.domain.vocabulary import DeliveryState
from cem.engine import notify
from cem.engine.outbox import Claim
from cem.extensions import db
from cem.http import messages
from cem.models import Delivery


def run(claims: Sequence[Claim]) -> None:
    """Read and word all of them, then write in one short transaction."""
    ids = [UUID(claim.ids["delivery"]) for claim in claims]
    pending = select(Delivery).where(Delivery.id.in_(ids), Delivery.state == DeliveryState.PENDING)
    texts = {delivery.id: messages.text_of(delivery) for delivery in db.session.scalars(pending)}
    db.session.remove()
    notify.into_inboxes([claim.id for claim in claims], texts)
