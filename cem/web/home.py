"""`/`: everybody's first page, by what they are here for."""

from __future__ import annotations

from typing import Final

from flask import Blueprint, Flask, redirect
from flask_login import current_user
from werkzeug.wrappers import Response

from cem.domain.vocabulary import Role
from cem.http import access
from cem.web.shell import may_open

home = Blueprint("home", __name__)

FIRST: Final = {Role.EXECUTIVE: "/executive", Role.ADMIN: "/admin"}


def register(app: Flask) -> None:
    app.register_blueprint(home)
    access.rule("home.first_page", access.EVERYBODY_HERE)


@home.get("/")
def first_page() -> Response:
    wishes = (FIRST.get(current_user.role, "/desk"), "/desk", "/me")
    return redirect(next(address for address in wishes if may_open(address)), 303)
