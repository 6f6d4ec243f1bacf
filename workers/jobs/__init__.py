"""The effects of events. Each may run twice and has one effect; each reads the rows again."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from typing import Final
from uuid import UUID

from rq.timeouts import JobTimeoutException

from cem.engine import outbox
from cem.engine.outbox import Claim
from cem.extensions import db
from workers.jobs import analyse, deliver, go_on, look, plan, prove, refit, rehearse, send, take_group, tell

log = logging.getLogger(__name__)

Job = Callable[[Sequence[Claim]], None]

JOBS: Final[dict[str, Job]] = {
    "analyse": analyse.run,
    "reread": analyse.reread,
    "refit": refit.run,
    "measure_drift": look.measure_drift,
    "rehearse": rehearse.run,
    "find_phrases": look.find_phrases,
    "plan": plan.run,
    "prove": prove.run,
    "deliver": deliver.run,
    "send": send.run,
    "go_on": go_on.run,
    "take_group": take_group.run,
    "tell": tell.run,
}


def run(job: str, task_ids: Sequence[str]) -> None:
    """Do these tasks together; where that fails, one by one, so that a bad one stops only itself."""
    try:
        _run(job, outbox.begin([UUID(id) for id in task_ids]))
    finally:
        db.session.remove()


def _run(job: str, claims: Sequence[Claim]) -> None:
    if not claims:
        return
    try:
        JOBS[job](claims)
        outbox.finish([claim.id for claim in claims])
    except JobTimeoutException:
        for claim in claims:  # nobody watches the time any more: each comes again, alone
            outbox.fail(claim, outbox.TOO_LONG)
    except Exception as error:
        if len(claims) == 1:
            log.exception("task %s (%s) failed", claims[0].id, job)
            outbox.fail(claims[0], _why(error))
            return
        for claim in claims:
            _run(job, [claim])


def _why(error: Exception) -> str:
    """Its kind alone: its words may hold a customer's."""
    return type(error).__name__
