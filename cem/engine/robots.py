"""Who can be reached where: groups by their robots, people by addresses that they proved to be theirs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final
from uuid import UUID

from sqlalchemy import insert, select, update

from cem.domain.actors import Actor
from cem.domain.delivery import PERSONAL
from cem.domain.reasons import Invalid, NotFound
from cem.domain.submission import N_
from cem.domain.vocabulary import TransportName
from cem.engine.transaction import Tx, transaction
from cem.ids import new_id
from cem.models import Address, Robot, Site, User

ROBOTS: Final = frozenset(TransportName) - {*PERSONAL, TransportName.INBOX, TransportName.WEBPUSH}


@dataclass(frozen=True, slots=True)
class NewRobot:
    """`site` is the code of the place that it speaks for."""

    name: str
    transport: TransportName
    site: str
    url: str = field(repr=False)
    secret: str | None = field(default=None, repr=False)
    locale: str = "zh-Hans"
    events: Sequence[str] | None = None


_COLUMNS: Final = ("name", "transport", "url", "secret", "locale", "events")


def add_robot(new: NewRobot, by: Actor) -> UUID:
    """Raises `Invalid` for a name that is taken, or what is no robot; `NotFound` for no such place."""
    with transaction() as tx:
        if new.transport not in ROBOTS:
            raise Invalid({"transport": [N_("This is no robot's transport.")]})
        if tx.session.scalar(select(Robot.id).where(Robot.name == new.name)) is not None:
            raise Invalid({"name": [N_("This name is taken.")]})
        site, id = _site(tx, new.site), new_id(tx.now)
        row = {name: getattr(new, name) for name in _COLUMNS}
        tx.session.execute(insert(Robot), [row | {"id": id, "site_id": site, "created_at": tx.now}])
        tx.audit(str(by), "robot.added", id, transport=new.transport.value)
        return id


@dataclass(frozen=True, slots=True)
class Changes:
    """What a robot, or a webhook, is to be from now on. No address, no secret: the ones that it has."""

    name: str
    site: str
    url: str | None = field(default=None, repr=False)
    secret: str | None = field(default=None, repr=False)
    locale: str = "zh-Hans"
    events: Sequence[str] | None = None


def change_robot(robot_id: UUID, to: Changes, by: Actor) -> None:
    """Raises `NotFound` for one that is not there or has ended, `Invalid` for a name that is taken."""
    with transaction() as tx:
        robot = tx.session.get(Robot, robot_id, with_for_update=True)
        if robot is None or robot.ended_at is not None:
            raise NotFound
        if tx.session.scalar(select(Robot.id).where(Robot.name == to.name, Robot.id != robot_id)) is not None:
            raise Invalid({"name": [N_("This name is taken.")]})
        robot.name, robot.site_id, robot.locale = to.name, _site(tx, to.site), to.locale
        if robot.transport is TransportName.WEBHOOK:
            robot.events = list(to.events or ())
        given = [name for name in ("url", "secret") if getattr(to, name)]
        for name in given:
            setattr(robot, name, getattr(to, name))
        tx.audit(str(by), "robot.changed", robot_id, given=given)


def _site(tx: Tx, code: str) -> UUID:
    site: UUID | None = tx.session.scalar(select(Site.id).where(Site.code == code, Site.ended_at.is_(None)))
    if site is None:
        raise NotFound
    return site


def end_robot(robot_id: UUID, by: Actor) -> None:
    """It is told nothing more; what waits for it is given up. Ending it twice changes nothing."""
    with transaction() as tx:
        ended = update(Robot).where(Robot.id == robot_id, Robot.ended_at.is_(None)).values(ended_at=tx.now)
        if _changed(tx, ended):
            tx.audit(str(by), "robot.ended", robot_id)


def give_address(user_id: UUID, transport: TransportName, value: str, by: Actor) -> UUID:
    """Where a person says to be reached. It takes the place of the one before, and is to be proved first.

    Raises `Invalid` for a transport that reaches no single person, `NotFound` for nobody.
    """
    with transaction() as tx:
        if transport not in PERSONAL:
            raise Invalid({"transport": [N_("This transport reaches no single person.")]})
        if tx.session.get(User, user_id, with_for_update=True) is None:
            raise NotFound
        _end_addresses(tx, user_id, transport)
        id = new_id(tx.now)
        row = {"id": id, "user_id": user_id, "transport": transport, "value": value, "created_at": tx.now}
        tx.session.execute(insert(Address), [row])
        tx.audit(str(by), "address.given", id, transport=transport.value)
        return id


def prove_address(address_id: UUID, by: Actor) -> bool:
    """Its owner has shown that it is theirs; from now on messages go there. False where it was replaced."""
    with transaction() as tx:
        fresh = (Address.id == address_id, Address.verified_at.is_(None), Address.ended_at.is_(None))
        proved = _changed(tx, update(Address).where(*fresh).values(verified_at=tx.now))
        if proved:
            tx.audit(str(by), "address.proved", address_id)
        return proved


def _end_addresses(tx: Tx, user_id: UUID, transport: TransportName) -> None:
    current = (Address.user_id == user_id, Address.transport == transport, Address.ended_at.is_(None))
    tx.session.connection().execute(update(Address).where(*current).values(ended_at=tx.now))


def _changed(tx: Tx, statement: object) -> bool:
    return bool(tx.session.connection().execute(statement).rowcount)  # type: ignore[call-overload]
