"""How often each program calls.

Flask-Limiter, which guards the public pages, costs a third of a call on the way in and starts a thread for
each window; this is a number in a dictionary. It counts in this process only: with several web processes
each token has the limit in each of them.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Hashable
from math import ceil


class CallCounter:
    """At most `limit` calls of each caller in each window of `per` seconds."""

    def __init__(self, limit: int, per: int = 60) -> None:
        self.limit = limit
        self._per = per
        self._guard = threading.Lock()
        self._window = -1
        self._calls: dict[Hashable, int] = {}

    def too_many(self, caller: Hashable) -> int:
        """Count a call; the seconds after which the caller should come again, or 0 where it is welcome."""
        now = time.monotonic()
        window = int(now // self._per)
        with self._guard:
            if window != self._window:
                self._window, self._calls = window, {}
            self._calls[caller] = calls = self._calls.get(caller, 0) + 1
        return 0 if calls <= self.limit else max(1, ceil((window + 1) * self._per - now))
