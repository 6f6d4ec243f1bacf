"""What stands between people and the engine: one package for each audience."""

from __future__ import annotations

from flask import Flask


def register(app: Flask) -> None:
    """Mount the pages and the API."""
    from cem.web import account, admin, api, beginning, desk, executive, home, receipts, shell

    for part in (account, api, beginning, home, desk, executive, admin, receipts, shell):
        part.register(app)
