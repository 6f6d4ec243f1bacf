"""Whether any program wants to hear of events: asked by whoever says one, in the same transaction."""

from __future__ import annotations

from typing import Final

from sqlalchemy import ColumnElement, Connection, exists, select

from cem.domain.vocabulary import TransportName
from cem.models import Robot

LIVE: Final[tuple[ColumnElement[bool], ...]] = (
    Robot.transport == TransportName.WEBHOOK,
    Robot.ended_at.is_(None),
)
_ANYBODY: Final = select(exists().where(*LIVE))


def anybody_listens(connection: Connection) -> bool:
    return bool(connection.execute(_ANYBODY).scalar())
