"""The one place that reads the wall clock.

In the sandbox every process of the hub shares one small file that moves or stops this clock,
so that a test can walk through a whole day and nobody's time disagrees with anybody else's.
"""

from __future__ import annotations

import mmap
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND: Final = timedelta(microseconds=1)
_BYTES: Final = 8

_shared: memoryview | None = None
"""One whole number, so that no process ever reads half of a change: microseconds times two. Odd: the instant
at which the clock stands. Even: by how much it runs ahead of the wall clock."""


def now() -> datetime:
    """The current instant, aware and in UTC."""
    if _shared is None:
        return datetime.now(UTC)
    word = _shared[0]
    moved = timedelta(microseconds=word >> 1)
    return _EPOCH + moved if word & 1 else datetime.now(UTC) + moved


def share(path: Path) -> None:
    """Follow the sandbox clock kept in `path` from now on (created where missing)."""
    global _shared  # noqa: PLW0603
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a+b") as file:
        if file.tell() < _BYTES:
            file.write(bytes(_BYTES))
            file.flush()
        _shared = memoryview(mmap.mmap(file.fileno(), _BYTES)).cast("q")


def unshare() -> None:
    """Go back to the wall clock."""
    global _shared  # noqa: PLW0603
    _shared = None


def stand_at(instant: datetime) -> None:
    """Stop the shared clock at `instant`."""
    _write(instant - _EPOCH, standing=True)


def run_from(instant: datetime) -> None:
    """Let the shared clock run on from `instant` at its normal pace."""
    _write(instant - datetime.now(UTC), standing=False)


def stands() -> bool:
    """Whether somebody walks this clock right now, or ended in the middle of a walk."""
    return _shared is not None and bool(_shared[0] & 1)


def _write(moved: timedelta, *, standing: bool) -> None:
    if _shared is None:
        raise RuntimeError("The clock can be moved only in the sandbox (CEM_SANDBOX=1).")
    _shared[0] = moved // _MICROSECOND << 1 | standing
