"""The administrators' pages: how the hub is set up, whether it is well, and what would happen if it changed.

Each page is one module that puts its views on the blueprint and names them in `VIEWS` (who may open what);
it is registered by one line in `MODULES` here, and finds its place in the bar by one line in `nav.ENTRIES`.
"""

from __future__ import annotations

from importlib import import_module
from typing import Final

from flask import Flask

from cem.http import access

MODULES: Final = (
    "nav",
    "home",
    "deliveries",
    "robots",
    "drafting",
    "roster",
    "contact",
    "ladder",
    "promises",
    "calendars",
    "people",
    "model_card",
    "model",
    "rehearsal",
    "rules",
    "heads",
    "letters",
    "assistant",
)


def register(app: Flask) -> None:
    """Mount the pages and say who may open them."""
    from cem.web.admin.blueprint import admin

    for name in MODULES:
        module = import_module(f"cem.web.admin.{name}")
        for view, who in getattr(module, "VIEWS", {}).items():
            access.rule(f"admin.{view}", who)
    app.register_blueprint(admin)
