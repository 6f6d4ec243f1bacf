"""Somebody tries whether a robot, or a webhook, can be reached."""

from __future__ import annotations

from datetime import timedelta
from typing import Final
from uuid import UUID

from cem.domain.actors import Actor
from cem.domain.events import told
from cem.domain.reasons import NotFound
from cem.domain.vocabulary import DeliveryKind, TransportName
from cem.engine import dispatch, planned
from cem.engine.routes import Route
from cem.engine.transaction import transaction
from cem.ids import new_id
from cem.models import Robot

TRIAL: Final = "webhook.trial"
"""What a webhook is told when somebody tries it."""
TRIAL_FOLLOWS: Final = timedelta(minutes=1)


def plan_trial(robot_id: UUID, by: Actor) -> UUID:
    """A message that says that the robot, or the webhook, can be reached. Raises `NotFound` for none.

    Whoever asked sends it at once; where that is cut short it follows by itself.
    """
    with transaction() as tx:
        robot = tx.session.get(Robot, robot_id)
        if robot is None or robot.ended_at is not None:
            raise NotFound
        id = new_id(tx.now)
        event = {"id": str(id), "kind": TRIAL, "v": 1, "at": tx.now.isoformat()}
        is_hook = robot.transport is TransportName.WEBHOOK
        kind = DeliveryKind.EVENT if is_hook else DeliveryKind.NEWS
        message = {"event": TRIAL, "told": told(event)} if is_hook else {"trial": True}
        route = Route(robot.transport, robot.name, robot_id=robot_id)
        planned.keep(tx, planned.row(tx.now, f"trial:{id}", route, kind, message) | {"id": id})
        dispatch.leave(tx, id, tx.now + TRIAL_FOLLOWS)
        tx.audit(str(by), "robot.tried", robot_id)
        return id
