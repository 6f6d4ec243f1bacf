"""Deliveries are planned once for each event, and marked sent only while they are still wanted."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, Final
from uuid import UUID

from sqlalchemy import select, update

from cem.domain.delivery import Message, plan, still_wanted
from cem.domain.vocabulary import DeliveryKind, DeliveryState, TransportName
from cem.engine.transaction import Tx, transaction
from cem.ids import new_id
from cem.models import Case, Delivery, Feedback, Site, User

DIGEST_AFTER: Final = timedelta(minutes=1)
"""A digest waits so long for what arrives together."""


def plan_for(event_id: UUID, kind: str, ids: dict[str, Any]) -> bool:
    """Plan what this event asks for. False where nothing is to be told, or it is planned already."""
    with transaction() as tx:
        case_id = UUID(ids["case"]) if "case" in ids else None
        state = tx.session.scalar(select(Case.state).where(Case.id == case_id))
        message = plan(kind, ids, state)
        return message is not None and _keep(tx, event_id, message, ids)


def mark_sent(delivery_id: UUID, text: str, external_id: str | None) -> bool:
    """It went out. False, and stopped, where its case was acknowledged in the meantime."""
    with transaction() as tx:
        delivery = tx.session.get(Delivery, delivery_id)
        if delivery is None or delivery.state is not DeliveryState.PENDING:
            return False
        state = tx.session.scalar(select(Case.state).where(Case.id == delivery.case_id).with_for_update())
        wanted = still_wanted(delivery.kind, state)
        values: dict[str, Any] = {"state": DeliveryState.STOPPED}
        if wanted:
            sent = {"sent_at": tx.now, "text": text, "external_id": external_id}
            values = {"state": DeliveryState.SENT, **sent}
        if _change(tx, delivery_id, values) and wanted:
            path = _path_of(tx, delivery)
            about = {"case": delivery.case_id, "feedback": delivery.feedback_id}
            tx.say("delivery.sent", delivery=delivery_id, site_path=path, to=delivery.user_id, **about)
        return wanted


def _path_of(tx: Tx, delivery: Delivery) -> str | None:
    """The place that a delivery is about, so that only those who see it hear of it."""
    case_id = delivery.case_id or (UUID(delivery.case_ids[0]) if delivery.case_ids else None)
    if case_id is not None:
        of_case = select(Site.path).join(Case, Case.site_id == Site.id).where(Case.id == case_id)
        return tx.session.scalar(of_case)
    of_feedback = select(Site.path).join(Feedback, Feedback.site_id == Site.id)
    return tx.session.scalar(of_feedback.where(Feedback.id == delivery.feedback_id))


def is_wanted(delivery_id: UUID) -> bool:
    """Asked just before sending: it waits still, and nobody has taken its case; else it is stopped."""
    with transaction() as tx:
        row = tx.session.execute(
            select(Delivery.kind, Delivery.state, Case.state)
            .outerjoin(Case, Case.id == Delivery.case_id)
            .where(Delivery.id == delivery_id)
        ).one()
        if row[1] is not DeliveryState.PENDING:
            return False
        wanted = still_wanted(row[0], row[2])
        if not wanted:
            _change(tx, delivery_id, {"state": DeliveryState.STOPPED})
        return wanted


def mark_failed(delivery_id: UUID, error: str) -> None:
    """It cannot be delivered, and trying again would not help; people can see why."""
    with transaction() as tx:
        _change(tx, delivery_id, {"state": DeliveryState.FAILED, "error": error[:200]})


def _change(tx: Tx, delivery_id: UUID, values: dict[str, Any]) -> bool:
    statement = (
        update(Delivery)
        .where(Delivery.id == delivery_id, Delivery.state == DeliveryState.PENDING)
        .values(**values)
        .execution_options(synchronize_session=False)
    )
    return bool(tx.session.connection().execute(statement).rowcount)


def _keep(tx: Tx, event_id: UUID, message: Message, ids: dict[str, Any]) -> bool:
    user = tx.session.get(User, UUID(message.user))
    if user is None:
        return False
    if message.kind is DeliveryKind.DIGEST:
        return _gather(tx, message, user, ids)
    key = f"{event_id}:{TransportName.INBOX}:{user.id}"
    if tx.session.scalar(select(Delivery.id).where(Delivery.dedupe_key == key)) is not None:
        return False
    _add(tx, key, message, user, ids)
    return True


def _gather(tx: Tx, message: Message, user: User, ids: dict[str, Any]) -> bool:
    """Late arrivals that come together are told of together, in one digest."""
    key = f"digest:{user.id}"
    waiting = tx.session.scalar(
        select(Delivery)
        .where(Delivery.dedupe_key.startswith(key), Delivery.state == DeliveryState.PENDING)
        .with_for_update()
    )
    if waiting is None:
        _add(tx, f"{key}:{ids['case']}", message, user, ids, case_ids=[ids["case"]], after=DIGEST_AFTER)
        return True
    if ids["case"] in (waiting.case_ids or ()):
        return False
    together = [*(waiting.case_ids or ()), ids["case"]]
    _change(tx, waiting.id, {"case_ids": together})
    return True


def _add(
    tx: Tx,
    key: str,
    message: Message,
    user: User,
    ids: dict[str, Any],
    case_ids: list[str] | None = None,
    after: timedelta = timedelta(),
) -> None:
    row = Delivery(
        id=new_id(tx.now),
        dedupe_key=key,
        kind=message.kind,
        transport=TransportName.INBOX,
        user_id=user.id,
        to=user.username,
        case_id=UUID(ids["case"]) if "case" in ids and case_ids is None else None,
        case_ids=case_ids,
        feedback_id=UUID(ids["feedback"]) if "feedback" in ids else None,
        message=message.args,
        state=DeliveryState.PENDING,
        step=message.args.get("step"),
        created_at=tx.now,
    )
    tx.session.add(row)
    tx.session.flush()
    tx.say("delivery.planned", delivery=row.id, after=int(after.total_seconds()) or None)
