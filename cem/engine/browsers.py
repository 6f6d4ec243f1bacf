"""Browsers that people have asked to ring for them."""

from __future__ import annotations

import json
from uuid import UUID

from sqlalchemy import insert, select, update

from cem.domain.actors import Actor
from cem.domain.reasons import Invalid
from cem.domain.submission import N_
from cem.domain.vocabulary import TransportName
from cem.engine.transaction import Tx, transaction
from cem.ids import new_id
from cem.models import Address
from cem.transports.base import TransportError
from cem.transports.webpush import Subscription

LIVE = (Address.transport == TransportName.WEBPUSH, Address.ended_at.is_(None))


def subscribe(user_id: UUID, raw: str, label: str, by: Actor) -> UUID:
    """Ring this browser for this person, and for nobody else who used it before. Twice is once.

    Raises `Invalid` for what no browser gives.
    """
    try:
        given = Subscription.read(raw)
    except TransportError:
        raise Invalid({"subscription": [N_("The browser gave no address that can be used.")]}) from None
    kept = json.dumps(json.loads(raw), sort_keys=True)
    with transaction() as tx:
        for known in _at(tx, given.endpoint):
            if known.user_id == user_id and known.value == kept:
                return known.id
            known.ended_at = tx.now
        id = new_id(tx.now)
        row = {"id": id, "user_id": user_id, "transport": TransportName.WEBPUSH, "value": kept}
        dated = {"label": label, "created_at": tx.now, "verified_at": tx.now}
        tx.session.flush()
        tx.session.execute(insert(Address), [row | dated])
        tx.audit(str(by), "browser.subscribed", id)
        return id


def end(user_id: UUID, address_id: UUID, by: Actor) -> bool:
    """This browser rings no more. False where it is not this person's, or has ended."""
    with transaction() as tx:
        theirs = update(Address).where(*LIVE, Address.id == address_id, Address.user_id == user_id)
        done = bool(tx.connection.execute(theirs.values(ended_at=tx.now)).rowcount)
        if done:
            tx.audit(str(by), "browser.ended", address_id)
        return done


def _at(tx: Tx, endpoint: str) -> list[Address]:
    """Those that are live at this address. Sealed values cannot be searched, and there are few."""
    live = tx.session.scalars(select(Address).where(*LIVE))
    return [row for row in live if json.loads(row.value)["endpoint"] == endpoint]
