"""The assistant as pages meet it: the server that the settings name, and how many wait for it at once."""

from __future__ import annotations

import threading
from typing import Final
from urllib.parse import urlsplit

from flask import current_app

from cem.domain.reasons import Reason
from cem.engine import assistant
from cem.engine.assistant import About, Reworded
from cem.engine.reply_drafts import Made
from cem.settings import Settings
from cem.transports.completions import Server

AT_ONCE: Final = threading.BoundedSemaphore(2)
"""Of the threads that answer pages, no more than so many ever wait for somebody else's server."""


def server() -> Server | None:
    """None where none is named, and where nothing leaves the hub at all."""
    settings: Settings = current_app.extensions["cem_settings"]
    if settings.assistant_url is None or settings.nothing_leaves:
        return None
    near = urlsplit(settings.assistant_url).scheme == "http"  # the settings refuse any that is not near
    return Server(
        settings.assistant_url,
        settings.assistant_model or "",
        settings.assistant_key,
        float(settings.assistant_seconds),
        private=near or settings.private_addresses,
    )


def reword(made: Made, about: About) -> Reworded:
    """Ask, unless as many as may wait do so already."""
    if not AT_ONCE.acquire(blocking=False):
        return Reworded(why=Reason("assistant_busy"))
    try:
        return assistant.reword(made, server(), about)
    finally:
        AT_ONCE.release()
