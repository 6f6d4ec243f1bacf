"""What a hub says when it is ready: where its pages are, and who can sign in."""

from __future__ import annotations

from cem.settings import Settings


def words(settings: Settings) -> str:
    """The lines to print; the last one begins with `ready`."""
    return f"ready {settings.url}/"
