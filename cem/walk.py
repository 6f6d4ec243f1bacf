"""Walking the sandbox clock: every thing that falls due on the way is done at its own instant, in order."""

from __future__ import annotations

import fcntl
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import IO, Final

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


@contextmanager
def alone(instance: Path) -> Iterator[None]:
    """One walk at a time: whoever comes second waits for the first."""
    with _lock_file(instance) as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def go_on_if_abandoned(instance: Path) -> None:
    """Let the clock run again where whoever walked it was killed on the way."""
    if not clock.stands():
        return
    with _lock_file(instance) as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return  # somebody walks
        if clock.stands():
            clock.run_from(clock.now())


def _lock_file(instance: Path) -> IO[bytes]:
    return (instance / "sandbox-walk").open("wb")
