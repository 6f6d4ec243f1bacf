"""Whether there is room for a message: a robot's minute, a telephone's hours, and whose turn it is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from sqlalchemy import ColumnElement, select

from cem.domain.throttle import DEVICE_LIMITS, LIMITS, PATIENCE, WINDOW, device_held_until, held_until
from cem.domain.vocabulary import DeliveryState, HeldFor, TransportName
from cem.domain.waiting import Turn, in_turn, jumps
from cem.engine.transaction import Tx
from cem.models import Attempt, Delivery

LONG: Final = timedelta(minutes=5)
"""Who has waited so long goes with those who jump the queue: nobody waits for ever behind newcomers."""

_REMEMBERED: Final = timedelta(minutes=15)
_QUEUED: Final = (HeldFor.MINUTE, HeldFor.DEVICE, HeldFor.RETRY)


def no_room_until(tx: Tx, delivery: Delivery) -> tuple[datetime, HeldFor] | None:
    """When it may leave, and why not yet. None: now."""
    if delivery.robot_id is not None and (limit := LIMITS.get(delivery.transport)) is not None:
        left = _left(tx, WINDOW, Attempt.robot_id == delivery.robot_id)
        there = Delivery.robot_id == delivery.robot_id
        at = held_until(left, tx.now, limit, _ahead(tx, delivery, there))
        return None if at is None else (at, HeldFor.MINUTE)
    if delivery.transport is TransportName.SMS and delivery.user_id is not None:
        there = (Delivery.user_id == delivery.user_id) & (Delivery.transport == TransportName.SMS)
        theirs = Attempt.delivery_id.in_(select(Delivery.id).where(there))
        left = _left(tx, DEVICE_LIMITS[-1][1], theirs)
        at = device_held_until(left, tx.now, _ahead(tx, delivery, there))
        return None if at is None else (at, HeldFor.DEVICE)
    return None


def _left(tx: Tx, window: timedelta, whose: ColumnElement[bool]) -> list[datetime]:
    """When earlier ones had left for certain; for one that is under way, when it will be at the latest."""
    statement = select(Attempt.began_at, Attempt.over_at).where(
        whose, Attempt.began_at > tx.now - window - 2 * PATIENCE
    )
    return [row.over_at or row.began_at + PATIENCE for row in tx.session.execute(statement)]


def _ahead(tx: Tx, delivery: Delivery, there: ColumnElement[bool]) -> int:
    """How many of those who wait for the same go before it."""
    d = Delivery
    held = (d.state == DeliveryState.HELD, d.held_for.in_(_QUEUED), d.held_until > tx.now - WINDOW)
    columns = select(d.id, d.kind, d.message, d.user_id, d.created_at)
    others = tx.session.execute(columns.where(there, *held, d.id != delivery.id)).all()
    if not others:
        return 0
    waiting: list[Any] = [*others, delivery]
    turns = [_turn(row, tx.now) for row in sorted(waiting, key=lambda row: row.id)]
    return in_turn(turns, _told(tx, there)).index(str(delivery.id))


def _turn(row: Any, now: datetime) -> Turn:
    return Turn(
        str(row.id), _person(row.message, row.user_id), jumps(row.kind) or row.created_at < now - LONG
    )


def _told(tx: Tx, there: ColumnElement[bool]) -> Mapping[str, datetime]:
    """When each person was told last by this route."""
    d = Delivery
    sent = select(d.message, d.user_id, d.sent_at).where(
        there, d.state == DeliveryState.SENT, d.created_at > tx.now - _REMEMBERED
    )
    rows: Sequence[Any] = tx.session.execute(sent.order_by(d.sent_at)).all()
    return {_person(row.message, row.user_id): row.sent_at for row in rows}


def _person(message: Mapping[str, Any], user_id: UUID | None) -> str:
    return str(message.get("user") or user_id)
