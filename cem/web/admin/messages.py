"""What leaves the hub, read for the administrators: what was given up, what waits, how full a minute is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby
from typing import Any, Final
from uuid import UUID

from sqlalchemy import ColumnElement, Select, func, or_, select

from cem import clock
from cem.domain.throttle import LIMITS, WINDOW
from cem.domain.vocabulary import DeliveryState, TransportName
from cem.extensions import db
from cem.http.failures import why, why_held
from cem.models import Attempt, Case, Delivery, Robot, Site, User
from cem.web.times import zone

SHOWN: Final = 200
"""Rows of a list; what is more is counted and said."""
DAY: Final = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class Row:
    """A message as the lists show it. `otherwise`: by which other way its person got it."""

    delivery: Delivery
    number: int | None
    why: str
    at: datetime
    otherwise: tuple[TransportName, ...] = ()


@dataclass(frozen=True, slots=True)
class Group:
    """What was given up on one route."""

    route: str
    to: str
    transport: TransportName
    rows: Sequence[Row]
    count: int


@dataclass(frozen=True, slots=True)
class Minute:
    """How much of its last minute a robot has used. `limit` None: as much as it likes."""

    robot: Robot
    used: int
    limit: int | None
    held: int


def below(path: str) -> ColumnElement[bool]:
    """What goes to people and robots of this part of the tree."""
    robots = select(Robot.id).join(Site, Site.id == Robot.site_id)
    people = select(User.id).where(User.scope_path.startswith(path, autoescape=True))
    return or_(
        Delivery.robot_id.in_(robots.where(Site.path.startswith(path, autoescape=True))),
        Delivery.user_id.in_(people),
    )


def given_up(path: str) -> list[Group]:
    """By route, the route with the newest first; each route's messages newest first."""
    rows = _rows(path, DeliveryState.FAILED, Delivery.id.desc())
    told = _otherwise([row.delivery for row in rows])
    shown = [
        Row(row.delivery, row.number, row.why, row.at, told.get(_person_and_event(row.delivery), ()))
        for row in rows
    ]
    newest = {route_of(row.delivery): place for place, row in reversed(list(enumerate(shown)))}
    shown.sort(key=lambda row: newest[route_of(row.delivery)])
    groups = [(route, list(found)) for route, found in groupby(shown, key=lambda row: route_of(row.delivery))]
    return [
        Group(route, found[0].delivery.to, found[0].delivery.transport, found, _count_of(path, route))
        for route, found in groups
    ]


def waiting(path: str) -> list[Row]:
    """Held messages, what leaves next first."""
    return _rows(path, DeliveryState.HELD, Delivery.held_until)


def counts(path: str) -> dict[str, int]:
    """What left, what waits and what was given up; the last day for what left."""
    d = Delivery
    since = clock.now() - DAY
    left = select(func.count()).where(below(path), d.state == DeliveryState.SENT, d.created_at > since)
    outside = left.where(d.transport != TransportName.INBOX)
    held = select(func.count()).where(below(path), d.state == DeliveryState.HELD)
    failed = select(func.count()).where(below(path), d.state == DeliveryState.FAILED)
    seen = left.where(d.seen_at.is_not(None))
    queries = {"inbox": left, "outside": outside, "seen": seen, "held": held, "failed": failed}
    found = {name: int(db.session.scalar(query) or 0) for name, query in queries.items()}
    return found | {"inbox": found["inbox"] - found["outside"]}


def minutes(path: str) -> list[Minute]:
    """Of every robot and webhook that is live, in the order of their places."""
    now = clock.now()
    used = _by_robot(select(Attempt.robot_id, func.count()).where(Attempt.began_at > now - WINDOW), Attempt)
    is_held = Delivery.state == DeliveryState.HELD
    held = _by_robot(select(Delivery.robot_id, func.count()).where(is_held), Delivery)
    statement = (
        select(Robot)
        .join(Site, Site.id == Robot.site_id)
        .where(Robot.ended_at.is_(None), Site.path.startswith(path, autoescape=True))
        .order_by(Site.path, Robot.name)
    )
    return [
        Minute(robot, used.get(robot.id, 0), LIMITS.get(robot.transport), held.get(robot.id, 0))
        for robot in db.session.scalars(statement)
    ]


def route_of(delivery: Delivery) -> str:
    return str(delivery.robot_id or f"{delivery.user_id}.{delivery.transport}")


def ids_of_route(path: str, route: str) -> list[UUID]:
    """Everything that was given up on it; nothing for what is no route."""
    condition = _on(route)
    if condition is None:
        return []
    failed = select(Delivery.id).where(below(path), Delivery.state == DeliveryState.FAILED, condition)
    return list(db.session.scalars(failed.order_by(Delivery.id)))


def _on(route: str) -> ColumnElement[bool] | None:
    whose, _, transport = route.partition(".")
    try:
        if not transport:
            return Delivery.robot_id == UUID(whose)
        return (Delivery.user_id == UUID(whose)) & (Delivery.transport == TransportName(transport))
    except ValueError:
        return None


def _count_of(path: str, route: str) -> int:
    return len(ids_of_route(path, route))


def _rows(path: str, state: DeliveryState, order: Any) -> list[Row]:
    statement = (
        select(Delivery, Case.number)
        .outerjoin(Case, Case.id == Delivery.case_id)
        .where(below(path), Delivery.state == state)
        .order_by(order)
        .limit(SHOWN)
    )
    here = zone()
    return [_row(delivery, number, here) for delivery, number in db.session.execute(statement)]


def _row(delivery: Delivery, number: int | None, here: Any) -> Row:
    held = delivery.state is DeliveryState.HELD
    said = " ".join(filter(None, [why_held(delivery.held_for) if held else "", why(delivery.error)]))
    at = (delivery.held_until if held else None) or delivery.created_at
    return Row(delivery, number, said, at.astimezone(here))


def _otherwise(deliveries: Sequence[Delivery]) -> dict[tuple[UUID | None, str], tuple[TransportName, ...]]:
    """By which other ways the same message reached the same person."""
    cases = {delivery.case_id for delivery in deliveries if delivery.user_id and delivery.case_id}
    if not cases:
        return {}
    d = Delivery
    sent = select(d).where(d.case_id.in_(cases), d.state == DeliveryState.SENT, d.user_id.is_not(None))
    found: dict[tuple[UUID | None, str], tuple[TransportName, ...]] = {}
    for row in db.session.scalars(sent):
        key = _person_and_event(row)
        found[key] = (*found.get(key, ()), row.transport)
    return found


def _person_and_event(delivery: Delivery) -> tuple[UUID | None, str]:
    return delivery.user_id, delivery.dedupe_key.split(":", 1)[0]


def _by_robot(statement: Select[Any], table: Any) -> dict[UUID, int]:
    grouped = statement.where(table.robot_id.is_not(None)).group_by(table.robot_id)
    return {row[0]: row[1] for row in db.session.execute(grouped)}
