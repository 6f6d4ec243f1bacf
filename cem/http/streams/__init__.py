"""Server push. A view opens a stream; whoever has committed publishes.

    streams.open(wants=..., still_allowed=..., backlog=...)   in a view
    streams.of(app).publish(event)                            after a commit

With `cem.http.server` an open stream holds no request thread and no database connection. Any other WSGI
server (Flask's test client) gets the same frames from a generator.
"""

from __future__ import annotations

import os
import random
import threading
from collections.abc import Callable, Iterable

from flask import Flask, Response, current_app

from cem.http.streams import frames as spelling
from cem.http.streams.frames import Event, Frame, frame
from cem.http.streams.keeper import Keeper
from cem.http.streams.listener import Listener
from cem.http.streams.response import StreamResponse
from cem.http.streams.stream import Pace

__all__ = ["Event", "Pace", "Streams", "frame", "init_app", "of", "open"]

RETRY_MS = (1_000, 3_000)  # clients wait differently long, so that they do not all come back at once
FULL_RETRY_S = 10
HEARING = 0.5  # seconds that the first stream waits for the queue server to be heard


class Streams:
    """The open streams of one application. `url` is the queue server's, or None to hear this process only."""

    def __init__(self, url: str | None, limit: int = 2_000, pace: Pace | None = None) -> None:
        self.keeper = Keeper(limit, pace)
        self._url = url
        self._listener: Listener | None = None
        self._pid = 0
        self._guard = threading.Lock()

    def publish(self, event: Event) -> None:
        """Tell the streams of this process at once; the same event heard again is not repeated."""
        self.keeper.publish(event)

    def open(
        self,
        wants: Callable[[Event], bool],
        still_allowed: Callable[[], bool],
        backlog: Iterable[Event] = (),
        spell: Frame = frame,
    ) -> Response:
        """The answer to a request for a stream, or 503 when there are too many (the page polls then).

        `backlog` are the events since `Last-Event-ID`, oldest first; given as a generator it is read after
        the stream has begun to listen, so that nothing falls between. `wants` must not touch the database;
        `still_allowed` may, and runs in an application context of its own.
        """
        self._hear()
        stream = self.keeper.reserve(wants, _in_context(still_allowed), spell)
        if stream is None:
            return Response(status=503, headers={"Retry-After": str(FULL_RETRY_S)})
        try:
            missed = list(backlog)
        except BaseException:
            self.keeper.release(stream)
            raise
        start = b"".join([spelling.opening(random.randint(*RETRY_MS)), *map(spell, missed)])  # noqa: S311
        seen = frozenset(str(event["id"]) for event in missed)
        return StreamResponse(self.keeper, stream, start, seen)

    def stop(self) -> None:
        self.keeper.stop()
        if self._listener is not None:
            self._listener.stop()
            self._listener = None

    def _hear(self) -> None:
        """Begin to hear other processes, with the first stream and in the process that has it."""
        if self._url is None:
            return
        with self._guard:
            if self._listener is None or self._pid != os.getpid():
                self._pid = os.getpid()
                self._listener = Listener(self._url, self.keeper.publish, self.keeper.renew)
        self._listener.tried.wait(HEARING)


def init_app(app: Flask, url: str | None, limit: int = 2_000, pace: Pace | None = None) -> Streams:
    """Give `app` its streams; threads start with the first one that is opened."""
    app.extensions["cem_streams"] = streams = Streams(url, limit, pace)
    return streams


def of(app: Flask) -> Streams:
    streams: Streams = app.extensions["cem_streams"]
    return streams


def open(
    wants: Callable[[Event], bool],
    still_allowed: Callable[[], bool],
    backlog: Iterable[Event] = (),
    spell: Frame = frame,
) -> Response:
    """`Streams.open` of the current application."""
    return of(current_app).open(wants, still_allowed, backlog, spell)


def _in_context(still_allowed: Callable[[], bool]) -> Callable[[], bool]:
    app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]

    def ask() -> bool:
        with app.app_context():
            return still_allowed()

    return ask
