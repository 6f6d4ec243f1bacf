"""A request to be relieved that nobody answers is brought up again; when the shift begins it has expired."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import select

from cem.domain.reminders import DUTY, awake, next_moment
from cem.domain.roster_changes import people_of
from cem.domain.vocabulary import SwapState
from cem.engine.organisation import Organisation, Place, current
from cem.engine.transaction import Tx, transaction
from cem.models import Swap, User


def next_step(swap_id: UUID) -> bool:
    """Whoever is asked is reminded, and who asked hears that it waits; or it expires as the shift begins.
    False where somebody has answered in the meantime."""
    with transaction() as tx:
        found = select(Swap).where(Swap.id == swap_id).with_for_update()
        swap = tx.session.scalar(found.execution_options(populate_existing=True))
        if swap is None or swap.next_step_at is None or swap.next_step_at > tx.now:
            return False
        organisation = current(tx.connection)
        place, due = organisation.by_id[swap.site_id], swap.next_step_at
        begun = tx.now >= swap.start_at
        if begun:
            swap.state, swap.decided_at, swap.next_step_at = SwapState.EXPIRED, tx.now, None
        else:
            arm(tx, swap)
        for colleague in (swap.user_id, *asked(organisation, place, swap)):
            about = {"swap": swap.id, "site": place.id, "to": colleague, "due": due.isoformat()}
            if begun:
                tx.say("swap.expired", **about)
            else:
                tx.say("swap.waits", **about)
        return True


def arm(tx: Tx, swap: Swap) -> None:
    """When this request is looked at next, by the clock of whoever is asked."""
    person = tx.session.get(User, swap.asked_id) if swap.asked_id else None
    zone = person.timezone if person else current(tx.connection).by_id[swap.site_id].timezone
    swap.next_step_at = next_moment(swap.start_at, swap.end_at, zone, tx.now).at


def asked(organisation: Organisation, place: Place, swap: Swap) -> list[UUID]:
    """Whoever is asked: one, or all who are on this roster and could."""
    if swap.asked_id is not None:
        return [swap.asked_id]
    able = [
        user
        for user in people_of(place.roster)
        if user != str(swap.user_id) and organisation.may_own(user, place.path)
    ]
    return [UUID(user) for user in able]


def remind_of_duty(tx: Tx, place: Place, user_id: UUID, start: datetime, end: datetime) -> None:
    """Somebody took a duty that is not theirs by the week: they hear of it again before it begins."""
    person = tx.session.get_one(User, user_id)
    at = awake(start - DUTY, person.timezone)
    if tx.now < at < start:
        about = {"start": start.isoformat(), "end": end.isoformat()}
        tx.say("duty.soon", site=place.id, to=user_id, **about, after=int((at - tx.now).total_seconds()))
