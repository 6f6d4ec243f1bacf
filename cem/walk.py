"""Walking the sandbox clock: every thing that falls due on the way is done at its own instant, in order."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Final

from cem import clock
from cem.engine import sla_watch

PATIENCE: Final = 50
"""How often one instant may stay due before the walk says that something cannot be done."""


class Stuck(Exception):
    """Something stays due although it was done again and again."""


def advance(by: timedelta, settle: Callable[[], None]) -> datetime:
    """Walk the clock forward; `settle` does what is due at the instant it stands at, and all it causes.

    The clock runs on from there. Returns the new time.
    """
    target = clock.now() + by
    clock.stand_at(clock.now())
    settle()
    tries = 0
    while (due := sla_watch.next_due_at()) is not None and due <= target:
        standing = clock.now()
        tries = tries + 1 if due <= standing else 0
        if tries > PATIENCE:
            clock.run_from(standing)
            raise Stuck(f"something has been due since {due.isoformat()}")
        clock.stand_at(max(due, standing))
        settle()
    clock.run_from(target)
    return target
