"""What texts mean is kept beside what was found in them, and forgotten with the words."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any, Final
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.dialects import postgresql, sqlite

from cem.engine.transaction import Tx
from cem.models import Feedback, Meaning


@dataclass(frozen=True, slots=True)
class Made:
    """Vectors in one space, packed; no space where the model has none."""

    space: str | None = None
    of: Mapping[UUID, bytes] = field(default_factory=dict)


NOTHING: Final = Made()


def keep(tx: Tx, made: Made, ids: Collection[UUID]) -> None:
    """Those of these feedbacks, once each; none of what was erased meanwhile. The caller holds the rows."""
    wanted = [id for id in ids if id in made.of]
    if made.space is None or not wanted:
        return
    said = select(Feedback.id).where(Feedback.id.in_(wanted), func.coalesce(Feedback.text, "") != "")
    rows = [
        {"feedback_id": id, "space": made.space, "vector": made.of[id], "at": tx.now}
        for id in tx.session.scalars(said)
    ]
    if rows:
        tx.connection.execute(_insert(tx).on_conflict_do_nothing(), rows)


def _insert(tx: Tx) -> Any:
    dialect = postgresql if tx.connection.dialect.name == "postgresql" else sqlite
    return dialect.insert(Meaning)
