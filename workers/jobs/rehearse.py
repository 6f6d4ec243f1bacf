"""A draft is played against the past, a part at a time, so that no text waits for it for long."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from uuid import UUID

from rq.timeouts import JobTimeoutException
from sqlalchemy.exc import OperationalError

from cem.engine import rehearsals
from cem.engine.outbox import Claim

log = logging.getLogger(__name__)


def run(claims: Sequence[Claim]) -> None:
    for claim in claims:
        _go_on(UUID(claim.ids["rehearsal"]))


def _go_on(rehearsal_id: UUID) -> None:
    try:
        rehearsals.go_on(rehearsal_id)
    except (JobTimeoutException, OperationalError):
        raise  # a machine that is busy: the part is tried again
    except Exception as error:
        log.exception("rehearsal %s can't go on", rehearsal_id)
        rehearsals.fail(rehearsal_id, type(error).__name__)
