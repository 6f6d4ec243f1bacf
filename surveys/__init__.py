"""Bringing feedback in: the customers' pages and the channels."""

from __future__ import annotations

from flask import Flask


def register(app: Flask) -> None:
    """Mount the customers' pages, open to anybody."""
    from cem.http.access import PUBLIC, rule
    from surveys.routes import ENDPOINTS, collect

    app.register_blueprint(collect)
    for name in ENDPOINTS:
        rule(f"collect.{name}", PUBLIC)
