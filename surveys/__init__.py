"""Bringing feedback in: the customers' pages and the channels."""

from __future__ import annotations

from flask import Flask


def register(app: Flask) -> None:
    """Mount the customers' pages."""
