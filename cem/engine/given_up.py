"""What became of messages that were given up: somebody sends them once more, or nobody needs them."""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from cem.domain.actors import Actor
from cem.domain.vocabulary import DeliveryState
from cem.engine import dispatch
from cem.engine.transaction import transaction
from cem.models import Delivery


def replay(delivery_id: UUID, by: Actor) -> bool:
    """Send a message that was given up once more, from its first try on. False where it was not given up."""
    with transaction() as tx:
        delivery = tx.session.get(Delivery, delivery_id)
        return delivery is not None and dispatch.again(tx, delivery, by, (DeliveryState.FAILED,))


def replay_all(ids: Collection[UUID], by: Actor) -> int:
    """Send all of these that were given up once more. How many were."""
    return sum(replay(id, by) for id in sorted(ids))


def forgo(delivery_id: UUID, by: Actor) -> bool:
    """Nobody needs this message any more: it leaves the list of those given up, with its reason."""
    with transaction() as tx:
        delivery = tx.session.get(Delivery, delivery_id)
        stopped = {"state": DeliveryState.STOPPED, "held_until": None}
        if delivery is None or not dispatch.change(tx, delivery, (DeliveryState.FAILED,), **stopped):
            return False
        tx.audit(str(by), "delivery.forgone", delivery_id)
        return True
