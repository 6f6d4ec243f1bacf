"""Who is reached outside the app: by something they proved to be theirs, or by the robot of the place."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Final
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from cem.domain.actors import Actor
from cem.domain.delivery import places_above
from cem.domain.reasons import NotFound
from cem.domain.vocabulary import TransportName
from cem.engine import addresses
from cem.engine.transaction import Tx, transaction
from cem.models import Address, Robot, Site, User

_OWN: Final = frozenset({TransportName.EMAIL, TransportName.SMS, TransportName.WEBPUSH})
_GROUPS: Final = frozenset({TransportName.WECOM, TransportName.DINGTALK, TransportName.FEISHU})


def reached(
    session: Session, users: Iterable[str], path: str, able: Collection[TransportName] | None = None
) -> frozenset[str]:
    """Those of `users` whom a page about this place reaches outside the app, by the `able` transports (None:
    whichever); the robot of the place, or of one above it, reaches them all."""
    asked = frozenset(users)
    usable = _OWN | _GROUPS if able is None else (_OWN | _GROUPS) & set(able)
    robot = (
        select(Robot.id)
        .join(Site, Site.id == Robot.site_id)
        .where(Site.path.in_(places_above(path)), Robot.ended_at.is_(None))
        .where(Robot.transport.in_(usable & _GROUPS))
    )
    if session.scalar(robot.limit(1)) is not None:
        return asked
    proved = select(Address.user_id).where(
        Address.user_id.in_([UUID(user) for user in asked]),
        Address.transport.in_(usable & _OWN),
        Address.verified_at.is_not(None),
        Address.ended_at.is_(None),
    )
    return frozenset(str(id) for id in session.scalars(proved))


def in_app_only(session: Session, users: Iterable[str], path: str) -> tuple[str, ...]:
    """The others of them, in the order given."""
    asked = tuple(dict.fromkeys(users))
    found = reached(session, asked, path)
    return tuple(user for user in asked if user not in found)


def accept_app_only(site_id: UUID, users: Collection[str], by: Actor) -> None:
    """Somebody was told that these people have the app alone, and kept the roster knowingly."""
    with transaction() as tx:
        tx.audit(str(by), "roster.app_only", site_id, users=sorted(users))


def ask_proof(user_id: UUID, by: Actor) -> None:
    """Ask somebody to prove where they are reached: where they gave an address, another code goes there."""
    with transaction() as tx:
        user = tx.session.get(User, user_id)
        if user is None or user.ended_at is not None:
            raise NotFound
        tx.say("address.asked", to=user_id, by=str(by))
        tx.audit(str(by), "address.asked", user_id)
        waiting = _unproved(tx, user_id)
    for address_id in waiting:
        addresses.send_again(user_id, address_id)


def _unproved(tx: Tx, user_id: UUID) -> list[UUID]:
    statement = select(Address.id).where(
        Address.user_id == user_id,
        Address.transport.in_(addresses.PROVABLE),
        Address.verified_at.is_(None),
        Address.ended_at.is_(None),
    )
    return list(tx.session.scalars(statement))
