"""What came from one address lately: a keyed hash of it stays an hour in the queue server, nowhere else.

Whatever the queue server does, feedback is stored: without it nobody is told that texts share an address.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final
from uuid import UUID

from flask import current_app
from redis import Redis
from redis.backoff import NoBackoff
from redis.exceptions import RedisError
from redis.retry import Retry

KEPT: Final = 3600
"""Seconds after the last text from an address."""
MOST: Final = 200


class Senders:
    def __init__(self, client: Redis) -> None:
        self._client = client

    def note(self, feedback_id: UUID, sender: str) -> None:
        """This text came from there; each prolongs the hour of those before it."""
        sent = f"cem:sent:{sender}"
        try:
            with self._client.pipeline(transaction=False) as pipeline:
                pipeline.set(f"cem:sender:{feedback_id}", sender, ex=KEPT)
                pipeline.lpush(sent, str(feedback_id))
                pipeline.ltrim(sent, 0, MOST - 1)
                pipeline.expire(sent, KEPT)
                pipeline.execute()
        except (RedisError, OSError):
            return

    def sent_with(self, ids: Sequence[UUID]) -> dict[UUID, list[UUID]]:
        """What came from the same address as each of these, as far as that is still known."""
        try:
            found = self._client.mget([f"cem:sender:{id}" for id in ids]) if ids else []
            senders = {id: str(raw) for id, raw in zip(ids, found, strict=True) if raw}
            lists = {
                sender: [UUID(str(raw)) for raw in self._client.lrange(f"cem:sent:{sender}", 0, -1)]
                for sender in set(senders.values())
            }
        except (RedisError, OSError):
            return {}
        return {id: lists[sender] for id, sender in senders.items()}


def senders() -> Senders:
    """This application's own; it gives up at once where the queue server does not answer."""
    if (found := current_app.extensions.get("cem_senders")) is None:
        url = current_app.extensions["cem_settings"].queue_url
        quick = Retry(NoBackoff(), 0)
        patience = {"socket_timeout": 0.05, "socket_connect_timeout": 0.05}
        client = Redis.from_url(url, decode_responses=True, retry=quick, **patience)
        found = current_app.extensions["cem_senders"] = Senders(client)
    kept: Senders = found
    return kept
