"""Somebody asks to be relieved; a colleague says yes. Until then who asked keeps the duty."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from cem.domain import roster_changes as changes
from cem.domain.actors import Actor
from cem.domain.reasons import Invalid, NotFound, Refused
from cem.domain.roster import Override
from cem.domain.submission import N_
from cem.domain.vocabulary import SwapState
from cem.engine import rosters, swap_watch
from cem.engine.organisation import Organisation, Place, fresh, hold
from cem.engine.rules import bump_revision
from cem.engine.transaction import Tx, transaction
from cem.ids import new_id
from cem.models import Swap


def ask(
    site: str, user_id: UUID, start: datetime, end: datetime, by: Actor, asked_id: UUID | None = None
) -> UUID:
    """Ask one colleague, or everybody on this roster, to take this person's duty for a time. Its id."""
    with transaction() as tx:
        hold(tx.connection)
        organisation = fresh(tx.connection)
        place = rosters.place_of(organisation, site)
        if end <= start or end <= tx.now:
            raise Invalid({"end": [N_("This time is over already, or ends before it starts.")]})
        _refuse(organisation, place, user_id, asked_id)
        row = Swap(
            id=new_id(tx.now),
            site_id=place.id,
            user_id=user_id,
            asked_id=asked_id,
            start_at=start,
            end_at=end,
            state=SwapState.ASKED,
            created_at=tx.now,
        )
        swap_watch.arm(tx, row)
        tx.session.add(row)
        tx.session.flush()
        for colleague in swap_watch.asked(organisation, place, row):
            tx.say("swap.asked", swap=row.id, site=place.id, to=colleague)
        tx.audit(str(by), "swap.asked", row.id)
        id: UUID = row.id
        return id


def accept(swap_id: UUID, user_id: UUID, by: Actor) -> None:
    """`user_id` takes the duty: the roster says so from this moment. A manager may say it for them."""
    with transaction() as tx:
        bump_revision(tx)
        swap = _decide(tx, swap_id, SwapState.ACCEPTED, user_id)
        if swap.asked_id not in (None, user_id):
            raise Refused("swap_asks_somebody_else")
        organisation = fresh(tx.connection)
        place = organisation.by_id[swap.site_id]
        rosters.refuse_stranger(organisation, place, str(user_id))
        start = max(swap.start_at, tx.now)
        override = Override("replace", str(swap.user_id), start, swap.end_at, str(user_id))
        rosters.change(tx, place, lambda roster: changes.with_override(roster, override, tx.now), by)
        tx.say("swap.decided", swap=swap.id, site=place.id, to=swap.user_id)
        swap_watch.remind_of_duty(tx, place, user_id, start, swap.end_at)
        tx.audit(str(by), "swap.accepted", swap.id, user=str(user_id))


def decline(swap_id: UUID, user_id: UUID, by: Actor) -> None:
    """Not I. Who asked keeps the duty; what everybody was asked stays open for the others."""
    with transaction() as tx:
        swap = _load(tx, swap_id)
        if swap.asked_id != user_id:
            raise Refused("swap_asks_somebody_else")
        _decide(tx, swap_id, SwapState.DECLINED, user_id)
        tx.say("swap.decided", swap=swap.id, site=swap.site_id, to=swap.user_id)
        tx.audit(str(by), "swap.declined", swap.id)


def withdraw(swap_id: UUID, by: Actor) -> None:
    """Who asked does not need it any more."""
    with transaction() as tx:
        swap = _load(tx, swap_id)
        _decide(tx, swap_id, SwapState.WITHDRAWN, swap.user_id)
        tx.audit(str(by), "swap.withdrawn", swap.id)


def _load(tx: Tx, swap_id: UUID) -> Swap:
    swap = tx.session.get(Swap, swap_id)
    if swap is None:
        raise NotFound
    return swap


def _decide(tx: Tx, swap_id: UUID, to: SwapState, user_id: UUID) -> Swap:
    """One answer counts: the first. What lies in the past is not asked any more."""
    values: dict[str, Any] = {"state": to, "decided_at": tx.now, "decided_by": user_id, "next_step_at": None}
    waiting = (Swap.id == swap_id, Swap.state == SwapState.ASKED, Swap.end_at > tx.now)
    statement = update(Swap).where(*waiting).values(**values).execution_options(synchronize_session=False)
    swap = _load(tx, swap_id)
    if tx.session.connection().execute(statement).rowcount != 1:
        tx.session.refresh(swap)
        if swap.state is SwapState.EXPIRED:
            raise Refused("swap_has_expired")
        raise Refused("swap_is_decided")
    tx.session.refresh(swap)
    return swap


def _refuse(organisation: Organisation, place: Place, user_id: UUID, asked_id: UUID | None) -> None:
    """One colleague is asked who works here and is somebody else; or everybody is."""
    if asked_id is None:
        return
    if asked_id == user_id:
        raise Invalid({"asked": [N_("Ask somebody else than who is relieved.")]})
    rosters.refuse_stranger(organisation, place, str(asked_id))


def waiting(session: Session, site_ids: Collection[UUID], now: datetime) -> list[Swap]:
    """What still waits for an answer at these places, the nearest first."""
    asked = (Swap.site_id.in_(site_ids), Swap.state == SwapState.ASKED, Swap.end_at > now)
    return list(session.scalars(select(Swap).where(*asked).order_by(Swap.start_at)))
