"""Messages to one person leave at once, together with others, or when the person wants them."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, func, select

from cem.domain.delivery import Message
from cem.domain.vocabulary import DeliveryKind, DeliveryState, HeldFor, TransportName
from cem.domain.waiting import Habits, held_for_company, held_for_habits, importance, jumps
from cem.engine import dispatch, planned
from cem.engine.routes import Route
from cem.engine.transaction import Tx
from cem.models import Delivery, User

_PERSONAL = frozenset({TransportName.EMAIL, TransportName.SMS, TransportName.WEBPUSH})


def add(
    tx: Tx, key: str, message: Message, route: Route, ids: dict[str, Any], case_ids: list[str] | None = None
) -> Delivery:
    """One planned message on one route."""
    about = {
        "case_id": UUID(ids["case"]) if "case" in ids and case_ids is None else None,
        "case_ids": case_ids,
        "group_id": UUID(ids["group"]) if "group" in ids else None,
        "feedback_id": UUID(ids["feedback"]) if "feedback" in ids else None,
        "step": message.args.get("step"),
    }
    args = message.args | ({"user": message.user} if route.robot_id else {})
    return planned.keep(tx, planned.row(tx.now, key, route, message.kind, args, **about))


def post(
    tx: Tx, key: str, message: Message, user: User, route: Route, ids: dict[str, Any],
    case_ids: list[str] | None = None,
) -> None:  # fmt: skip
    """Plan it on a route beside the inbox. What is to be told with others joins them or waits for them."""
    alone = route.transport not in _PERSONAL or jumps(message.kind) or "group" in ids or "case" not in ids
    open_one = None if alone else tx.session.scalar(_waiting(message.kind, route))
    if open_one is not None and _join(tx, open_one, ids["case"]):
        return
    row = add(tx, key, message, route, ids, case_ids)
    own_time = _own_time(tx, row, user) if route.transport in _PERSONAL else None
    if own_time is not None:
        dispatch.hold(tx, row, *own_time)
    elif not alone and (company := held_for_company(_last(tx, row), tx.now)) is not None:
        dispatch.hold(tx, row, company, HeldFor.BUNDLE)
    else:
        dispatch.leave(tx, row.id)


def _own_time(tx: Tx, row: Delivery, user: User) -> tuple[datetime, HeldFor] | None:
    return held_for_habits(row.kind, _habits(user), tx.now, storm=row.group_id is not None)


def _habits(user: User) -> Habits:
    return Habits(user.timezone, user.quiet_from, user.quiet_to, user.digest_at)


def _waiting(kind: DeliveryKind, route: Route) -> Select[Any]:
    """The message that still waits for this person on this route, and is of the same importance."""
    like = [each for each in DeliveryKind if importance(each) == importance(kind) and not jumps(each)]
    held = (Delivery.state == DeliveryState.HELD, Delivery.error.is_(None), Delivery.group_id.is_(None))
    statement = select(Delivery).where(*_there(route), *held, Delivery.kind.in_(like))
    return statement.order_by(Delivery.id).limit(1).with_for_update()


def _there(route: Route) -> tuple[ColumnElement[bool], ...]:
    return (
        Delivery.user_id == route.user_id,
        Delivery.transport == route.transport,
        Delivery.address_id.is_(None)
        if route.address_id is None
        else Delivery.address_id == route.address_id,
    )


def _join(tx: Tx, waiting: Delivery, case: str) -> bool:
    """False where it has just left."""
    together = list(waiting.case_ids or ([str(waiting.case_id)] if waiting.case_id else []))
    if case in together:
        return True
    values = {"case_ids": [*together, case], "case_id": None, "message": waiting.message | {"bundle": True}}
    return dispatch.change(tx, waiting, (DeliveryState.HELD,), **values)


def _last(tx: Tx, row: Delivery) -> Any:
    """When the last message of the same importance set out to the same person on the same route."""
    like = [each for each in DeliveryKind if importance(each) == importance(row.kind)]
    route = Route(row.transport, row.to, row.user_id, address_id=row.address_id)
    set_out = Delivery.state.in_((DeliveryState.PENDING, DeliveryState.SENT))
    statement = select(func.max(func.coalesce(Delivery.sent_at, Delivery.created_at)))
    return tx.session.scalar(
        statement.where(*_there(route), set_out, Delivery.kind.in_(like), Delivery.id != row.id)
    )
