"""Robots and addresses of the cast, and a hub whose messages really leave."""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from uuid import UUID

from cem.domain.actors import HUB
from cem.domain.vocabulary import TransportName
from cem.engine import robots
from cem.engine.robots import NewRobot
from cem.extensions import db
from cem.models import Delivery
from tests.world import World

SECRET = "whsec_YSBrZXkgb2YgdGhlIHJlY2VpdmVy"


def really_sends(world: World, **more: Any) -> None:
    """From now on messages leave the hub, also for servers of this machine."""
    settings = world.app.extensions["cem_settings"]
    world.app.extensions["cem_settings"] = replace(settings, sandbox=False, private_addresses=True, **more)


def robot(
    world: World,
    name: str,
    url: str = "https://robots.invalid/",
    site: str = "bund",
    transport: str = "wecom",
) -> UUID:
    secret = SECRET if transport == "webhook" else None
    return robots.add_robot(NewRobot(name, TransportName(transport), site, url, secret), HUB)


def reachable(world: World, who: str, transport: str, value: str) -> None:
    address = robots.give_address(world.people[who], TransportName(transport), value, HUB)
    assert robots.prove_address(address, HUB)


def sent_to(world: World, to: str, transport: str | None = None) -> list[Delivery]:
    return [row for row in all_to(world, to, transport) if row.state == "sent"]


def all_to(world: World, to: str, transport: str | None = None) -> list[Delivery]:
    db.session.rollback()
    rows = db.session.scalars(db.select(Delivery).where(Delivery.to == to).order_by(Delivery.id))
    return [row for row in rows if transport is None or row.transport == transport]


def states(world: World, to: str, transport: str | None = None) -> list[str]:
    return [row.state.value for row in all_to(world, to, transport)]
