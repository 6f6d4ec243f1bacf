"""SQLite has one writer at a time. They wait for their turn in the kernel, which wakes the next one at once.

SQLite itself only sleeps and asks again, for up to a tenth of a second: beside busy workers a tap waited for
a second. Its own lock stays what protects; a turn only says who asks for it next.
"""

from __future__ import annotations

import fcntl
import sqlite3
import threading
from pathlib import Path
from typing import IO, Any

_last: list[bool] = []
_at_work = threading.local()


def behind_others() -> None:
    """The writers of this process wait for those of other such processes first.

    Whoever answers a person then waits for one of them at most, however many there are.
    """
    _last[:] = [True]


class WritingConnection(sqlite3.Connection):
    """A connection whose transactions begin with `wait` and end its turn."""

    def __init__(self, database: str, *args: Any, **more: Any) -> None:
        super().__init__(database, *args, **more)
        self._database = database
        self._locks = [_lock_file(database, name) for name in (("last",) if _last else ()) + ("next",)]

    def wait(self) -> None:
        """Until it is this connection's turn. Raises where this thread would wait for itself."""
        if _writers().setdefault(self._database, self) is not self:
            raise RuntimeError("This thread writes on another connection already.")
        for lock in self._locks:
            fcntl.flock(lock, fcntl.LOCK_EX)

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
        for lock in self._locks:
            lock.close()

    def _end_turn(self) -> None:
        if _writers().get(self._database) is self:
            del _writers()[self._database]
        for lock in reversed(self._locks):
            if not lock.closed:
                fcntl.flock(lock, fcntl.LOCK_UN)


def _writers() -> dict[str, WritingConnection]:
    """By database: the connection on which this thread writes."""
    writers: dict[str, WritingConnection] = _at_work.__dict__.setdefault("writers", {})
    return writers


def _lock_file(database: str, name: str) -> IO[bytes]:
    return Path(f"{database}.{name}").open("wb")
