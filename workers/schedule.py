"""The schedule: one process that sweeps what is due and relays the outbox, woken by every commit."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby
from typing import Final, Protocol

from redis import Redis
from redis.exceptions import RedisError
from rq import Queue
from rq.serializers import JSONSerializer

from cem.engine import audit, outbox, sla_watch
from cem.engine.outbox import Claim
from cem.extensions import db
from workers.handlers import effects

TICK: Final = 1.0  # seconds: the longest that anything due waits for its sweep
TOGETHER: Final = {"analyse": 128, "plan": 20, "deliver": 20}
"""How many tasks of a kind travel in one queue job."""
JOB_SECONDS: Final = 50  # less than the lease: a job that hangs is killed before its tasks are claimed again
KEEP_RESULT: Final = 0
KEEP_FAILURE: Final = 3600


class Queues(Protocol):
    """Where claimed tasks are handed to."""

    def answers(self) -> bool: ...

    def enqueue(self, queue: str, job: str, task_ids: Sequence[str]) -> None: ...


def turn(queues: Queues) -> int:
    """Sweep what is due, relay the outbox, seal the audit trail: once. How many things were moved."""
    try:
        return sla_watch.sweep() + outbox.expand(effects) + _relay(queues) + audit.seal()
    finally:
        db.session.remove()


def _relay(queues: Queues) -> int:
    """Claim what is due and hand it over. While the queue server is away nothing is claimed, so nothing waits
    for a lease to lapse once it is back."""
    if not queues.answers():
        return 0
    claims = sorted(outbox.claim(), key=lambda claim: (claim.queue, claim.job))
    for (queue, job), group in groupby(claims, key=lambda claim: (claim.queue, claim.job)):
        for batch in _batches(list(group), TOGETHER[job]):
            queues.enqueue(queue, job, [str(claim.id) for claim in batch])
    return len(claims)


def _batches(claims: Sequence[Claim], size: int) -> list[Sequence[Claim]]:
    return [claims[start : start + size] for start in range(0, len(claims), size)]


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
