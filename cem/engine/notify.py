"""Deliveries are planned once for each event, and marked sent only while they are still wanted."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import ColumnElement, select, update

from cem.domain.delivery import PAGING, Message, plan, still_wanted
from cem.domain.vocabulary import CaseState, DeliveryKind, DeliveryState, TransportName
from cem.engine import gathered, groups, notices, outbox, posting, routes, stopping, storm_pages, unreached
from cem.engine.gathering import gather
from cem.engine.outbox import Cause
from cem.engine.routes import Able
from cem.engine.transaction import Facts, Tx, transaction
from cem.extensions import db
from cem.models import Case, Delivery, Promise, Site, User

SHORT: Final = 0.005
"""Seconds of work that a transaction which plans stays below, where one message is not more already."""
_OF_MANY: Final = frozenset({DeliveryKind.WARNING, DeliveryKind.BREACH})


def plan_for(task_ids: Sequence[UUID], able: Able = ()) -> int:
    """Plan what the events of these tasks ask for, and end the tasks. How many messages were new.

    Each goes to its person's inbox, and by those of the `able` transports that lead there or to the group.
    """
    causes, lately, planned = deque(outbox.causes(task_ids)), Facts(), 0
    while causes:
        planned += _plan_next(causes, able, lately)
    return planned


def _plan_next(causes: deque[Cause], able: Able, lately: Facts) -> int:
    """As many as fit into a short transaction, one at least: whoever else has to write waits for it."""
    with transaction(lately) as tx:
        begun, planned = time.thread_time(), 0
        for done, cause in enumerate(causes, 1):
            planned += _plan(tx, able, cause.event, cause.kind, cause.ids)
            planned += _tell(tx, able, cause.event, cause.kind, cause.ids)
            if (time.thread_time() - begun) * (done + 1) / done > SHORT:
                break
        outbox.finish_with(tx, [causes.popleft().task for _ in range(done)])
        return planned


def _plan(tx: Tx, able: Able, event_id: UUID, kind: str, ids: dict[str, Any]) -> bool:
    """False where nothing is to be told, or it is planned already."""
    case_id = UUID(ids["case"]) if "case" in ids else None
    if kind == "case.opened" and not ids.get("late") and case_id and gather(tx, case_id):
        return False  # it is told of with its group
    state = tx.session.scalar(select(Case.state).where(Case.id == case_id))
    if "group" in ids:
        state = groups.standing(tx, UUID(ids["group"]))
    message = plan(kind, ids, state)
    if kind == "group.digest":
        stopping.stop_digests(tx, UUID(ids["group"]))  # this one says more than what still waits
    if kind == "case.warned" and not _holds(tx, ids):
        return False
    if message is None or not _keep(tx, event_id, message, ids, able):
        return False
    if message.kind in PAGING:
        unreached.say_so(tx, kind, ids, able)
    return True


def _tell(tx: Tx, able: Able, event_id: UUID, kind: str, ids: dict[str, Any]) -> int:
    """Notices about no case, beside the message about one. How many were new."""
    found = notices.asked_for(tx, event_id, kind, ids)
    return sum(_keep(tx, notice.key, notice.message, {}, able) for notice in found)


def _holds(tx: Tx, ids: dict[str, Any]) -> bool:
    """Whether a warning is still true: its promise is not kept, not paused, and due when it was."""
    promise = tx.session.get(Promise, UUID(ids["promise"]))
    if promise is None or promise.fulfilled_at is not None or promise.ended_at is not None:
        return False
    return promise.paused_because is None and promise.due_at.isoformat() == ids["due"]


def into_inboxes(task_ids: Sequence[UUID], texts: Mapping[UUID, str]) -> int:
    """Put these messages, in their words, where their readers look, and end the tasks. How many were put.

    A page whose case was acknowledged in the meantime is stopped: the cases are locked until all is marked.
    """
    with transaction() as tx:
        cases = _locked_cases(tx, texts)
        waiting = _locked_pending(tx, texts)
        wanted = [each for each in waiting if still_wanted(each.kind, _standing(tx, each, cases))]
        for delivery in waiting:
            sent = {"state": DeliveryState.SENT, "sent_at": tx.now, "text": texts[delivery.id]}
            _change(tx, delivery.id, sent if delivery in wanted else {"state": DeliveryState.STOPPED})
        for delivery in wanted:
            about = {"case": delivery.case_id, "feedback": delivery.feedback_id}
            path = cases.get(delivery.case_id, _NONE)[1] or routes.path_of(tx, delivery)
            tx.say("delivery.sent", delivery=delivery.id, site_path=path, to=delivery.user_id, **about)
        outbox.finish_with(tx, task_ids)
        return len(wanted)


_NONE: Final = (None, None)


def _standing(tx: Tx, delivery: Delivery, cases: Mapping[UUID | None, tuple[CaseState, str]]) -> Any:
    """Whether what it is about, a case or a group, still waits for somebody."""
    if delivery.group_id is not None:
        return groups.standing_of_all(tx, groups.told_of(delivery))
    return cases.get(delivery.case_id, _NONE)[0]


def _locked_cases(tx: Tx, ids: Collection[UUID]) -> dict[UUID | None, tuple[CaseState, str]]:
    """The states and the paths of the cases that these deliveries are about."""
    of_these = select(Delivery.case_id).where(Delivery.id.in_(ids))
    cases = select(Case.id, Case.state, Site.path).join(Site, Site.id == Case.site_id)
    locked = cases.where(Case.id.in_(of_these)).order_by(Case.id).with_for_update(of=Case, key_share=True)
    return {id: (state, path) for id, state, path in tx.session.execute(locked)}


def _locked_pending(tx: Tx, ids: Collection[UUID]) -> Sequence[Delivery]:
    pending = Delivery.state == DeliveryState.PENDING
    statement = select(Delivery).where(Delivery.id.in_(ids), pending).order_by(Delivery.id)
    return tx.session.scalars(statement.with_for_update()).all()


def seen(user_id: UUID, case_id: UUID) -> int:
    """This person has opened the case: what told them of it is seen. How many messages had not been."""
    return _see(user_id, Delivery.case_id == case_id)


def seen_group(user_id: UUID, group_id: UUID) -> int:
    """The same for many at once."""
    return _see(user_id, Delivery.group_id == group_id)


def seen_all(user_id: UUID, since: datetime) -> int:
    """This person has looked at everything in their inbox since then."""
    return _see(user_id, Delivery.transport == TransportName.INBOX, Delivery.created_at > since)


def _see(user_id: UUID, *about: ColumnElement[bool]) -> int:
    unseen = (*about, Delivery.user_id == user_id, Delivery.state == DeliveryState.SENT)
    unseen = (*unseen, Delivery.seen_at.is_(None))
    if db.session.scalar(select(Delivery.id).where(*unseen).limit(1)) is None:
        return 0  # the usual answer, and nobody waits for a writer to hear it
    with transaction() as tx:
        statement = update(Delivery).where(*unseen).values(seen_at=tx.now)
        return tx.connection.execute(statement.execution_options(synchronize_session=False)).rowcount


def _change(tx: Tx, delivery_id: UUID, values: dict[str, Any]) -> bool:
    statement = (
        update(Delivery)
        .where(Delivery.id == delivery_id, Delivery.state == DeliveryState.PENDING)
        .values(**values)
        .execution_options(synchronize_session=False)
    )
    return bool(tx.session.connection().execute(statement).rowcount)


def _keep(tx: Tx, event_id: UUID | str, message: Message, ids: dict[str, Any], able: Able) -> bool:
    user = tx.session.get(User, UUID(message.user))
    if user is None:
        return False
    inbox = routes.inbox(user)
    if (together_as := _together(tx, message, ids)) is not None:
        if not gathered.into_one(tx, f"{together_as}:{user.id}", event_id, message, inbox, ids):
            return False
        _post(tx, event_id, message, user, ids, able)
        return True
    known = select(Delivery.id).where(Delivery.dedupe_key == inbox.key(event_id))
    if tx.session.scalar(known) is not None:
        return False
    if storm_pages.gathered(tx, event_id, message, user, ids, able):
        return True
    case_id, together = _about(tx, ids)
    planned = posting.add(tx, inbox.key(event_id), message, inbox, ids, together)
    tx.say("delivery.planned", delivery=planned.id)
    _post(tx, event_id, message, user, ids, able, (case_id, together))
    return True


def _together(tx: Tx, message: Message, ids: dict[str, Any]) -> str | None:
    """The name of what it is told of together with, in one message of the inbox; None where it stands alone.

    Late arrivals make one digest; the warnings and the missed promises of a storm's cases are one message.
    """
    if "group" in ids or "case" not in ids:
        return None
    if message.kind is DeliveryKind.DIGEST:
        return "digest"
    if message.kind in _OF_MANY and (found := groups.of_case(tx, UUID(ids["case"]))) is not None:
        return f"{message.kind}:{ids['promise_kind']}:{message.args.get('level', '')}:{found[0].id}"
    return None


def _post(
    tx: Tx, event_id: UUID | str, message: Message, user: User, ids: dict[str, Any], able: Able,
    about: tuple[UUID | None, list[str] | None] = (None, None),
) -> None:  # fmt: skip
    """By the ways beside the inbox."""
    case_id, together = about
    for route in routes.outward(tx, message, user, case_id, able):
        posting.post(tx, route.key(event_id), message, user, route, ids, together)


def _about(tx: Tx, ids: dict[str, Any]) -> tuple[UUID | None, list[str] | None]:
    """The case whose place is meant, and all the cases of the group where it is about one."""
    if "group" in ids:
        cases = list(tx.session.scalars(groups.members(UUID(ids["group"]))))
        return (cases[0] if cases else None), [str(id) for id in cases]
    return (UUID(ids["case"]) if "case" in ids else None), None
