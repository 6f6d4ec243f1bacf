"""Ids of everything that leaves the process, and codes that customers and devices hold."""

from __future__ import annotations

import itertools
import secrets
from datetime import datetime
from uuid import UUID

_BASE32 = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # Crockford's: nothing that reads like something else
_made = itertools.count(secrets.randbits(28))
"""Never set back, whatever instants the ids are for: threads with different ones would lose their order."""


def new_id(now: datetime) -> UUID:
    """A UUIDv7 for `now` (RFC 9562 §5.7, §6.2 method 1).

    Ids that one process makes for one millisecond sort in the order in which they were made.
    """
    millis, step = int(now.timestamp() * 1000), next(_made)
    high, low = step >> 20 & 0xFFF, step & 0xFFFFF
    return UUID(int=millis << 80 | 0x7 << 76 | high << 64 | 0b10 << 62 | low << 42 | secrets.randbits(42))


def new_tracking_code() -> str:
    """Twelve random base-32 letters, shown in groups of four."""
    letters = "".join(_BASE32[byte % 32] for byte in secrets.token_bytes(12))
    return "-".join(letters[i : i + 4] for i in range(0, 12, 4))


def clean_tracking_code(typed: str) -> str:
    """What a person typed, as it is stored: upper case, grouped, look-alikes forgiven."""
    letters = typed.upper().translate(str.maketrans("OIL", "011", "- "))
    return "-".join(letters[i : i + 4] for i in range(0, len(letters), 4))


def new_token() -> str:
    """An unguessable token for a link, a kiosk or an API client."""
    return secrets.token_urlsafe(24)
