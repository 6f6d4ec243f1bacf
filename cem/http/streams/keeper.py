"""One thread that keeps every open stream of this process.

It owns the clients' sockets, so that a desk that is open all day costs a few kilobytes and no request
thread. Only this thread touches streams and sockets; everybody else leaves it a note. Rights are rechecked
on a second thread, because that asks the database and must not hold up a push.
"""

from __future__ import annotations

import contextlib
import logging
import os
import queue
import selectors
import socket
import threading
import time
from collections import OrderedDict, deque
from collections.abc import Callable
from functools import partial

from cem.http.streams.frames import Event, Frame
from cem.http.streams.stream import Outlet, Pace, Stream

log = logging.getLogger("cem.streams")

REMEMBERED = 4_096  # ids of events already passed on
RENEWED_AT_ONCE = 50  # streams closed per turn when all must reconnect
BREATH = 0.02  # seconds between those turns


class Keeper:
    """Starts its threads with the first stream, in whatever process that is (a fork begins anew)."""

    def __init__(self, limit: int = 2_000, pace: Pace | None = None) -> None:
        self.limit = limit
        self.pace = pace or Pace()
        self._guard = threading.Lock()
        self._reset()

    def _reset(self) -> None:
        self._pid = os.getpid()
        self._streams: dict[Stream, None] = {}
        self._recent: OrderedDict[str, None] = OrderedDict()
        self._renewing: deque[Stream] = deque()
        self._notes: queue.SimpleQueue[Callable[[], object]] = queue.SimpleQueue()
        self._to_check: queue.SimpleQueue[Stream | None] = queue.SimpleQueue()
        self._open = 0
        self._thread: threading.Thread | None = None

    # ---- for every thread

    @property
    def open_streams(self) -> int:
        return self._open if self._pid == os.getpid() else 0

    def reserve(
        self, wants: Callable[[Event], bool], still_allowed: Callable[[], bool], frame: Frame
    ) -> Stream | None:
        """A stream that from now on holds what it wants to hear, or None when there are too many."""
        with self._guard:
            self._start()
            if self._open >= self.limit:
                return None
            self._open += 1
        stream = Stream(wants, still_allowed, frame)
        self._leave(partial(self._streams.setdefault, stream))
        return stream

    def attach(self, stream: Stream, outlet: Outlet, *, opening: bytes, seen: frozenset[str]) -> None:
        """Send `opening`, then what was held in the meantime less the events in `seen`, then live."""
        self._leave(partial(self._attach, stream, outlet, opening, seen))

    def publish(self, event: Event) -> None:
        """Pass an event on to every stream that wants it, once, however often it arrives."""
        if self.open_streams:
            self._leave(partial(self._deliver, event))

    def release(self, stream: Stream) -> None:
        self._leave(partial(self._forget, stream))

    def renew(self) -> None:
        """Close all streams, a few at a time: their clients reconnect and catch up on what was missed."""
        if self.open_streams:
            self._leave(lambda: self._renewing.extend(self._streams))

    def stop(self) -> None:
        """Close every stream and end the threads."""
        with self._guard:
            thread, self._thread = self._thread, None
        if thread is not None and self._pid == os.getpid():
            self._leave(self._end)
            thread.join(5)

    def _leave(self, note: Callable[[], object]) -> None:
        self._notes.put(note)
        with contextlib.suppress(OSError):  # the bell rings already
            self._ringer.send(b"\0")

    def _start(self) -> None:
        if self._pid != os.getpid():
            self._reset()
        if self._thread is not None:
            return
        self._bell, self._ringer = socket.socketpair()
        self._bell.setblocking(False)
        self._ringer.setblocking(False)
        self._selector = selectors.DefaultSelector()
        self._selector.register(self._bell, selectors.EVENT_READ, None)
        self._running = True
        self._next_tick = time.monotonic()
        self._thread = threading.Thread(target=self._run, name="streams", daemon=True)
        self._thread.start()
        threading.Thread(target=self._check_rights, name="stream-rights", daemon=True).start()

    # ---- the keeper's thread

    def _run(self) -> None:
        while self._running:
            for key, mask in self._selector.select(self._wait()):
                if key.data is None:
                    self._silence_bell()
                else:
                    self._serve(key.data, mask)
            self._read_notes()
            if self._running:
                self._renew_some()
                self._tick()
        self._close()

    def _wait(self) -> float:
        return BREATH if self._renewing else max(0.0, self._next_tick - time.monotonic())

    def _silence_bell(self) -> None:
        with contextlib.suppress(BlockingIOError):
            while self._bell.recv(4096):
                pass

    def _read_notes(self) -> None:
        with contextlib.suppress(queue.Empty):
            while True:
                note = self._notes.get_nowait()
                try:
                    note()
                except Exception:
                    log.exception("A note to the streams failed.")

    def _attach(self, stream: Stream, outlet: Outlet, opening: bytes, seen: frozenset[str]) -> None:
        if stream not in self._streams:  # it waited too long for its socket
            outlet.close()
            return
        if isinstance(outlet, socket.socket):
            outlet.setblocking(False)
            self._selector.register(outlet, selectors.EVENT_READ, stream)
        self._settle(stream, stream.begin(outlet, opening, seen))

    def _deliver(self, event: Event) -> None:
        key = str(event["id"])
        if key in self._recent:
            return
        self._recent[key] = None
        if len(self._recent) > REMEMBERED:
            self._recent.popitem(last=False)
        frames: dict[Frame, bytes] = {}
        for stream in list(self._streams):
            try:
                self._settle(stream, _offer(stream, event, frames))
            except Exception:
                log.exception("A stream was closed: it could not take an event.")
                self._forget(stream)

    def _serve(self, stream: Stream, mask: int) -> None:
        left = bool(mask & selectors.EVENT_READ) and stream.has_left()
        self._settle(stream, not left and (not mask & selectors.EVENT_WRITE or stream.flush()))

    def _settle(self, stream: Stream, stays: bool) -> None:
        """After every attempt to send: close what failed, wait for room where something is left over."""
        if not stays:
            self._forget(stream)
        elif stream.socket is not None and stream.writing is not bool(stream.buffer):
            stream.writing = not stream.writing
            more = selectors.EVENT_WRITE if stream.writing else 0
            self._selector.modify(stream.socket, selectors.EVENT_READ | more, stream)

    def _forget(self, stream: Stream) -> None:
        if stream not in self._streams:
            return
        del self._streams[stream]
        with self._guard:
            self._open -= 1
        if stream.socket is not None:
            self._selector.unregister(stream.socket)
        stream.close()

    def _renew_some(self) -> None:
        for _ in range(min(RENEWED_AT_ONCE, len(self._renewing))):
            self._forget(self._renewing.popleft())

    def _tick(self) -> None:
        now = time.monotonic()
        if now < self._next_tick:
            return
        self._next_tick = now + self.pace.tick
        for stream in list(self._streams):
            self._settle(stream, stream.tend(now, self.pace))
            if stream.is_due_for_recheck(now, self.pace):
                stream.asked_at = now
                self._to_check.put(stream)

    def _end(self) -> None:
        self._running = False

    def _close(self) -> None:
        self._to_check.put(None)
        for stream in list(self._streams):
            self._forget(stream)
        self._selector.close()
        self._bell.close()
        self._ringer.close()

    # ---- the second thread

    def _check_rights(self) -> None:
        """A refusal closes the stream, and so does not knowing."""
        while (stream := self._to_check.get()) is not None:
            try:
                allowed = stream.still_allowed()
            except Exception:
                log.exception("The rights of a stream could not be checked; it was closed.")
                allowed = False
            if allowed:
                stream.allowed_at = time.monotonic()
            else:
                self.release(stream)


def _offer(stream: Stream, event: Event, frames: dict[Frame, bytes]) -> bool:
    """Whether the stream stays open; `frames` are those of this event made so far."""
    if not stream.wants(event):
        return True
    if stream.held is not None:
        return stream.hold(event)
    if stream.frame not in frames:
        frames[stream.frame] = stream.frame(event)
    return stream.send(frames[stream.frame])
