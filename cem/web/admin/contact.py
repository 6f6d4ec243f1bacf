"""Whoever comes onto a roster is reached outside the app, or somebody said that the app is enough."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final
from uuid import UUID

from flask import redirect, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from cem.domain.actors import Actor
from cem.domain.reasons import Invalid, NotFound
from cem.engine import contacts
from cem.engine.organisation import Place
from cem.extensions import db
from cem.http import access
from cem.models import User
from cem.web.admin import choosing
from cem.web.admin.blueprint import WRITERS, admin

VIEWS: Final[dict[str, Any]] = {"ask_proof": WRITERS}
KNOWINGLY, ASK = "app", "ask"


class AppOnly(Invalid):
    """What was written is whole, but somebody in it is reached in the app only."""


def app_only(place: Place, users: Iterable[str]) -> tuple[str, ...]:
    """Those whom a page about this place reaches in the app alone."""
    return contacts.in_app_only(db.session(), [user for user in users if _is_id(user)], place.path)


def check(place: Place, field: str, users: Iterable[str]) -> tuple[str, ...]:
    """The same; `AppOnly` says who they are unless the form says what to do about it."""
    found = app_only(place, users)
    if found and request.form.get("reach") not in (KNOWINGLY, ASK):
        names = choosing.names()
        said = gettext(
            "%(names)s: no address outside the app is proved, so a page waits until they look. "
            "Ask them for one, or keep it all the same.",
            names=", ".join(names.get(user, "") for user in found),
        )
        raise AppOnly({field: [said]})
    return found


def settle(place: Place, found: tuple[str, ...], by: Actor) -> None:
    """What was chosen for them is kept on record, and done."""
    if found:
        contacts.accept_app_only(place.id, found, by)
    if request.form.get("reach") == ASK:
        for user in found:
            contacts.ask_proof(UUID(user), by)


@admin.post("/roster/proof")
def ask_proof() -> Response:
    """In one touch: somebody on the roster is asked to prove where they are reached."""
    place, user = choosing.chosen(branch=True), request.form.get("user", "")
    person = db.session.get(User, UUID(user)) if _is_id(user) else None
    if person is None or not place.path.startswith(person.scope_path):
        raise NotFound
    contacts.ask_proof(person.id, access.actor())
    look = {"look": "draft"} if request.form.get("look") else {}
    return redirect(url_for("admin.roster", site=place.code, done="asked_proof", **look), 303)


def _is_id(user: str) -> bool:
    try:
        return bool(UUID(user))
    except ValueError:
        return False
