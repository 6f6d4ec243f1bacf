"""Asking for the look over many texts: once a night, and by day where much is new."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import func, insert, select, update
from sqlalchemy.exc import IntegrityError

from cem import clock
from cem.domain import daily as rules
from cem.engine.transaction import transaction
from cem.extensions import db
from cem.models import DailyLook, Feedback, Site

TEXTS = "texts"


def ask_if_due() -> bool:
    """Ask for a look where it is time. Whether it was asked for."""
    db.session.rollback()
    last = db.session.execute(
        select(DailyLook.day, DailyLook.asked_at).where(DailyLook.name == TEXTS)
    ).one_or_none()
    now, zone = clock.now(), group_zone()
    if zone is None:
        return False
    day = rules.look_of(now, zone)
    if last is not None and last.day >= day and now - last.asked_at < rules.APART:
        return False
    new = _much_since(last.asked_at if last else None)
    if not (new if last is None else rules.is_due(day, last.day, last.asked_at, now, new)):
        return False
    return _ask(day, last.asked_at if last else None)


def group_zone() -> str | None:
    """The zone of the whole company: everybody's weeks begin at the same instant."""
    found: str | None = db.session.scalar(select(Site.timezone).order_by(Site.path).limit(1))
    return found


def _much_since(at: datetime | None) -> bool:
    texts = select(Feedback.id).where(Feedback.text != "")
    if at is not None:
        texts = texts.where(Feedback.received_at > at)
    some = texts.limit(rules.MUCH).subquery()
    return int(db.session.scalar(select(func.count()).select_from(some)) or 0) >= rules.MUCH


def _ask(day: object, before: datetime | None) -> bool:
    """Only whoever is first asks."""
    with transaction() as tx:
        values = {"day": day, "asked_at": tx.now}
        if before is None:
            try:
                with tx.session.begin_nested():
                    tx.session.execute(insert(DailyLook), [{"name": TEXTS, **values}])
            except IntegrityError:
                return False
        else:
            row = update(DailyLook).where(DailyLook.name == TEXTS, DailyLook.asked_at == before)
            changed = row.values(**values).returning(DailyLook.name)
            if not tx.session.execute(changed.execution_options(synchronize_session=False)).all():
                return False
        tx.say("texts.look")
        return True
