"""When the machine learns from corrections, and which of them it may never learn from. Pure."""

from __future__ import annotations

import hashlib
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

ENOUGH: Final = 50
"""New corrections that are worth a fit."""
APART: Final = timedelta(days=1)
"""From one fit to the next, at least."""


def fit_at(new: int, last: datetime | None, now: datetime) -> datetime | None:
    """When to fit anew; None while too little is new. `last`: when a fit was asked for last."""
    if new < ENOUGH:
        return None
    return now if last is None else max(now, last + APART)


def is_frozen(feedback_id: UUID) -> bool:
    """Whether it belongs to the tenth that heads are only measured on. By the id alone: it never changes."""
    digest = hashlib.sha256(b"frozen" + feedback_id.bytes).digest()
    return int.from_bytes(digest[:8]) % 10 == 0
