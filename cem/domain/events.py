"""What outsiders hear of: the public kinds of events, and what of an event they are told."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

PUBLIC: Final = frozenset(
    {
        "case.opened",
        "case.changed",
        "case.acknowledged",
        "case.breached",
        "delivery.sent",
        "ledger.changed",
    }
)
"""The names of the contract, for streams and webhooks alike. They never change."""

ROUTING: Final = frozenset({"kind", "site_path", "owner"})
"""Fields that decide who hears of an event; they are not for the listener."""


def told(event: Mapping[str, Any]) -> dict[str, Any]:
    """The event as a listener gets it: ids and codes, never words or contacts."""
    return {name: value for name, value in event.items() if name not in ROUTING}


def is_heard(event: Mapping[str, Any], sees: str) -> bool:
    """Whether it is public and lies in that part of the tree."""
    return event["kind"] in PUBLIC and str(event.get("site_path", "")).startswith(sees)
