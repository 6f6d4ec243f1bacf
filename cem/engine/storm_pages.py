"""One cause at several places is one page for the person above them, not one for each place.

The first place is told of at once. What follows for the same cause within the minutes of a storm is gathered
into one message by each way, and goes when they are over: for all that nobody has taken by then.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select

from cem.domain.delivery import Message
from cem.domain.storms import WINDOW, CauseKind
from cem.domain.vocabulary import DeliveryKind, HeldFor, TransportName
from cem.engine import dispatch, groups, posting, routes
from cem.engine.routes import Able, Route
from cem.engine.transaction import Tx
from cem.models import CaseGroup, Delivery, User


def gathered(
    tx: Tx, event_id: UUID | str, message: Message, user: User, ids: dict[str, Any], able: Able
) -> bool:
    """Whether this escalation goes with those of other places. Robots are told of their own place at once."""
    if message.kind is not DeliveryKind.ESCALATION or "group" not in ids:
        return False
    group = tx.session.get_one(CaseGroup, UUID(ids["group"]))
    told = _told(tx, user, group)
    if told is None:
        return False
    cases = [str(id) for id in tx.session.scalars(groups.members(group.id))]
    case_id = UUID(cases[0]) if cases else None
    for route in [routes.inbox(user), *routes.outward(tx, message, user, case_id, able)]:
        if route.robot_id is not None:
            posting.post(tx, route.key(event_id), message, user, route, ids, cases)
        elif not _join(tx, route, group, cases):
            _begin(tx, route.key(event_id), message, route, ids, cases, told + WINDOW)
    return True


def _told(tx: Tx, user: User, group: CaseGroup) -> datetime | None:
    """When this person was told last of the same cause at another place, within the minutes of a storm."""
    d = Delivery
    recent = (d.user_id == user.id, d.transport == TransportName.INBOX, d.created_at > tx.now - WINDOW)
    statement = select(d.created_at, CaseGroup).join(CaseGroup, CaseGroup.id == d.group_id)
    statement = statement.where(*recent, d.kind == DeliveryKind.ESCALATION, CaseGroup.id != group.id)
    rows = tx.session.execute(statement.order_by(d.created_at))
    found: list[datetime] = [row[0] for row in rows if _alike(row[1], group)]
    return found[0] if found else None


def _alike(one: CaseGroup, other: CaseGroup) -> bool:
    """The same kind of cause; where it is a topic, the same topic."""
    topic = one.cause_kind is CauseKind.TOPIC
    return one.cause_kind is other.cause_kind and (not topic or one.cause_code == other.cause_code)


def _join(tx: Tx, route: Route, group: CaseGroup, cases: list[str]) -> bool:
    """False where no message of several places waits for this person on this way."""
    d = Delivery
    waiting = select(d).where(
        d.user_id == route.user_id,
        d.transport == route.transport,
        d.address_id.is_(None) if route.address_id is None else d.address_id == route.address_id,
        d.created_at > tx.now - WINDOW,
        d.state.in_(dispatch.WAITING),
        d.group_id.is_not(None),
    )
    for each in tx.session.scalars(waiting.order_by(d.id).with_for_update()):
        if "groups" in each.message and _alike(tx.session.get_one(CaseGroup, each.group_id), group):
            of = [*each.message["groups"], str(group.id)]
            together = [*(each.case_ids or ()), *cases]
            return dispatch.change(tx, each, message=each.message | {"groups": of}, case_ids=together)
    return False


def _begin(
    tx: Tx, key: str, message: Message, route: Route, ids: dict[str, Any], cases: list[str], at: datetime
) -> None:
    of_many = Message(message.kind, message.user, message.args | {"groups": [ids["group"]]})
    row = posting.add(tx, key, of_many, route, ids, cases)
    if route.transport is TransportName.INBOX:
        tx.say("delivery.planned", delivery=row.id, after=max(0, int((at - tx.now).total_seconds())))
    else:
        dispatch.hold(tx, row, at, HeldFor.BUNDLE)
