"""What stands between people and the engine: one package for each audience."""

from __future__ import annotations

from flask import Flask


def register(app: Flask) -> None:
    """Mount the pages and the API."""
