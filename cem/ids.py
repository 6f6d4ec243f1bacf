"""Ids of everything that leaves the process, and codes that customers and devices hold."""

from __future__ import annotations

import secrets
import threading
from datetime import datetime
from uuid import UUID

_BASE32 = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # Crockford's: nothing that reads like something else
_lock = threading.Lock()
_last: tuple[int, int] = (0, 0)


def new_id(now: datetime) -> UUID:
    """A UUIDv7 for `now` (RFC 9562 §5.7); ids made by one process sort in the order they were made."""
    global _last  # noqa: PLW0603
    millis = int(now.timestamp() * 1000)
    with _lock:
        step = _last[1] + 1 if _last[0] == millis else 0
        _last = (millis, step)
    millis, step = millis + (step >> 12), step & 0xFFF
    return UUID(int=millis << 80 | 0x7 << 76 | step << 64 | 0b10 << 62 | secrets.randbits(62))


def new_tracking_code() -> str:
    """Twelve random base-32 letters, shown in groups of four."""
    letters = "".join(secrets.choice(_BASE32) for _ in range(12))
    return "-".join(letters[i : i + 4] for i in range(0, 12, 4))


def clean_tracking_code(typed: str) -> str:
    """What a person typed, as it is stored: upper case, grouped, look-alikes forgiven."""
    letters = typed.upper().translate(str.maketrans("OIL", "011", "- "))
    return "-".join(letters[i : i + 4] for i in range(0, len(letters), 4))


def new_token() -> str:
    """An unguessable token for a link, a kiosk or an API client."""
    return secrets.token_urlsafe(24)
