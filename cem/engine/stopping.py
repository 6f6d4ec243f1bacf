"""What is not to be told any more: pages of what somebody took, warnings of what was kept."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import ColumnElement, select, update

from cem.domain.delivery import PAGING
from cem.domain.vocabulary import DeliveryKind, DeliveryState
from cem.engine import dispatch
from cem.engine.transaction import Tx
from cem.models import Delivery


def stop_pages(tx: Tx, case_id: UUID) -> None:
    """Somebody took the case: no page that still waits for it goes out, by whichever transport."""
    _stop(tx, Delivery.case_id == case_id)


def stop_pages_of_group(tx: Tx, group_id: UUID) -> None:
    """Somebody took the whole group, or took it apart: no page about it goes out, only of other places."""
    _without(tx, group_id)
    _stop(tx, Delivery.group_id == group_id)


def stop_digests(tx: Tx, group_id: UUID) -> None:
    """How a group stood is of no use once it is known how it stands."""
    held = (Delivery.group_id == group_id, Delivery.kind == DeliveryKind.DIGEST)
    stopped = update(Delivery).where(*held, Delivery.state == DeliveryState.HELD)
    values = {"state": DeliveryState.STOPPED, "held_until": None}
    tx.session.execute(stopped.values(**values).execution_options(synchronize_session=False))


def _stop(tx: Tx, about: ColumnElement[bool]) -> None:
    waiting = (about, Delivery.state.in_(dispatch.WAITING), Delivery.kind.in_(PAGING))
    stopped = update(Delivery).where(*waiting).values(state=DeliveryState.STOPPED, held_until=None)
    tx.session.execute(stopped.execution_options(synchronize_session=False))


def _without(tx: Tx, group_id: UUID) -> None:
    """A message of several places goes on about the others."""
    d = Delivery
    waiting = select(d).where(d.group_id == group_id, d.state.in_(dispatch.WAITING))
    for each in tx.session.scalars(waiting.order_by(d.id)).all():
        left = [id for id in each.message.get("groups", ()) if id != str(group_id)]
        if left:
            dispatch.change(tx, each, message=each.message | {"groups": left}, group_id=UUID(left[0]))


def stop_warnings(tx: Tx, case_id: UUID, promise_id: UUID) -> None:
    """This promise is kept, paused or over: no warning of it that still waits goes out."""
    d = Delivery
    waiting = (d.case_id == case_id, d.kind == DeliveryKind.WARNING, d.state.in_(dispatch.WAITING))
    for id, message in tx.session.execute(select(d.id, d.message).where(*waiting)).all():
        if message.get("promise") == str(promise_id):
            stopped = update(d).where(d.id == id).values(state=DeliveryState.STOPPED, held_until=None)
            tx.session.execute(stopped.execution_options(synchronize_session=False))
