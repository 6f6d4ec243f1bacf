"""What comes to one person in numbers is one message of their inbox, with all the cases that it tells of."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, Final
from uuid import UUID

from sqlalchemy import select

from cem.domain.delivery import Message
from cem.domain.vocabulary import DeliveryKind, DeliveryState
from cem.engine import dispatch, posting
from cem.engine.routes import Route
from cem.engine.transaction import Tx
from cem.models import Delivery

TOGETHER_AFTER: Final = timedelta(minutes=1)
"""Such a message waits so long for what arrives together."""
_STILL_OPEN: Final = timedelta(minutes=10)
_PENDING: Final = (DeliveryState.PENDING,)


def into_one(tx: Tx, name: str, key: UUID | str, message: Message, inbox: Route, ids: dict[str, Any]) -> bool:
    """Add this case to the message of that name that still waits, or make one. False where it is in it."""
    case = ids["case"]
    waiting = tx.session.scalar(
        select(Delivery)
        .where(
            Delivery.user_id == inbox.user_id,
            Delivery.created_at > tx.now - _STILL_OPEN,
            Delivery.dedupe_key.startswith(f"{name}:", autoescape=True),
            Delivery.state == DeliveryState.PENDING,
        )
        .with_for_update()
    )
    if waiting is None:
        row = posting.add(tx, f"{name}:{key}", _of_many(message), inbox, ids, [case])
        tx.say("delivery.planned", delivery=row.id, after=int(TOGETHER_AFTER.total_seconds()))
        return True
    if case in (waiting.case_ids or ()):
        return False
    return dispatch.change(tx, waiting, _PENDING, case_ids=[*(waiting.case_ids or ()), case])


def _of_many(message: Message) -> Message:
    if message.kind is DeliveryKind.DIGEST:
        return message
    return Message(message.kind, message.user, message.args | {"bundle": True})
