"""One open stream. Only the keeper's thread touches it."""

from __future__ import annotations

import socket
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from cem.http.streams.frames import HEARTBEAT, Event, Frame

SLOW = 64 * 1024  # bytes waiting for one client, above which it is let go: it reconnects and catches up
HELD = 1_000  # events kept for a stream whose answer is still being made
UNCHECKED = 3  # rechecks without an answer, after which a stream is closed


class Outlet(Protocol):
    """Where frames go: a client's socket, or a queue that a generator empties."""

    def send(self, frames: bytes | bytearray, /) -> int: ...

    def close(self) -> None: ...


@dataclass(frozen=True, slots=True)
class Pace:
    """Seconds."""

    heartbeat: float = 15.0
    recheck: float = 60.0
    claim: float = 30.0  # how long an answer may take to bring its socket

    @property
    def tick(self) -> float:
        return min(1.0, self.heartbeat / 4, self.recheck / 4, self.claim / 4)


class Stream:
    """What it wants to hear, how an event looks on it, and where it goes.

    Methods that return a bool say whether the stream may stay open.
    """

    __slots__ = (
        "allowed_at", "asked_at", "buffer", "frame", "held", "limit", "outlet", "since", "still_allowed",
        "wants", "writing",
    )  # fmt: skip

    def __init__(
        self, wants: Callable[[Event], bool], still_allowed: Callable[[], bool], frame: Frame
    ) -> None:
        self.wants = wants
        self.still_allowed = still_allowed
        self.frame = frame
        self.since = self.asked_at = self.allowed_at = time.monotonic()  # `since`: the last byte sent
        self.outlet: Outlet | None = None
        self.held: list[Event] | None = []
        self.buffer = b""
        self.limit = SLOW
        self.writing = False  # whether the keeper waits for room in the socket

    @property
    def socket(self) -> socket.socket | None:
        return self.outlet if isinstance(self.outlet, socket.socket) else None

    def hold(self, event: Event) -> bool:
        assert self.held is not None
        self.held.append(event)
        return len(self.held) <= HELD

    def begin(self, outlet: Outlet, opening: bytes, seen: frozenset[str]) -> bool:
        """Send `opening`, then what was held meanwhile less the events in `seen`."""
        held, self.held, self.outlet = self.held or [], None, outlet
        self.limit = SLOW + len(opening)
        return self.send(
            opening + b"".join(self.frame(event) for event in held if str(event["id"]) not in seen)
        )

    def send(self, frames: bytes) -> bool:
        self.buffer += frames
        return self.flush() and len(self.buffer) <= self.limit

    def flush(self) -> bool:
        assert self.outlet is not None
        try:
            sent = self.outlet.send(self.buffer)
        except BlockingIOError:
            return True
        except OSError:
            return False
        self.since = time.monotonic()
        self.buffer = self.buffer[sent:]
        if not self.buffer:
            self.limit = SLOW
        return True

    def has_left(self) -> bool:
        """Whether the client, whose socket is readable, has closed it; what it says is not heard."""
        assert self.socket is not None
        try:
            return not self.socket.recv(4096)
        except BlockingIOError:
            return False
        except OSError:
            return True

    def tend(self, now: float, pace: Pace) -> bool:
        """Once a tick: give up what nobody claims or vouches for, and let the client know we are here."""
        if self.outlet is None:
            return now - self.since <= pace.claim
        if now - self.allowed_at > UNCHECKED * pace.recheck:
            return False
        if now - self.since >= pace.heartbeat and not self.buffer:
            return self.send(HEARTBEAT)
        return True

    def is_due_for_recheck(self, now: float, pace: Pace) -> bool:
        return self.outlet is not None and now - self.asked_at >= pace.recheck

    def close(self) -> None:
        if self.outlet is not None:
            self.outlet.close()
            self.outlet = None
