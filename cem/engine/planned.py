"""A message on one route: the one place where a delivery is made."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final

from cem.domain.vocabulary import DeliveryKind, DeliveryState
from cem.engine.routes import Route
from cem.engine.transaction import Tx
from cem.ids import new_id
from cem.models import Delivery

_ABOUT: Final = ("case_id", "case_ids", "group_id", "feedback_id", "step")


def row(
    now: datetime, key: str, route: Route, kind: DeliveryKind, message: dict[str, Any], **about: Any
) -> dict[str, Any]:
    """What is to be inserted. `about` are ids of what it tells of; each key is planned once."""
    return {
        "id": new_id(now),
        "dedupe_key": key,
        "kind": kind,
        "transport": route.transport,
        "user_id": route.user_id,
        "robot_id": route.robot_id,
        "address_id": route.address_id,
        "to": route.to,
        "message": message,
        "state": DeliveryState.PENDING,
        "created_at": now,
        **{name: about.get(name) for name in _ABOUT},
    }


def keep(tx: Tx, planned: dict[str, Any]) -> Delivery:
    """It waits to be sent from now on."""
    delivery = Delivery(**planned)
    tx.session.add(delivery)
    tx.session.flush()
    return delivery


def on_another_route(tx: Tx, delivery: Delivery, key: str, route: Route) -> Delivery:
    """The same message, for the same reader, by another way."""
    about = {name: getattr(delivery, name) for name in _ABOUT}
    return keep(tx, row(tx.now, key, route, delivery.kind, delivery.message, **about))
