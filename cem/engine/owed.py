"""Feedback that opened no case is owed an answer all the same: handed over, reminded of, until it has one."""

from __future__ import annotations

from datetime import timedelta
from typing import Final
from uuid import UUID

from sqlalchemy import select

from cem.domain.actors import HUB
from cem.domain.vocabulary import LedgerState
from cem.engine import ledger
from cem.engine.organisation import Place, current
from cem.engine.transaction import Tx, transaction
from cem.models import Feedback, LedgerEntry

REMIND_EVERY: Final = timedelta(hours=24)


def next_step(feedback_id: UUID) -> bool:
    """The shift ends before it is due: the site's manager takes it over. Once it is due: remind, daily."""
    with transaction() as tx:
        entry = tx.session.scalar(
            select(LedgerEntry).where(LedgerEntry.feedback_id == feedback_id).with_for_update()
        )
        if entry is None or entry.state is not LedgerState.OWED or entry.next_step_at > tx.now:
            return False
        if entry.due_at > tx.now:
            manager = UUID(_manager(tx, feedback_id))
            ledger.hand_over_one(tx, feedback_id, manager, entry.due_at, HUB)
        else:
            ledger.remind(tx, feedback_id, tx.now + REMIND_EVERY)
            tx.say("feedback.overdue", feedback=feedback_id, owner=entry.owner_id)
        return True


def _manager(tx: Tx, feedback_id: UUID) -> str:
    organisation = current(tx.connection)
    site_id = tx.session.scalar(select(Feedback.site_id).where(Feedback.id == feedback_id))
    assert site_id is not None, "an entry has its feedback"
    place: Place = organisation.by_id[site_id]
    manager = place.roster.manager
    return manager if manager and organisation.is_active(manager) else place.roster.fallback
