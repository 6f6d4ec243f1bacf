"""The queue server as the background sees it: a patient client, and jobs that carry task ids alone."""

from __future__ import annotations

import signal
from collections.abc import Sequence
from typing import Final

from redis import Redis
from redis.backoff import ExponentialBackoff
from redis.exceptions import RedisError
from redis.retry import Retry
from rq import Queue
from rq.serializers import JSONSerializer

from cem.http.live import NUDGE

WORKER_SECONDS: Final = 25  # how long a worker waits for a job before it says again that it lives
JOB_SECONDS: Final = 50  # less than the lease: a job that hangs is killed before its tasks are claimed again
KEEP_RESULT: Final = 0
KEEP_FAILURE: Final = 3600


def client(queue_url: str, *, patience: float = WORKER_SECONDS + 10, tries: int = 5) -> Redis:
    """A client for background work: it may wait, unlike the one that the request path uses.

    `patience` is how many seconds a server that hangs may hold it up, each time.
    """
    retry = Retry(ExponentialBackoff(cap=1, base=0.05), tries)
    return Redis.from_url(queue_url, socket_timeout=patience, socket_connect_timeout=2, retry=retry)


class QueueServer:
    """Hands jobs to RQ. What it loses is claimed again when its lease lapses."""

    def __init__(self, client: Redis) -> None:
        self._client = client
        self._queues: dict[str, Queue] = {}

    def enqueue(self, queue: str, job: str, task_ids: Sequence[str]) -> None:
        into = self._queues.setdefault(
            queue, Queue(queue, connection=self._client, serializer=JSONSerializer)
        )
        into.enqueue(
            "workers.jobs.run",
            job,
            list(task_ids),
            job_timeout=JOB_SECONDS,
            result_ttl=KEEP_RESULT,
            failure_ttl=KEEP_FAILURE,
        )

    def answers(self) -> bool:
        try:
            return bool(self._client.ping())
        except (RedisError, OSError):
            return False


class Nudges:
    """Sleeps until somebody has committed, or the time is up."""

    def __init__(self, queue_url: str) -> None:
        self._client = client(queue_url)
        self._channel = self._client.pubsub(ignore_subscribe_messages=True)
        self._listening = False

    def __enter__(self) -> Nudges:
        return self

    def __exit__(self, *_: object) -> None:
        self._channel.close()
        self._client.close()

    def wait(self, seconds: float) -> None:
        try:
            if not self._listening:
                self._channel.subscribe(NUDGE)
                self._listening = True
            self._channel.get_message(timeout=seconds)
            while self._channel.get_message(timeout=0) is not None:
                pass  # several commits are one reason to look
        except (RedisError, OSError):
            self._listening = False
            signal.sigtimedwait([], seconds)
