"""Where people are reached outside the hub: an address counts from when its owner has proved it.

The code that proves it is kept nowhere: it follows from the id of the proof and the hub's own key.
"""

from __future__ import annotations

import hmac
import re
from datetime import timedelta
from typing import Any, Final
from uuid import UUID

from sqlalchemy import func, select, update

from cem.domain.actors import Actor
from cem.domain.reasons import Invalid, NotFound, Refused
from cem.domain.submission import N_
from cem.domain.vocabulary import TransportName
from cem.engine.transaction import Tx, transaction
from cem.ids import new_id
from cem.models import Address, Proof
from cem.models.sealed import look_up_hash

PROVABLE: Final = (TransportName.EMAIL, TransportName.SMS)
HOLDS: Final = timedelta(minutes=30)
TRIES: Final = 5
"""Wrong codes; after that a new one has to be sent."""
SENT_AN_HOUR: Final = 5

_EMAIL: Final = re.compile(r"[^@\s]{1,64}@[^@\s.]+(\.[^@\s.]+)+")
_NUMBER: Final = re.compile(r"\+?[0-9]{6,15}")


def give(user_id: UUID, transport: TransportName, value: str, by: Actor) -> UUID:
    """This person says where they are reached; a code is sent there. What they gave before ends. Its id."""
    value = _understood(transport, value)
    with transaction() as tx:
        _refuse_too_many(tx, user_id)
        before = (Address.user_id == user_id, Address.transport == transport, Address.ended_at.is_(None))
        ended = update(Address).where(*before).values(ended_at=tx.now)
        tx.session.execute(ended.execution_options(synchronize_session=False))
        row = Address(id=new_id(tx.now), user_id=user_id, transport=transport, value=value, created_at=tx.now)
        tx.session.add(row)
        tx.session.flush()
        _send_code(tx, row.id)
        tx.audit(str(by), "address.given", row.id, transport=transport.value)
        id: UUID = row.id
        return id


def send_again(user_id: UUID, address_id: UUID) -> None:
    """Another code; the one before does not count any more."""
    with transaction() as tx:
        _refuse_too_many(tx, user_id)
        _send_code(tx, _own(tx, user_id, address_id).id)


def prove(user_id: UUID, address_id: UUID, code: str, by: Actor) -> None:
    """The code came back: the address counts. A wrong one is counted, and refused with a sentence."""
    with transaction() as tx:
        address = _own(tx, user_id, address_id)
        proof = latest_proof(tx.session, address.id)
        known = proof is not None and _counts(tx, proof) and code_of(proof.id)
        right = bool(known) and hmac.compare_digest(str(known), code.strip())
        if right and proof is not None:
            proof.used_at = address.verified_at = tx.now
            tx.audit(str(by), "address.proved", address.id)
        elif proof is not None:
            proof.tries += 1
    if not right:
        raise Invalid({"code": [N_("This is not the code, or it is too old. Have another one sent.")]})


def end(user_id: UUID, address_id: UUID, by: Actor) -> None:
    """Nothing is sent there any more."""
    with transaction() as tx:
        address = _own(tx, user_id, address_id)
        address.ended_at = tx.now
        tx.audit(str(by), "address.ended", address.id)


def code_of(proof_id: UUID) -> str:
    """Six digits that only this hub can tell from the id."""
    digest = look_up_hash(f"proof:{proof_id}")
    return f"{int.from_bytes(digest[:8]) % 1_000_000:06d}"


def latest_proof(session: Any, address_id: UUID) -> Proof | None:
    statement = select(Proof).where(Proof.address_id == address_id).order_by(Proof.id.desc()).limit(1)
    found: Proof | None = session.scalar(statement)
    return found


def _understood(transport: TransportName, value: str) -> str:
    value = value.strip() if transport is TransportName.EMAIL else re.sub(r"[\s()-]", "", value)
    if transport is TransportName.EMAIL and not _EMAIL.fullmatch(value):
        raise Invalid({"email": [N_("Write an address as name@example.com.")]})
    if transport is TransportName.SMS and not _NUMBER.fullmatch(value):
        raise Invalid({"sms": [N_("Write a number as +8613800138000.")]})
    if transport not in PROVABLE:
        raise Invalid({"transport": [N_("Nothing can be proved for this way.")]})
    return value


def _send_code(tx: Tx, address_id: UUID) -> None:
    proof = Proof(
        id=new_id(tx.now), address_id=address_id, created_at=tx.now, expires_at=tx.now + HOLDS, tries=0
    )
    tx.session.add(proof)
    tx.session.flush()
    tx.say("address.proving", proof=proof.id)


def _refuse_too_many(tx: Tx, user_id: UUID) -> None:
    """Nobody's telephone is rung by somebody who types its number again and again."""
    lately = select(func.count(Proof.id)).join(Address, Address.id == Proof.address_id)
    sent = tx.session.scalar(
        lately.where(Address.user_id == user_id, Proof.created_at > tx.now - timedelta(hours=1))
    )
    if (sent or 0) >= SENT_AN_HOUR:
        raise Refused("too_many_codes")


def _own(tx: Tx, user_id: UUID, address_id: UUID) -> Address:
    address = tx.session.get(Address, address_id, with_for_update={"key_share": True})
    if address is None or address.user_id != user_id or address.ended_at is not None:
        raise NotFound
    return address


def _counts(tx: Tx, proof: Proof) -> bool:
    return proof.used_at is None and proof.expires_at > tx.now and proof.tries < TRIES
