"""Where a customer looks at what became of their feedback."""

from __future__ import annotations

from flask import current_app


def status_url(tracking_code: str) -> str:
    """The customer's own page."""
    url: str = current_app.extensions["cem_settings"].url
    return f"{url}/t/{tracking_code}"
