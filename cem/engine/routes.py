"""By which ways a message can reach its person, and the group of its place."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from uuid import UUID

from sqlalchemy import select

from cem.domain.delivery import (
    PERSONAL,
    Message,
    is_mailed_daily,
    leaves_the_desk,
    places_above,
    told_to_robots,
)
from cem.domain.vocabulary import TransportName
from cem.engine.transaction import Tx
from cem.models import Address, Case, Delivery, Feedback, Robot, Site, User

Able = Collection[TransportName]
"""The transports that this hub can use."""


@dataclass(frozen=True, slots=True)
class Route:
    """One way to one person, or to one robot's group. `to` is the name that people read."""

    transport: TransportName
    to: str
    user_id: UUID | None = None
    robot_id: UUID | None = None
    address_id: UUID | None = None

    def key(self, event: UUID | str) -> str:
        """What makes planning this event's message for this route a second time harmless."""
        return f"{event}:{self.transport}:{self.address_id or self.robot_id or self.user_id}"


def inbox(user: User) -> Route:
    return Route(TransportName.INBOX, user.username, user.id)


def outward(tx: Tx, message: Message, user: User, case_id: UUID | None, able: Able) -> Iterator[Route]:
    """The first routes of a message beside the inbox: one to its person and, on top of it, every browser that
    they have asked to ring; and the robots of its place."""
    storm = "group" in message.args
    if leaves_the_desk(message.kind, storm=storm):
        yield from _to_browsers(tx, user, able)
        yield from _to_person(tx, user, able)[:1]
    elif is_mailed_daily(message.kind, storm=storm):
        yield from [route for route in _to_person(tx, user, able) if route.transport is TransportName.EMAIL]
    if told_to_robots(message.kind, storm=storm) and case_id is not None:
        yield from next(iter(_robots(tx, case_id, able)), ())


def instead_of(tx: Tx, delivery: Delivery, able: Able) -> Sequence[Route]:
    """The next routes where this one does not get through; empty where it was the last."""
    if delivery.robot_id is not None:
        return _after_robot(_robots(tx, _case_of(delivery), able), delivery.robot_id)
    user = tx.session.get(User, delivery.user_id)
    ways = [] if user is None else _to_person(tx, user, able)
    after = PERSONAL.index(delivery.transport) if delivery.transport in PERSONAL else len(PERSONAL)
    return [route for route in ways if PERSONAL.index(route.transport) > after][:1]


def path_of(tx: Tx, delivery: Delivery) -> str | None:
    """The place that a delivery is about, so that only those who see it hear of it."""
    case_id = _case_of(delivery)
    if case_id is not None:
        of_case = select(Site.path).join(Case, Case.site_id == Site.id).where(Case.id == case_id)
        return tx.session.scalar(of_case)
    of_feedback = select(Site.path).join(Feedback, Feedback.site_id == Site.id)
    return tx.session.scalar(of_feedback.where(Feedback.id == delivery.feedback_id))


def _case_of(delivery: Delivery) -> UUID | None:
    """The case that it is about, or the first of those that it is about together."""
    return delivery.case_id or (UUID(delivery.case_ids[0]) if delivery.case_ids else None)


def _after_robot(groups: Sequence[Sequence[Route]], robot_id: UUID) -> Sequence[Route]:
    """Those of the next place above that has any."""
    known = [any(route.robot_id == robot_id for route in group) for group in groups]
    further = groups[known.index(True) + 1 :] if True in known else []
    return next(iter(further), ())


def _to_person(tx: Tx, user: User, able: Able) -> list[Route]:
    """By what they proved to be theirs, in the order in which the ways are tried."""
    proved = {transport for transport, _ in _proved(tx, user)} & set(able)
    return [Route(name, user.username, user.id) for name in PERSONAL if name in proved]


def _to_browsers(tx: Tx, user: User, able: Able) -> list[Route]:
    if TransportName.WEBPUSH not in able:
        return []
    ids = [id for transport, id in _proved(tx, user) if transport is TransportName.WEBPUSH]
    return [Route(TransportName.WEBPUSH, user.username, user.id, address_id=id) for id in ids]


def _proved(tx: Tx, user: User) -> list[tuple[TransportName, UUID]]:
    """Where this person is reached: by which transport, and the address."""
    statement = select(Address.transport, Address.id).where(
        Address.user_id == user.id, Address.verified_at.is_not(None), Address.ended_at.is_(None)
    )
    rows = statement.order_by(Address.id)
    return tx.lately(("proved", user.id), lambda: [(row[0], row[1]) for row in tx.session.execute(rows)])


def _robots(tx: Tx, case_id: UUID | None, able: Able) -> list[list[Route]]:
    """The robots of the case's place and of each place above it that has some, the nearest place first."""
    of_case = select(Site.path).join(Case, Case.site_id == Site.id).where(Case.id == case_id)
    if (path := tx.session.scalar(of_case)) is None:
        return []
    return tx.lately(("robots", path), lambda: _robots_above(tx, path, able))


def _robots_above(tx: Tx, path: str, able: Able) -> list[list[Route]]:
    groups = set(able) - {TransportName.WEBHOOK}  # programs hear of events instead
    rows = tx.session.execute(
        select(Site.path, Robot.id, Robot.transport, Robot.name)
        .join(Site, Site.id == Robot.site_id)
        .where(Site.path.in_(places_above(path)), Robot.ended_at.is_(None), Robot.transport.in_(groups))
        .order_by(Site.path.desc(), Robot.id)
    )
    return [
        [Route(row.transport, row.name, robot_id=row.id) for row in group]
        for _, group in groupby(rows, key=lambda row: row.path)
    ]
