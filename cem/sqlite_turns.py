"""SQLite has one writer at a time. They wait for their turn in the kernel, which wakes the next one at once.

SQLite itself only sleeps and asks again, for up to a tenth of a second: beside busy workers a tap waited for
a second. Its own lock stays what protects; a turn only says who asks for it next.
"""

from __future__ import annotations

import fcntl
import sqlite3
import threading
import time
from pathlib import Path
from typing import IO, Any, Final

REST: Final = 3.0
"""So many times as long as it wrote rests a process that stands behind others and has met one of them."""
LONGEST_REST: Final = 0.05  # seconds
_MET: Final = 0.0005  # seconds: who waited longer than this waited for somebody

_last: list[bool] = []
_at_work = threading.local()


def behind_others() -> None:
    """The writers of this process wait for those of other such processes first.

    Whoever answers a person then waits for one of them at most, however many there are, and most of the
    writing time is theirs: see `rest_after`.
    """
    _last[:] = [True]


def rest_after(waited: float, wrote: float) -> float:
    """Seconds to rest for a process that stands behind others, waited so long for them, and wrote so long."""
    return min(LONGEST_REST, REST * wrote) if waited > _MET else 0.0


class WritingConnection(sqlite3.Connection):
    """A connection whose transactions begin with `wait` and end its turn."""

    def __init__(self, database: str, *args: Any, **more: Any) -> None:
        super().__init__(database, *args, **more)
        self._database = database
        self._next = _lock_file(database, "next")
        self._behind = _lock_file(database, "last") if _last else None
        self._waited = self._began = 0.0

    def wait(self) -> None:
        """Until it is this connection's turn. Raises where this thread would wait for itself."""
        if _writers().setdefault(self._database, self) is not self:
            raise RuntimeError("This thread writes on another connection already.")
        if self._behind is not None:
            fcntl.flock(self._behind, fcntl.LOCK_EX)
        asked = time.monotonic()
        fcntl.flock(self._next, fcntl.LOCK_EX)
        self._began = time.monotonic()
        self._waited = self._began - asked

    def commit(self) -> None:
        try:
            super().commit()
        finally:
            self._end_turn()

    def rollback(self) -> None:
        try:
            super().rollback()
        finally:
            self._end_turn()

    def close(self) -> None:
        super().close()
        self._end_turn()
        for lock in filter(None, (self._next, self._behind)):
            lock.close()

    def _end_turn(self) -> None:
        """Where it had one. Those behind others begin one after another, the next after this one's rest."""
        was_writing = _writers().get(self._database) is self
        if was_writing:
            del _writers()[self._database]
        if not self._next.closed:
            fcntl.flock(self._next, fcntl.LOCK_UN)
        if self._behind is not None and not self._behind.closed:
            if was_writing:
                time.sleep(rest_after(self._waited, time.monotonic() - self._began))
            fcntl.flock(self._behind, fcntl.LOCK_UN)


def _writers() -> dict[str, WritingConnection]:
    """By database: the connection on which this thread writes."""
    writers: dict[str, WritingConnection] = _at_work.__dict__.setdefault("writers", {})
    return writers


def _lock_file(database: str, name: str) -> IO[bytes]:
    return Path(f"{database}.{name}").open("wb")
