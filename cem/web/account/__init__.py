"""The door, and what people set for themselves behind it."""

from __future__ import annotations

from flask import Flask

from cem.domain.vocabulary import Role
from cem.http import access, sign_in
from cem.web.account import addresses, duty, inbox, reach
from cem.web.account.routes import account

OPEN = ("sign_in", "open_session", "push_worker")
OWN = (
    "me",
    "sign_out",
    "choose_language",
    "choose_theme",
    "change_password",
    *reach.OWN,
    *inbox.OWN,
    *addresses.NAMES,
)
ON_DUTY = access.roles(Role.MANAGER, Role.STAFF, Role.EXECUTIVE)


def register(app: Flask) -> None:
    sign_in.init_app(app)
    app.register_blueprint(account)
    inbox.register(app)
    for name in OPEN:
        access.rule(f"account.{name}", access.PUBLIC)
    for name in OWN:
        access.rule(f"account.{name}", access.EVERYBODY_HERE)
    for name in duty.NAMES:
        access.rule(f"account.{name}", ON_DUTY)
