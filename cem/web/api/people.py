"""Who owns and who acted, as the API names them: `{id, username, name}`."""

from __future__ import annotations

import time
from collections.abc import Iterable
from typing import Any, Final
from uuid import UUID

from sqlalchemy import select

from cem.extensions import db
from cem.models import User

REMEMBERED: Final = 30.0
"""Seconds for which a name is not asked for again: an answer on the hot path must not cost a query."""

Person = dict[str, str]

_known: dict[UUID, tuple[float, Person]] = {}


def person(id: UUID | None) -> Person | None:
    return people([id]).get(id) if id is not None else None


def people(ids: Iterable[UUID | None]) -> dict[UUID, Person]:
    """Those with these ids, with at most one query."""
    now = time.monotonic()
    wanted = {id for id in ids if id is not None}
    missing = [id for id in wanted if id not in _known or _known[id][0] < now]
    if missing:
        for row in db.session.execute(select(User.id, User.username, User.name).where(User.id.in_(missing))):
            shown = {"id": str(row.id), "username": row.username, "name": row.name}
            _known[row.id] = (now + REMEMBERED, shown)
    return {id: _known[id][1] for id in wanted if id in _known}


def names(actors: Iterable[str]) -> dict[str, str]:
    """What history calls those who acted (`user:<id>`, `customer`, `hub`, …), people by their user name."""
    ids = {actor: UUID(actor.removeprefix("user:")) for actor in actors if actor.startswith("user:")}
    known: dict[UUID, Any] = people(ids.values())
    return {actor: known[id]["username"] for actor, id in ids.items() if id in known}
