"""Waiting for other processes: ask again until it is so, or fail with what was seen last."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")
_never = threading.Event()


def eventually(look: Callable[[], T], *, within: float = 10.0, every: float = 0.02) -> T:
    """The first truthy answer of `look`; it may raise OSError or AssertionError meanwhile."""
    deadline = time.monotonic() + within
    last: object = None
    while time.monotonic() < deadline:
        try:
            last = answer = look()
            if answer:
                return answer
        except (OSError, AssertionError) as trouble:
            last = trouble
        _never.wait(every)
    raise AssertionError(f"not so within {within} s; last seen: {last!r}")
