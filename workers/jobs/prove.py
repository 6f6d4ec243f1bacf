"""A code goes to an address that somebody has given, so that its owner can prove it."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from flask import current_app
from flask_babel import force_locale, gettext

from cem.domain.vocabulary import TransportName
from cem.engine.addresses import code_of
from cem.engine.outbox import Claim
from cem.extensions import db
from cem.http import i18n
from cem.models import Address, Proof, User
from cem.settings import Settings
from cem.transports.base import Message
from cem.transports.registry import transports


def run(claims: Sequence[Claim]) -> None:
    """One after another: a failure is tried again by the relay. What is used or ended needs none any more."""
    settings: Settings = current_app.extensions["cem_settings"]
    for claim in claims:
        found = _message(UUID(claim.ids["proof"]), settings.url)
        db.session.remove()  # nobody's database waits while other people's servers think
        if found is not None and (transport := transports(settings).get(found[0])) is not None:
            transport.send(found[1])


def _message(proof_id: UUID, url: str) -> tuple[TransportName, Message] | None:
    proof = db.session.get(Proof, proof_id)
    address = db.session.get(Address, proof.address_id) if proof else None
    if proof is None or address is None or proof.used_at or address.ended_at:
        return None
    user = db.session.get_one(User, address.user_id)
    code = code_of(proof.id)
    with force_locale(i18n.locale_of(user.locale)):
        text = gettext(
            "%(code)s is your code. It proves that this address is yours and holds for 30 minutes.", code=code
        )
    message = Message(
        id=str(proof.id),
        kind="proof",
        to=user.username,
        text=text,
        address=address.value,
        link=f"{url}/me/addresses?code={code}",
        at=proof.created_at,
    )
    return address.transport, message
