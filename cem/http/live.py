"""Straight after a commit: tell the streams of this process, and through the queue server everybody else.

The outbox holds the truth. When the queue server is away, this costs a few milliseconds and nothing is lost.
"""

from __future__ import annotations

import json
import logging
import time
from typing import Final

from flask import Flask
from redis import Redis
from redis.backoff import NoBackoff
from redis.exceptions import RedisError
from redis.retry import Retry

from cem.engine.transaction import Event, after_commit, to_be_relayed
from cem.http import streams

CHANNEL: Final = "cem:live"
NUDGE: Final = "cem:nudge"
"""The relay sleeps until somebody publishes here, or until its second is over."""
_AWAY: Final = 1.0  # seconds without a new try, once the queue server did not answer

log = logging.getLogger(__name__)


def init_app(app: Flask, queue_url: str, stream_limit: int) -> None:
    hub = streams.init_app(app, queue_url, stream_limit)
    publisher = Publisher(queue_url)

    def publish(events: list[Event]) -> None:
        for event in events:
            hub.publish(event)
        publisher.publish(events)

    after_commit(publish)


class Publisher:
    """A client that gives up at once: 50 ms, no second try, and silence for a second after a failure."""

    def __init__(self, url: str) -> None:
        self._client = Redis.from_url(
            url, socket_timeout=0.05, socket_connect_timeout=0.05, retry=Retry(NoBackoff(), 0)
        )
        self._quiet_until = 0.0

    def publish(self, events: list[Event]) -> None:
        if time.monotonic() < self._quiet_until:
            return
        try:
            with self._client.pipeline(transaction=False) as pipeline:
                pipeline.publish(CHANNEL, json.dumps(events))
                if to_be_relayed(events):
                    pipeline.publish(NUDGE, "1")
                pipeline.execute()
        except (RedisError, OSError):
            self._quiet_until = time.monotonic() + _AWAY
            log.warning("the queue server does not answer; the relay will catch up")
