"""Programs that want to hear: each public event is told once to each webhook that may hear of it."""

from __future__ import annotations

import base64
import secrets
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, Final
from uuid import UUID

from sqlalchemy import insert, select

from cem.domain.actors import Actor
from cem.domain.events import PUBLIC, is_heard, told
from cem.domain.reasons import Invalid, NotFound
from cem.domain.submission import N_
from cem.domain.vocabulary import DeliveryKind, DeliveryState, TransportName
from cem.engine import dispatch, outbox, planned, robots
from cem.engine.audience import LIVE
from cem.engine.robots import NewRobot
from cem.engine.routes import Route
from cem.engine.transaction import Tx, transaction
from cem.models import Delivery, OutboxRow, Robot, Site, Task
from cem.transports.webhook import PREFIX

OLD_SECRET_HOLDS: Final = timedelta(hours=24)
"""After a rotation messages are signed with both secrets for so long: nobody has to change at one instant."""

_SECRET_BYTES: Final = 32


@dataclass(frozen=True, slots=True)
class NewWebhook:
    """`site` is the code of the place whose events it hears, with those below. No events: all of them."""

    name: str
    site: str
    url: str = field(repr=False)
    events: Collection[str] = ()


@dataclass(frozen=True, slots=True)
class Made:
    """The secret is shown this once; afterwards only the hub knows it."""

    id: UUID
    secret: str = field(repr=False)


def make(new: NewWebhook, by: Actor) -> Made:
    """Raises `Invalid`, which names the field, and `NotFound` for no such place."""
    unknown = sorted(set(new.events) - PUBLIC)
    if unknown:
        raise Invalid({"events": [N_("There is no such event.")]})
    secret = new_secret()
    kept = sorted(new.events or PUBLIC)
    robot = NewRobot(new.name, TransportName.WEBHOOK, new.site, new.url, secret, events=kept)
    return Made(robots.add_robot(robot, by), secret)


def new_secret() -> str:
    return PREFIX + base64.b64encode(secrets.token_bytes(_SECRET_BYTES)).decode()


def rotate(webhook_id: UUID, by: Actor) -> str:
    """Its new secret. The old one holds for a day beside it. Raises `NotFound` for one that is not there."""
    with transaction() as tx:
        webhook = tx.session.get(Robot, webhook_id, with_for_update=True)
        if webhook is None or webhook.ended_at is not None or webhook.transport is not TransportName.WEBHOOK:
            raise NotFound
        secret = new_secret()
        webhook.old_secret, webhook.old_secret_until = webhook.secret, tx.now + OLD_SECRET_HOLDS
        webhook.secret = secret
        tx.audit(str(by), "webhook.rotated", webhook_id)
        return secret


def tell(task_ids: Sequence[UUID]) -> int:
    """Plan one message for each webhook that may hear of the events of these tasks. How many were new.

    They are planned, and so leave, in the order of the events' ids.
    """
    with transaction() as tx:
        hooks = _listening(tx)
        rows = [row for event in _events(tx, task_ids) for row in _messages(tx, hooks, event)]
        fresh = _without_known(tx, rows)
        if fresh:
            tx.session.execute(insert(Delivery), fresh)
        for row in fresh:
            dispatch.leave(tx, row["id"])
        outbox.finish_with(tx, task_ids)
        return len(fresh)


def _listening(tx: Tx) -> Sequence[Any]:
    columns = (Robot.id, Robot.name, Robot.events, Robot.created_at, Site.path)
    return tx.session.execute(select(*columns).join(Site, Site.id == Robot.site_id).where(*LIVE)).all()


def _events(tx: Tx, task_ids: Sequence[UUID]) -> list[dict[str, Any]]:
    o = OutboxRow
    statement = select(o.id, o.kind, o.version, o.at, o.ids).join(Task, Task.outbox_id == o.id)
    rows = tx.session.execute(statement.where(Task.id.in_(task_ids)).order_by(o.id))
    return [
        {"id": str(row.id), "kind": row.kind, "v": row.version, "at": row.at.isoformat(), **row.ids}
        for row in rows
    ]


def _messages(tx: Tx, hooks: Sequence[Any], event: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """What was before a webhook was made is not for it."""
    for hook in hooks:
        wanted = hook.events is None or event["kind"] in hook.events
        if wanted and is_heard(event, hook.path) and event["at"] >= hook.created_at.isoformat():
            yield message_row(tx, hook, event)


def message_row(tx: Tx, hook: Any, event: dict[str, Any]) -> dict[str, Any]:
    route = Route(TransportName.WEBHOOK, hook.name, robot_id=hook.id)
    about = {f"{name}_id": UUID(event[name]) for name in ("case", "feedback") if name in event}
    message = {"event": event["kind"], "told": told(event)}
    return planned.row(tx.now, _key(event["id"], hook.id), route, DeliveryKind.EVENT, message, **about)


def _key(event_id: UUID | str, webhook_id: UUID) -> str:
    return f"{event_id}:{TransportName.WEBHOOK}:{webhook_id}"


def _without_known(tx: Tx, rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Without what an earlier run of the same tasks had planned. Taken by one worker at a time."""
    keys = [row["dedupe_key"] for row in rows]
    known = set(tx.session.scalars(select(Delivery.dedupe_key).where(Delivery.dedupe_key.in_(keys))))
    return [row for row in rows if row["dedupe_key"] not in known]


def replay(webhook_id: UUID, message: UUID, by: Actor) -> UUID | None:
    """Tell it once more, under the same `webhook-id`: by the id of the message, or of the event.

    The id of the message; None where it never was to hear of that, or is just about to.
    """
    with transaction() as tx:
        webhook = tx.session.get(Robot, webhook_id)
        delivery = tx.session.get(Delivery, message) or tx.session.scalar(
            select(Delivery).where(Delivery.dedupe_key == _key(message, webhook_id))
        )
        if webhook is None or webhook.ended_at is not None:
            return None
        if delivery is None or delivery.robot_id != webhook_id:
            return None
        done = dispatch.again(tx, delivery, by, (DeliveryState.FAILED, DeliveryState.SENT))
        return delivery.id if done else None
