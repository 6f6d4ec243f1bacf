"""Feedback that opened no case is owed an answer all the same: handed over, reminded of, until it has one."""

from __future__ import annotations

from datetime import timedelta
from typing import Final
from uuid import UUID

from sqlalchemy import select

from cem.domain.actors import HUB
from cem.domain.vocabulary import LedgerState
from cem.engine import ledger
from cem.engine.organisation import current, hold
from cem.engine.transaction import Tx, transaction
from cem.models import Feedback, LedgerEntry

REMIND_EVERY: Final = timedelta(hours=24)


def next_step(feedback_id: UUID) -> bool:
    """The shift ends before it is due: the site's manager takes it over. Once it is due: remind, daily."""
    with transaction() as tx:
        hold(tx.connection)
        entry = tx.session.scalar(
            select(LedgerEntry).where(LedgerEntry.feedback_id == feedback_id).with_for_update(key_share=True)
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
    """The site's manager; the region's where that one has left or it is about them; at last the fallback."""
    organisation = current(tx.connection)
    feedback = tx.session.get_one(Feedback, feedback_id)
    roster = organisation.by_id[feedback.site_id].roster
    recused = organisation.user_ids.get(feedback.staff or "")
    posts = (roster.manager, roster.region)
    able = [user for user in posts if user and organisation.is_active(user) and user != recused]
    return able[0] if able else roster.fallback
