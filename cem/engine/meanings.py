"""What texts mean is kept beside what was found in them, and forgotten with the words."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any, Final
from uuid import UUID

from sqlalchemy import exists, func, select
from sqlalchemy.dialects import postgresql, sqlite

from cem.engine.transaction import Tx, transaction
from cem.extensions import db
from cem.models import Feedback, FindingsRow, Meaning


@dataclass(frozen=True, slots=True)
class Made:
    """Vectors in one space, packed; no space where the model has none."""

    space: str | None = None
    of: Mapping[UUID, bytes] = field(default_factory=dict)


NOTHING: Final = Made()
AT_ONCE: Final = 16
"""Vectors in one transaction: whoever else has to write waits for it."""
_WORDS: Final = func.replace(func.replace(func.coalesce(Feedback.text, ""), "\n", ""), "\t", "")
_READ: Final = (
    func.trim(_WORDS) != "",
    exists().where(FindingsRow.feedback_id == Feedback.id),
)


def without(space: str, most: int) -> list[UUID]:
    """Texts that were read before they were made comparable in this space, the newest first."""
    db.session.rollback()
    made = exists().where(Meaning.feedback_id == Feedback.id, Meaning.space == space)
    rows = select(Feedback.id).where(*_READ, ~made).order_by(Feedback.received_at.desc())
    return list(db.session.scalars(rows.limit(most)))


def any_without() -> bool:
    """Whether a text was read that cannot be compared in any space."""
    db.session.rollback()
    made = exists().where(Meaning.feedback_id == Feedback.id)
    return db.session.scalar(select(Feedback.id).where(*_READ, ~made).limit(1)) is not None


def add(made: Made) -> int:
    """Of texts whose findings stay as they are, in short transactions. How many had words left."""
    ids, kept = list(made.of), 0
    for start in range(0, len(ids), AT_ONCE):
        with transaction() as tx:
            here = select(Feedback.id).where(Feedback.id.in_(ids[start : start + AT_ONCE]))
            locked = tx.session.scalars(here.order_by(Feedback.id).with_for_update(key_share=True)).all()
            kept += keep(tx, made, locked)
    return kept


def keep(tx: Tx, made: Made, ids: Collection[UUID]) -> int:
    """Those of these feedbacks, once each; none of what was erased meanwhile. The caller holds the rows.

    How many had words left.
    """
    wanted = [id for id in ids if id in made.of]
    if made.space is None or not wanted:
        return 0
    said = select(Feedback.id).where(Feedback.id.in_(wanted), func.coalesce(Feedback.text, "") != "")
    rows = [
        {"feedback_id": id, "space": made.space, "vector": made.of[id], "at": tx.now}
        for id in tx.session.scalars(said)
    ]
    if rows:
        tx.connection.execute(_insert(tx).on_conflict_do_nothing(), rows)
    return len(rows)


def _insert(tx: Tx) -> Any:
    dialect = postgresql if tx.connection.dialect.name == "postgresql" else sqlite
    return dialect.insert(Meaning)
