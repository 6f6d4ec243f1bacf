"""The schedule: one process that sweeps what is due and relays the outbox, woken by every commit."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import timedelta
from itertools import groupby
from typing import Final, Protocol

from cem.engine import assistant_log, audit, looks, outbox, reconciler, sla_watch
from cem.engine.outbox import Claim, Pace
from cem.extensions import db
from cem.queues import NLP
from workers.handlers import effects

TICK: Final = 1.0  # seconds: the longest that anything due waits for its sweep
REST: Final = 0.02
"""Seconds between two turns: what comes within them shares one commit, and does not hold up intake's."""
REST_FOR_EACH: Final = 0.005
LONGEST_REST: Final = 0.1
"""Where much moves, more of it is waited for: a turn and a job cost as much for one thing as for twenty."""
TOGETHER: Final = {
    "analyse": 128,
    "reread": 1,
    "refit": 1,
    "measure_drift": 1,
    "rehearse": 1,
    "find_phrases": 1,
    "plan": 20,
    "deliver": 20,
    "send": 20,
    "tell": 50,
    "take_group": 1,
    "go_on": 1,
    "prove": 1,
}
"""How many tasks of a kind travel in one queue job. One that comes again travels alone: it may be the one
that ends whoever does it."""
PACES: Final = {NLP: Pace(TOGETHER["analyse"], timedelta(seconds=0.2), ahead=4 * TOGETHER["analyse"])}
"""Texts are read together while the model is busy, and one by one while it is idle."""
SOON: Final = 0.1  # seconds until the next look while something is held back


class Queues(Protocol):
    """Where claimed tasks are handed to."""

    def answers(self) -> bool: ...

    def enqueue(self, queue: str, job: str, task_ids: Sequence[str]) -> None: ...


def turn(queues: Queues) -> int:
    """Sweep what is due and relay the outbox; when that is done, seal the audit trail. How much moved."""
    try:
        return (
            sla_watch.sweep() + _relay(queues)
            or audit.seal()
            or int(reconciler.reconcile_if_due() or looks.ask_if_due())
            or assistant_log.erase_if_due()
        )
    finally:
        db.session.remove()


def rest_after(moved: int) -> float:
    """Seconds until the next turn after one in which so much moved."""
    return min(LONGEST_REST, max(REST, moved * REST_FOR_EACH))


def pause() -> float:
    """Seconds until the next turn, unless somebody commits before."""
    try:
        return SOON if outbox.held_back(PACES) else TICK
    finally:
        db.session.remove()


def _relay(queues: Queues) -> int:
    """Hand over what is due. While the queue server is away nothing is claimed, so nothing waits for a lease
    to lapse once it is back."""
    if not queues.answers():
        return 0
    expanded, claims = outbox.relay(effects, PACES)
    claims.sort(key=lambda claim: (claim.queue, claim.job, claim.id))  # what was planned first goes first
    for (queue, job), group in groupby(claims, key=lambda claim: (claim.queue, claim.job)):
        for batch in _batches(list(group), TOGETHER[job]):
            queues.enqueue(queue, job, [str(claim.id) for claim in batch])
    return expanded + len(claims)


def _batches(claims: Sequence[Claim], size: int) -> Iterator[Sequence[Claim]]:
    again = [claim for claim in claims if claim.attempts > 1]
    first = [claim for claim in claims if claim.attempts == 1]
    yield from ([claim] for claim in again)
    yield from (first[start : start + size] for start in range(0, len(first), size))
