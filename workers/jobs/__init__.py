"""The effects of events. Each may run twice and has one effect; each reads the rows again."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from typing import Final
from uuid import UUID

from cem.engine import outbox
from cem.engine.outbox import Claim
from cem.extensions import db
from workers.jobs import analyse, deliver, plan, send, tell

log = logging.getLogger(__name__)

Job = Callable[[Sequence[Claim]], None]

JOBS: Final[dict[str, Job]] = {
    "analyse": analyse.run,
    "plan": plan.run,
    "deliver": deliver.run,
    "send": send.run,
    "tell": tell.run,
}


def run(job: str, task_ids: Sequence[str]) -> None:
    """Do these tasks together; where that fails, one by one, so that a bad one stops only itself."""
    try:
        _run(job, outbox.claimed([UUID(id) for id in task_ids]))
    finally:
        db.session.remove()


def _run(job: str, claims: Sequence[Claim]) -> None:
    if not claims:
        return
    try:
        JOBS[job](claims)
        outbox.finish([claim.id for claim in claims])
    except Exception as error:
        if len(claims) == 1:
            log.exception("task %s (%s) failed", claims[0].id, job)
            outbox.fail(claims[0], type(error).__name__)  # its words may hold a customer's
            return
        for claim in claims:
            _run(job, [claim])
