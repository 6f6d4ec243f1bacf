"""The first page of an empty hub: the organisation begins, with its first administrator."""

from __future__ import annotations

from flask import Flask

from cem.http import access
from cem.web.beginning.routes import beginning


def register(app: Flask) -> None:
    app.register_blueprint(beginning)
    for name in ("show", "begin"):
        access.rule(f"beginning.{name}", access.PUBLIC)  # the token in the address is the key
