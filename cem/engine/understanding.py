"""What the hub reads texts with: which model, since when and why, and what is to be read again."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Final
from uuid import UUID

from flask import current_app
from sqlalchemy import Select, exists, func, insert, select, update
from sqlalchemy.orm import aliased

from cem.engine import meanings
from cem.engine.transaction import Tx, transaction
from cem.extensions import db
from cem.ids import new_id
from cem.models import Feedback, FindingsRow, Meaning, ModelUse

if TYPE_CHECKING:
    from cem.settings import Settings
    from nlp.reader import Reader
    from nlp.registry import Wish

AT_ONCE: Final = 200
"""Texts that are asked to be read again together: so many may stand before a new one."""


def wish(settings: Settings) -> Wish:
    """What the settings ask for."""
    from nlp.registry import Wish

    return Wish(settings.profile, settings.models, settings.model)


def reader() -> Reader:
    """This process's own, loaded at its first use; it takes the wished model as soon as that is there."""
    from nlp.reader import Reader

    if (found := current_app.extensions.get("cem_reader")) is None:
        found = current_app.extensions["cem_reader"] = Reader(wish(current_app.extensions["cem_settings"]))
    else:
        found.renew()
    kept: Reader = found
    return kept


def note_use(reader: Reader) -> bool:
    """Keep since when this model reads and why, unless that is known. Whether it was news."""
    missing = reader.missing
    code, detail = (missing.code, str(missing)[:300]) if missing else (None, None)
    now_used = (reader.wish.profile, reader.model, code)
    last = in_use()
    if last is not None and (last.profile, last.model, last.code) == now_used:
        return False
    with transaction() as tx:
        row = {"id": new_id(tx.now), "since": tx.now, "profile": now_used[0], "model": now_used[1]}
        tx.session.execute(insert(ModelUse), [row | {"code": code, "detail": detail}])
        tx.audit("hub", "model.used", reader.model, profile=reader.wish.profile, why=code)
    return True


def in_use() -> ModelUse | None:
    """What reads now. None before the first worker was there."""
    db.session.rollback()
    return db.session.scalar(select(ModelUse).order_by(ModelUse.since.desc(), ModelUse.id.desc()).limit(1))


def model_is_there() -> bool:
    """The wished model can be had: whoever reads takes it, and what another stood in for is read again.

    Whether that had to be said.
    """
    last = in_use()
    if not waiting() and (last is None or (last.code is None and not _can_compare_more(last))):
        return False
    go_on()
    return True


def go_on() -> None:
    """Whoever reads looks for what is to be read again, or made comparable."""
    with transaction() as tx:
        tx.say("model.ready")


def _can_compare_more(last: ModelUse) -> bool:
    return not last.model.startswith("fast@") and meanings.any_without()


def waiting() -> int:
    """How many texts wait to be read again."""
    db.session.rollback()
    return int(db.session.scalar(select(func.count()).where(FindingsRow.stood_in)) or 0)


def ask_again() -> int:
    """Ask for the next texts that another model stood in for to be read again. How many they are.

    In one commit, so that each is asked for once whatever ends meanwhile; the event goes on with the rest.
    """
    with transaction() as tx:
        found = _stood_in(tx)
        if not found:
            return 0
        rows = update(FindingsRow).where(FindingsRow.feedback_id.in_(found), FindingsRow.stood_in)
        tx.session.execute(rows.values(stood_in=False).execution_options(synchronize_session=False))
        for id in (id for id, read_since in found.items() if not read_since):
            tx.say("feedback.reread", feedback=id)
        tx.say("model.ready")
        return len(found)


def _stood_in(tx: Tx) -> dict[UUID, bool]:
    """The oldest of them, and whether somebody has read it again meanwhile, a person perhaps."""
    later = aliased(FindingsRow)
    read_since = exists().where(
        later.feedback_id == FindingsRow.feedback_id, later.version > FindingsRow.version
    )
    rows = select(FindingsRow.feedback_id, read_since).where(FindingsRow.stood_in)
    oldest = rows.order_by(FindingsRow.feedback_id).limit(AT_ONCE).with_for_update(skip_locked=True)
    return {id: bool(since) for id, since in tx.session.execute(oldest)}


def unread_by(model: str, space: str | None = None) -> int:
    """How many texts this model has never read, or kept no meaning of in its space."""
    db.session.rollback()
    return int(db.session.scalar(_unread(model, space, func.count(Feedback.id))) or 0)


def next_unread(model: str, space: str | None, after: UUID | None, most: int) -> list[UUID]:
    """Some of them in the order of their ids, after this one."""
    db.session.rollback()
    rows = _unread(model, space, Feedback.id).order_by(Feedback.id).limit(most)
    return list(db.session.scalars(rows if after is None else rows.where(Feedback.id > after)))


def ask_for(ids: Sequence[UUID]) -> None:
    """The hub's own worker is to read these; what it cannot read either it sets aside with the reason."""
    if ids:
        with transaction() as tx:
            for id in ids:
                tx.say("feedback.reread", feedback=id)


def _unread(model: str, space: str | None, column: Any) -> Select[Any]:
    done = exists().where(FindingsRow.feedback_id == Feedback.id, FindingsRow.model == model)
    if space is not None:
        kept = exists().where(Meaning.feedback_id == Feedback.id, Meaning.space == space)
        return select(column).where(
            Feedback.text.is_not(None), ~done | (~kept & (func.trim(Feedback.text) != ""))
        )
    return select(column).where(Feedback.text.is_not(None), ~done)
