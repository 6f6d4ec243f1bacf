"""Whether the ledger is proved: what the reconciler found last, and whether it still runs."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

EVERY: Final = timedelta(minutes=5)
STALE_AFTER: Final = timedelta(minutes=15)
"""Three times it should have run and did not: what it found last proves nothing any more."""


class Standing(StrEnum):
    PROVED = "proved"
    WRONG = "wrong"
    STALE = "stale"


@dataclass(frozen=True, slots=True)
class Proof:
    """What is known at an instant. `at` is when it ran last; `since` when it was first found wrong."""

    standing: Standing
    at: datetime | None
    faults: int = 0
    since: datetime | None = None


def is_due(ran_at: datetime | None, now: datetime) -> bool:
    return ran_at is None or now - ran_at >= EVERY


def proof(
    ran_at: datetime | None,
    faults: int,
    since: datetime | None,
    now: datetime,
    owing_since: datetime | None = None,
) -> Proof:
    """The watchdog: an old proof is none, whatever it said.

    A hub in which it has never run owes a proof from the first feedback on, since `owing_since`.
    """
    last = ran_at or owing_since
    if last is not None and now - last > STALE_AFTER:
        return Proof(Standing.STALE, ran_at, faults, since)
    if faults:
        return Proof(Standing.WRONG, ran_at, faults, since)
    return Proof(Standing.PROVED, ran_at)
