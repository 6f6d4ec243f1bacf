"""What waits for a robot's minute travels together: one message with each of them and its link.

Whoever is carried stays a message of its own, held until the carrier has arrived: then it is sent too. Where
the carrier comes to nothing, or its process ends, each goes on by itself, so none is lost with it.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from sqlalchemy import select, update

from cem.domain.delivery import still_wanted
from cem.domain.throttle import LIMITS
from cem.domain.vocabulary import DeliveryState, HeldFor
from cem.domain.waiting import jumps
from cem.engine import groups, routes
from cem.engine.transaction import Tx
from cem.models import Case, Delivery

TOGETHER: Final = 8
"""So many fit into the shortest message that a robot takes, each with its link."""
ALONE_AFTER: Final = timedelta(minutes=1)
"""Whoever is carried goes by itself where nothing was heard of the carrier for so long."""


def others(tx: Tx, delivery: Delivery) -> Sequence[Delivery]:
    """Who waits for the same minute, first those that ask somebody to act; their cases locked in one order.

    None where this one has not waited itself: a robot with room is told of each at once.
    """
    if delivery.transport not in LIMITS or not _waits(delivery):
        return ()
    d = Delivery
    waiting = (d.robot_id == delivery.robot_id, d.state == DeliveryState.HELD, d.held_for == HeldFor.MINUTE)
    found = tx.session.scalars(select(d).where(*waiting, d.id != delivery.id).order_by(d.id)).all()
    chosen = sorted(found, key=lambda each: not jumps(each.kind))[: TOGETHER - 1]
    ids = {each.case_id for each in (delivery, *chosen) if each.case_id is not None}
    tx.session.execute(
        select(Case.id).where(Case.id.in_(ids)).order_by(Case.id).with_for_update(key_share=True)
    )
    return chosen


def take_along(tx: Tx, carrier: Delivery, along: Collection[Delivery]) -> None:
    """They travel with the carrier, unless somebody took what they are about in the meantime."""
    carried = [str(each.id) for each in along if _joins(tx, each)]
    if carried:
        _set(tx, carrier.id, message=carrier.message | {"carries": carried})
        tx.session.refresh(carrier)


def next_in_line(tx: Tx, carrier: Delivery) -> UUID | None:
    """The first of those that still wait: with so many gone at once its turn may have come."""
    d = Delivery
    later = (d.robot_id == carrier.robot_id, d.state == DeliveryState.HELD, d.held_for == HeldFor.MINUTE)
    statement = select(d.id).where(*later, d.id != carrier.id, d.held_until > tx.now)
    return tx.session.scalar(statement.order_by(d.id).limit(1))


def arrived(tx: Tx, carrier: Delivery, text: str) -> None:
    """Each of them is sent, and says so."""
    for each in _carried(tx, carrier):
        values = {"state": DeliveryState.SENT, "sent_at": tx.now, "text": text, "held_until": None}
        if _set(tx, each.id, **values):
            about = {"case": each.case_id, "feedback": each.feedback_id, "to": each.user_id}
            tx.say("delivery.sent", delivery=each.id, site_path=routes.path_of(tx, each), **about)


def let_go(tx: Tx, carrier: Delivery) -> list[UUID]:
    """The carrier did not get through: each waits for its own turn again. Their ids."""
    waiting = [each.id for each in _carried(tx, carrier)]
    for id in waiting:
        _set(tx, id, held_for=HeldFor.MINUTE, held_until=tx.now)
    if waiting:
        kept = {name: value for name, value in carrier.message.items() if name != "carries"}
        _set(tx, carrier.id, message=kept)
        tx.session.refresh(carrier)
    return waiting


def is_under_way(delivery: Delivery, now: datetime) -> bool:
    """Whether another message carries it now."""
    held = delivery.state is DeliveryState.HELD and delivery.held_for is HeldFor.BUNDLE
    return (
        held
        and delivery.robot_id is not None
        and delivery.held_until is not None
        and delivery.held_until > now
    )


def _waits(delivery: Delivery) -> bool:
    return delivery.state is DeliveryState.HELD and delivery.held_for is HeldFor.MINUTE


def _joins(tx: Tx, delivery: Delivery) -> bool:
    """Held from now on for its carrier; false where it has left, or is not wanted any more."""
    tx.session.refresh(delivery, with_for_update=True)
    if not _waits(delivery):
        return False
    state = tx.session.scalar(select(Case.state).where(Case.id == delivery.case_id))
    if delivery.group_id is not None:
        state = groups.standing(tx, delivery.group_id)
    if not still_wanted(delivery.kind, state):
        _set(tx, delivery.id, state=DeliveryState.STOPPED, held_until=None)
        return False
    return _set(tx, delivery.id, held_for=HeldFor.BUNDLE, held_until=tx.now + ALONE_AFTER)


def _carried(tx: Tx, carrier: Delivery) -> Sequence[Delivery]:
    ids = [UUID(id) for id in carrier.message.get("carries", ())]
    if not ids:
        return ()
    held = (Delivery.state == DeliveryState.HELD, Delivery.held_for == HeldFor.BUNDLE)
    statement = select(Delivery).where(Delivery.id.in_(ids), *held).order_by(Delivery.id)
    return tx.session.scalars(statement.execution_options(populate_existing=True)).all()


def _set(tx: Tx, delivery_id: UUID, **values: Any) -> bool:
    statement = update(Delivery).where(Delivery.id == delivery_id).values(**values)
    return bool(tx.connection.execute(statement.execution_options(synchronize_session=False)).rowcount)
