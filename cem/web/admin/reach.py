"""How people can be reached: what they have proved to be theirs, and what therefore does not count yet."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from flask_babel import gettext
from sqlalchemy import select

from cem.extensions import db
from cem.http.failures import TRANSPORTS
from cem.models import Address


@dataclass(frozen=True, slots=True)
class Reach:
    """`ways` count; `why_not` says of the others, one sentence each, why they do not."""

    id: str
    name: str
    ways: tuple[str, ...]
    why_not: tuple[str, ...]


def of(people: Collection[str], names: Mapping[str, str]) -> Sequence[Reach]:
    """Everybody has the inbox; what lies outside the house counts from when its owner has proved it."""
    ids = [UUID(user) for user in people]
    statement = select(Address).where(Address.user_id.in_(ids), Address.ended_at.is_(None))
    addresses: dict[str, list[Address]] = {}
    for address in db.session.scalars(statement.order_by(Address.transport)):
        addresses.setdefault(str(address.user_id), []).append(address)
    return [_one(user, names.get(user, ""), addresses.get(user, [])) for user in people]


def _one(user: str, name: str, addresses: Sequence[Address]) -> Reach:
    proved = tuple(_way(each) for each in addresses if each.verified_at)
    missing = [
        gettext("%(way)s: the address was given, but its owner has not proved it.", way=_way(each))
        for each in addresses
        if each.verified_at is None
    ]
    if not proved and not missing:
        missing = [gettext("No address outside the hub: pages wait in the inbox until they look.")]
    return Reach(user, name, tuple(dict.fromkeys(proved)), tuple(missing))


def _way(address: Address) -> str:
    return str(TRANSPORTS[address.transport])
