"""`/me/addresses`: where I am reached outside the hub, and the proof that it is mine."""

from __future__ import annotations

from typing import Any, Final
from uuid import UUID

from flask import current_app, redirect, render_template, request, url_for
from flask_babel import gettext
from flask_login import current_user
from werkzeug.wrappers import Response

from cem.domain.reasons import Invalid
from cem.domain.vocabulary import TransportName
from cem.engine import addresses
from cem.extensions import db, limiter
from cem.http import limits
from cem.http.access import actor
from cem.http.failures import TRANSPORTS
from cem.models import Address
from cem.settings import Settings
from cem.transports.registry import transports
from cem.web.account.routes import account

NAMES: Final = ("own_addresses", "give_address", "prove_address", "send_code_again", "end_address")


@account.get("/me/addresses", endpoint="own_addresses")
def listing() -> str:
    return _page({}, {})


@account.post("/me/addresses")
def give_address() -> Any:
    transport = TransportName(request.form.get("transport", "email"))
    try:
        addresses.give(current_user.id, transport, request.form.get(transport.value, ""), actor())
    except Invalid as invalid:
        return _page(request.form.to_dict(), _words(invalid)), 422
    return redirect(url_for("account.own_addresses"), 303)


@account.post("/me/addresses/<uuid:address_id>/proof")
@limiter.limit(limits.SIGN_IN_PERSON_HERE, key_func=limits.signed_in)
def prove_address(address_id: UUID) -> Any:
    try:
        addresses.prove(current_user.id, address_id, request.form.get("code", ""), actor())
    except Invalid as invalid:
        return _page(request.form.to_dict(), _words(invalid)), 422
    return redirect(url_for("account.own_addresses", done="proved"), 303)


@account.post("/me/addresses/<uuid:address_id>/code")
def send_code_again(address_id: UUID) -> Response:
    addresses.send_again(current_user.id, address_id)
    return redirect(url_for("account.own_addresses"), 303)


@account.post("/me/addresses/<uuid:address_id>/end")
def end_address(address_id: UUID) -> Response:
    addresses.end(current_user.id, address_id, actor())
    return redirect(url_for("account.own_addresses"), 303)


def _page(given: dict[str, Any], errors: dict[str, list[str]]) -> str:
    settings: Settings = current_app.extensions["cem_settings"]
    own = (Address.user_id == current_user.id, Address.ended_at.is_(None))
    found = {each.transport: each for each in db.session.scalars(db.select(Address).where(*own))}
    able = transports(settings)
    ways = [(way, TRANSPORTS[way], found.get(way), way in able) for way in addresses.PROVABLE]
    return render_template(
        "account/addresses.html",
        ways=ways,
        given=given,
        errors=errors,
        code=request.args.get("code", "")[:6],
        done=request.args.get("done", ""),
        shown_here=_codes(found) if settings.nothing_leaves else {},
    )


def _codes(found: dict[TransportName, Address]) -> dict[UUID, str]:
    """Where nothing leaves the hub, the page says what would have been sent."""
    proofs = {each.id: addresses.latest_proof(db.session, each.id) for each in found.values()}
    return {id: addresses.code_of(proof.id) for id, proof in proofs.items() if proof is not None}


def _words(invalid: Invalid) -> dict[str, list[str]]:
    return {name: [gettext(words) for words in said] for name, said in invalid.fields.items()}
