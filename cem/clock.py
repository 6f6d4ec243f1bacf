"""The one place that reads the wall clock.

In the sandbox every process of the hub shares one small file that moves or stops this clock,
so that a test can walk through a whole day and nobody's time disagrees with anybody else's.
"""

from __future__ import annotations

import mmap
import struct
from datetime import UTC, datetime
from pathlib import Path

_LAYOUT = struct.Struct("<dd")  # offset in seconds; the instant it stands at, or 0.0 when it runs
_shared: mmap.mmap | None = None


def now() -> datetime:
    """The current instant, aware and in UTC."""
    if _shared is None:
        return datetime.now(UTC)
    offset, stands_at = _LAYOUT.unpack_from(_shared)
    if stands_at:
        return datetime.fromtimestamp(stands_at, UTC)
    return datetime.fromtimestamp(datetime.now(UTC).timestamp() + offset, UTC)


def share(path: Path) -> None:
    """Follow the sandbox clock kept in `path` from now on (created where missing)."""
    global _shared  # noqa: PLW0603
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a+b") as file:
        if file.tell() < _LAYOUT.size:
            file.write(bytes(_LAYOUT.size))
            file.flush()
        _shared = mmap.mmap(file.fileno(), _LAYOUT.size)


def unshare() -> None:
    """Go back to the wall clock."""
    global _shared  # noqa: PLW0603
    _shared = None


def stand_at(instant: datetime) -> None:
    """Stop the shared clock at `instant`."""
    _write(0.0, instant.timestamp())


def run_from(instant: datetime) -> None:
    """Let the shared clock run on from `instant` at its normal pace."""
    _write(instant.timestamp() - datetime.now(UTC).timestamp(), 0.0)


def _write(offset: float, stands_at: float) -> None:
    if _shared is None:
        raise RuntimeError("The clock can be moved only in the sandbox (CEM_SANDBOX=1).")
    _LAYOUT.pack_into(_shared, 0, offset, stands_at)
