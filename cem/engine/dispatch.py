"""A message leaves by somebody else's server: begun, and over, in two transactions with nothing held between.

That it is still wanted is asked in the transaction that marks it under way. What fails is held until its next
try, or goes by another route; what is given up stays where people see it, and can be sent again.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import insert, select, update

from cem.domain.actors import Actor
from cem.domain.delivery import DAILY, is_mailed_daily, still_wanted
from cem.domain.throttle import Failure, retry_after
from cem.domain.vocabulary import DeliveryKind, DeliveryState, HeldFor, TransportName
from cem.engine import carrying, groups, planned, routes
from cem.engine.room import no_room_until
from cem.engine.routes import Able, Route
from cem.engine.transaction import Tx, transaction
from cem.ids import new_id
from cem.models import Address, Attempt, Case, Delivery, Robot
from cem.transports.base import Gone, TransportError

WAITING: Final = (DeliveryState.PENDING, DeliveryState.HELD)
NO_ROUTE: Final = "nobody is to be reached there any more"
RETURNED: Final = "taken, and could not be delivered"


@dataclass(frozen=True, slots=True)
class Leaving:
    """A message that is under way, and where it goes."""

    delivery_id: UUID
    attempt_id: UUID
    transport: TransportName
    address: str = field(repr=False)
    secret: str | None = field(repr=False)


def begin(delivery_id: UUID) -> Leaving | None:
    """Send it now. None where it is not to be sent: it was stopped, or is held until there is room for it."""
    with transaction() as tx:
        delivery = tx.session.get(Delivery, delivery_id)
        if delivery is None or carrying.is_under_way(delivery, tx.now):
            return None
        along = carrying.others(tx, delivery)
        if not _wanted(tx, delivery):
            return None
        found = _destination(tx, delivery)
        if found is None:
            _give_up(tx, delivery, NO_ROUTE)
            return None
        if (later := no_room_until(tx, delivery)) is not None:
            hold(tx, delivery, *later)
            return None
        for each in along:
            leave(tx, each.id, tx.now + carrying.ALONE_AFTER)
        carrying.take_along(tx, delivery, along)
        if along and (following := carrying.next_in_line(tx, delivery)) is not None:
            leave(tx, following)
        attempt_id = new_id(tx.now)
        row = {"id": attempt_id, "delivery_id": delivery.id, "robot_id": delivery.robot_id}
        tx.session.execute(insert(Attempt), [row | {"began_at": tx.now}])
        change(tx, delivery, tries=delivery.tries + 1, state=DeliveryState.PENDING, held_until=None)
        return Leaving(delivery.id, attempt_id, delivery.transport, *found)


def arrived(leaving: Leaving, text: str, external_id: str | None) -> None:
    """The other side took it. That holds also where it was stopped while it was under way."""
    with transaction() as tx:
        delivery = tx.session.get_one(Delivery, leaving.delivery_id)
        _over(tx, leaving, None)
        carrying.arrived(tx, delivery, text)
        sent = {"state": DeliveryState.SENT, "sent_at": tx.now, "text": text, "external_id": external_id}
        if change(tx, delivery, (*WAITING, DeliveryState.STOPPED), error=None, **sent):
            if delivery.kind is DeliveryKind.EVENT:
                return  # who hears of messages would hear of this one, and of that one, for ever
            about = {"case": delivery.case_id, "feedback": delivery.feedback_id, "to": delivery.user_id}
            tx.say("delivery.sent", delivery=delivery.id, site_path=routes.path_of(tx, delivery), **about)


def failed(leaving: Leaving, error: TransportError, able: Able) -> None:
    """The other side did not take it: try again later, by another route, or give up."""
    with transaction() as tx:
        delivery = tx.session.get_one(Delivery, leaving.delivery_id)
        _over(tx, leaving, str(error))
        for id in carrying.let_go(tx, delivery):
            leave(tx, id)
        if isinstance(error, Gone):
            _end_route(tx, delivery)
        if delivery.state not in WAITING:
            return
        instead = list(routes.instead_of(tx, delivery, able))
        failure = Failure(delivery.transport, delivery.tries, error.permanent, error.wait)
        wait = retry_after(failure, another_route=bool(instead))
        if wait is not None:
            hold(tx, delivery, tx.now + wait, HeldFor.RETRY, str(error))
            return
        _give_up(tx, delivery, str(error))
        for route in instead:
            _go_by(tx, delivery, route)


def received(delivery_id: UUID, *, read: bool) -> bool:
    """The device says that it has the message, or that it was read. False where that is no news."""
    with transaction() as tx:
        delivery = tx.session.get(Delivery, delivery_id)
        if delivery is None or delivery.state is not DeliveryState.SENT:
            return False
        news = {"received_at": delivery.received_at or tx.now}
        if read:
            news["seen_at"] = delivery.seen_at or tx.now
        known = (delivery.received_at, delivery.seen_at) == (
            news["received_at"],
            news.get("seen_at", delivery.seen_at),
        )
        return not known and change(tx, delivery, (DeliveryState.SENT,), **news)


def returned(delivery_id: UUID, able: Able) -> bool:
    """Who had taken it could not deliver it after all: it goes by the next route. False: no news."""
    with transaction() as tx:
        delivery = tx.session.get(Delivery, delivery_id)
        failed = {"state": DeliveryState.FAILED, "error": RETURNED}
        if delivery is None or not change(tx, delivery, (DeliveryState.SENT,), **failed):
            return False
        for route in routes.instead_of(tx, delivery, able):
            _go_by(tx, delivery, route)
        return True


def refused(leaving: Leaving, error: TransportError) -> None:
    """A trial was not taken: that is its result, and nothing is tried again."""
    with transaction() as tx:
        delivery = tx.session.get_one(Delivery, leaving.delivery_id)
        _over(tx, leaving, str(error))
        change(tx, delivery, state=DeliveryState.STOPPED, held_until=None, error=str(error)[:200])


def leave(tx: Tx, delivery_id: UUID, at: datetime | None = None) -> None:
    """Say that it is to be sent, now or then."""
    after = None if at is None else math.ceil((at - tx.now).total_seconds())
    tx.say("delivery.leaving", delivery=delivery_id, after=after)


def hold(tx: Tx, delivery: Delivery, until: datetime, why: HeldFor, error: str | None = None) -> None:
    held: dict[str, Any] = {"state": DeliveryState.HELD, "held_until": until, "held_for": why}
    if change(tx, delivery, **held, error=error and error[:200]):
        leave(tx, delivery.id, until)


def change(tx: Tx, delivery: Delivery, before: tuple[DeliveryState, ...] = WAITING, **values: Any) -> bool:
    """Change it where it is still in one of these states."""
    statement = (
        update(Delivery)
        .where(Delivery.id == delivery.id, Delivery.state.in_(before))
        .values(**values)
        .execution_options(synchronize_session=False)
    )
    done = bool(tx.session.connection().execute(statement).rowcount)
    tx.session.refresh(delivery)
    return done


def again(tx: Tx, delivery: Delivery, by: Actor, before: tuple[DeliveryState, ...]) -> bool:
    """Send it from its first try on. False where it is in none of these states."""
    first: dict[str, Any] = {"state": DeliveryState.PENDING, "tries": 0, "held_until": None, "error": None}
    if not change(tx, delivery, before, **first):
        return False
    leave(tx, delivery.id)
    tx.audit(str(by), "delivery.replayed", delivery.id)
    return True


def _wanted(tx: Tx, delivery: Delivery) -> bool:
    """The case is locked until the message is marked: an acknowledgement comes before it or after it."""
    of_case = select(Case.state).where(Case.id == delivery.case_id).with_for_update(key_share=True)
    state = tx.session.scalar(of_case)
    if delivery.group_id is not None:
        state = groups.standing_of_all(tx, groups.told_of(delivery))
    tx.session.refresh(delivery, with_for_update=True)  # nobody joins a bundle that is being read
    if delivery.state not in WAITING:
        return False
    storm = delivery.group_id is not None
    daily = is_mailed_daily(delivery.kind, storm=storm) and delivery.user_id is not None
    if daily and not _unread(tx, delivery):
        change(tx, delivery, state=DeliveryState.STOPPED)
        return False
    if delivery.message.get("bundle"):
        return _wanted_together(tx, delivery)
    if not still_wanted(delivery.kind, state):
        change(tx, delivery, state=DeliveryState.STOPPED)
        return False
    return True


def _unread(tx: Tx, delivery: Delivery) -> bool:
    """Whether any news to this person lies in the inbox and nobody has looked."""
    d = Delivery
    statement = select(d.id).where(
        d.user_id == delivery.user_id,
        d.transport == TransportName.INBOX,
        d.state == DeliveryState.SENT,
        d.kind.in_(DAILY),
        d.group_id.is_(None),
        d.seen_at.is_(None),
    )
    return tx.session.scalar(statement.limit(1)) is not None


def _wanted_together(tx: Tx, bundle: Delivery) -> bool:
    """Those of a bundle that somebody has taken in the meantime are left out; the cases are locked too."""
    ids = [UUID(id) for id in bundle.case_ids or ()]
    locked = select(Case.id, Case.state).where(Case.id.in_(ids)).order_by(Case.id)
    states = dict(tx.session.execute(locked.with_for_update(key_share=True)).all())
    wanted = [str(id) for id in ids if still_wanted(bundle.kind, states.get(id))]
    change(tx, bundle, **({"case_ids": wanted} if wanted else {"state": DeliveryState.STOPPED}))
    return bool(wanted)


def _destination(tx: Tx, delivery: Delivery) -> tuple[str, str | None] | None:
    """Where it goes and with which secret. A robot is locked: its messages are counted one after another."""
    if delivery.robot_id is not None:
        robot = tx.session.get(Robot, delivery.robot_id, with_for_update={"key_share": True})
        return None if robot is None or robot.ended_at is not None else (robot.url, _secrets(robot, tx.now))
    statement = select(Address.value).where(
        Address.user_id == delivery.user_id,
        Address.transport == delivery.transport,
        Address.verified_at.is_not(None),
        Address.ended_at.is_(None),
    )
    if delivery.address_id is not None:
        statement = statement.where(Address.id == delivery.address_id)
    value = tx.session.scalar(statement)
    return None if value is None else (value, None)


def _secrets(robot: Robot, now: datetime) -> str | None:
    """Its secret; after a rotation, for a while, the old one behind it."""
    if robot.secret and robot.old_secret and robot.old_secret_until and now < robot.old_secret_until:
        return f"{robot.secret} {robot.old_secret}"
    return robot.secret


def _over(tx: Tx, leaving: Leaving, error: str | None) -> None:
    over = update(Attempt).where(Attempt.id == leaving.attempt_id)
    tx.session.connection().execute(over.values(over_at=tx.now, error=error and error[:200]))


def _give_up(tx: Tx, delivery: Delivery, reason: str) -> None:
    change(tx, delivery, state=DeliveryState.FAILED, held_until=None, error=reason[:200])


def _go_by(tx: Tx, delivery: Delivery, route: Route) -> None:
    """The same message on another route, unless it has gone there already."""
    key = route.key(delivery.dedupe_key.rsplit(":", 2)[0])
    if tx.session.scalar(select(Delivery.id).where(Delivery.dedupe_key == key)) is not None:
        return
    leave(tx, planned.on_another_route(tx, delivery, key, route).id)


def _end_route(tx: Tx, delivery: Delivery) -> None:
    """Its other side wants no more; what still waits for it is given up when its turn comes."""
    table: type[Robot | Address] = Robot if delivery.robot_id is not None else Address
    id = delivery.robot_id or delivery.address_id
    ended = update(table).where(table.id == id, table.ended_at.is_(None)).values(ended_at=tx.now)
    if id is not None and tx.session.connection().execute(ended).rowcount:
        tx.audit("hub", f"{table.__tablename__}.ended", id, reason="gone")
