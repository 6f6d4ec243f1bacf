"""How long the words of questions to the assistant are kept: what left and what came back, no longer.

Who asked, when, about which case and what became of it stay; the texts themselves are overwritten.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from flask import current_app
from sqlalchemy import select, update

from cem import clock
from cem.domain.actors import HUB
from cem.engine.transaction import transaction
from cem.extensions import db
from cem.models import AssistantCall
from cem.settings import Settings

AT_ONCE: Final = 200
"""Questions that one turn takes; the rest is due still at the next."""


def kept_for() -> timedelta:
    settings: Settings = current_app.extensions["cem_settings"]
    return timedelta(days=settings.assistant_days)


def erase_if_due() -> int:
    """Erase the words of what was asked too long ago. Of how many questions."""
    db.session.rollback()
    until = clock.now() - kept_for()
    due = select(AssistantCall.id).where(AssistantCall.request != "", AssistantCall.at <= until)
    found = db.session.scalars(due.order_by(AssistantCall.at).limit(AT_ONCE)).all()
    if not found:
        return 0
    with transaction() as tx:
        words = update(AssistantCall).where(AssistantCall.id.in_(found), AssistantCall.request != "")
        erased = tx.session.execute(words.values(request="", answer="").returning(AssistantCall.id)).all()
        if erased:
            tx.audit(str(HUB), "assistant.erased", calls=len(erased))
        return len(erased)
