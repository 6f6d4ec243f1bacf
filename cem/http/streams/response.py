"""The answer that opens a stream."""

from __future__ import annotations

import queue
from collections.abc import Iterable, Iterator
from functools import partial
from typing import Any

from flask import Response
from werkzeug.http import http_date

from cem.http.handover import CAN_HAND_OVER, HandOver
from cem.http.streams.keeper import Keeper
from cem.http.streams.stream import Stream

WAITING = 1_000  # batches of frames that a generator's client may lag behind


class StreamResponse(Response):
    """Hands the client's socket to the keeper; where the server cannot, it is a generator of frames."""

    def __init__(self, keeper: Keeper, stream: Stream, start: bytes, seen: frozenset[str]) -> None:
        super().__init__(mimetype="text/event-stream")
        self.headers["Cache-Control"] = "no-store"
        self.headers["X-Accel-Buffering"] = "no"  # nginx passes frames on at once
        self._keeper = keeper
        self._stream = stream
        self._attach = partial(keeper.attach, stream, seen=seen)
        self._start = start

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        if environ["REQUEST_METHOD"] == "HEAD":
            self._keeper.release(self._stream)
        elif environ.get(CAN_HAND_OVER):
            start = self._head(environ) + self._start
            return _Leaving(HandOver(lambda client: self._attach(client, opening=start)))
        else:
            self.response = self._generate()
        return super().__call__(environ, start_response)

    def _head(self, environ: dict[str, Any]) -> bytes:
        headers = self.get_wsgi_headers(environ)
        headers.set("Date", http_date())
        headers.set("Connection", "close")
        headers.remove("Content-Length")
        lines = [f"HTTP/1.1 {self.status}", *(f"{name}: {value}" for name, value in headers), "", ""]
        return "\r\n".join(lines).encode("latin-1")

    def _generate(self) -> Iterator[bytes]:
        outlet = _Waiting()
        self._attach(outlet, opening=self._start)
        try:
            yield from iter(outlet.frames.get, None)
        finally:
            self._keeper.release(self._stream)


class _Leaving:
    """A body that takes the socket along instead of being written by the server."""

    def __init__(self, wish: HandOver) -> None:
        self._wish = wish

    def __iter__(self) -> Iterator[bytes]:
        raise self._wish


class _Waiting:
    """An outlet that a generator empties; None ends it."""

    def __init__(self) -> None:
        self.frames: queue.Queue[bytes | None] = queue.Queue(WAITING)

    def send(self, frames: bytes | bytearray, /) -> int:
        try:
            self.frames.put_nowait(bytes(frames))
        except queue.Full:
            raise BrokenPipeError("the client does not read") from None
        return len(frames)

    def close(self) -> None:
        while True:
            try:
                self.frames.put_nowait(None)
                return
            except queue.Full:
                self.frames.get_nowait()
