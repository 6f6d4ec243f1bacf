"""Events as they travel, and as server-sent events spell them."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any

from cem.domain.events import told

Event = Mapping[str, Any]
"""`id`, `kind`, `at`, `v` and the ids of what it is about: never words, names or contacts."""

Frame = Callable[[Event], bytes]
"""How an event looks on one kind of stream; a function shared by streams is asked once per event."""

HEARTBEAT = b":\n\n"


def frame(event: Event) -> bytes:
    """The event as every stream shows it that does not bring a frame of its own."""
    text = json.dumps(told(event), separators=(",", ":"), ensure_ascii=False)
    return f"id: {event['id']}\nevent: {event['kind']}\ndata: {text}\n\n".encode()


def opening(retry_ms: int) -> bytes:
    """The first bytes of a stream: how long to wait before connecting again."""
    return f"retry: {retry_ms}\n\n".encode()
