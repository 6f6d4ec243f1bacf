"""Hears on the queue server what other processes published, for as long as this process lives."""

from __future__ import annotations

import json
import logging
import threading
from collections.abc import Callable
from typing import Any

from redis import Redis
from redis.backoff import NoBackoff
from redis.exceptions import RedisError
from redis.retry import Retry

from cem.http.streams.frames import Event

log = logging.getLogger("cem.streams")

CHANNEL = "cem:live"
FIRST_PAUSE, LONGEST_PAUSE = 0.1, 2.0  # seconds between two attempts to reach the queue server
LOOK_UP = 1.0  # seconds after which it looks whether it should stop


class Listener:
    """Calls `publish` for each event, and `renew` whenever it begins to hear.

    Before that moment something may have been missed, so whoever listens already has to catch up.
    """

    def __init__(self, url: str, publish: Callable[[Event], object], renew: Callable[[], object]) -> None:
        self._url = url
        self._publish = publish
        self._renew = renew
        self._pause = FIRST_PAUSE
        self._stopped = threading.Event()
        self.tried = threading.Event()  # it hears, or has found that nobody is there
        self._thread = threading.Thread(target=self._run, name="live", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        self._stopped.set()

    def _run(self) -> None:
        while not self._stopped.is_set():
            try:
                self._hear()
            except (RedisError, OSError) as trouble:
                level = logging.WARNING if self._pause == FIRST_PAUSE else logging.DEBUG
                log.log(level, "The queue server is not heard, only this process is: %s", trouble)
            self.tried.set()
            self._stopped.wait(self._pause)
            self._pause = min(LONGEST_PAUSE, self._pause * 2)

    def _hear(self) -> None:
        client = Redis.from_url(
            self._url, socket_connect_timeout=0.5, socket_timeout=5, retry=Retry(NoBackoff(), 0)
        )
        with client, client.pubsub() as live:
            live.subscribe(CHANNEL)
            while not self._stopped.is_set():
                message = live.get_message(timeout=LOOK_UP)
                if message is not None:
                    self._take(message)

    def _take(self, message: dict[str, Any]) -> None:
        if message["type"] == "subscribe":
            self._pause = FIRST_PAUSE
            self._renew()
            self.tried.set()
        elif message["type"] == "message":
            for event in _parsed(message["data"]):
                self._publish(event)


def _parsed(raw: bytes) -> list[Event]:
    """The events of one commit, which are one message."""
    try:
        events = json.loads(raw)
    except ValueError:
        events = None
    if isinstance(events, list) and all(_is_event(each) for each in events):
        return events
    log.warning("A live message was no list of events and was left out.")
    return []


def _is_event(candidate: object) -> bool:
    return isinstance(candidate, dict) and "id" in candidate and "kind" in candidate
