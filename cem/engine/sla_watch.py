"""What falls due is done: promises break, ladders go on, acknowledgements expire, owners hand over.

Each is one short transaction that looks again whether it still is due, so two sweeps at once, or one that
dies half-way, do nothing twice.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from datetime import datetime
from functools import cache
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Select, bindparam, func, select

from cem import clock
from cem.domain.actors import HUB
from cem.domain.vocabulary import CaseState, LedgerState, PromiseState
from cem.engine import case_steps as steps
from cem.engine import group_digest, group_ladder, ladder, owed, promise_steps, reopenings, swap_watch
from cem.engine.transaction import transaction
from cem.extensions import db
from cem.models import Case, CaseGroup, LedgerEntry, Promise, Swap, Task

log = logging.getLogger(__name__)

AT_ONCE: Final = 200
"""How many due things of a kind one sweep takes; the rest is due still at the next."""

_DUE_PROMISES = Promise.state == PromiseState.RUNNING
_DUE_WARNINGS = Promise.warn_at.is_not(None)
_DUE_STEPS = Case.state == CaseState.OPEN
_DUE_EXPIRIES = Case.acknowledgement_expires_at.is_not(None)
_DUE_GROUPS = CaseGroup.next_step_at.is_not(None)
_DUE_DIGESTS = CaseGroup.digest_at.is_not(None)
_LOOKED_AT = CaseGroup.ended_at.is_(None)
_DUE_OWED = (LedgerEntry.state == LedgerState.OWED) & LedgerEntry.case_id.is_(None)
_DUE_SWAPS = Swap.next_step_at.is_not(None)
_DUE_TASKS = Task.done_at.is_(None) & Task.set_aside_at.is_(None)


def sweep() -> int:
    """Do everything that is due now, the oldest first within each kind. How many things were done."""
    now = clock.now()
    db.session.rollback()
    any_due = db.session.connection().execute(_anything_due(), {"now": now}).one()
    due = [kind for kind, some in zip(kinds(), any_due, strict=True) if some]
    return sum(_try(done, id) for done, statement in due for id in _due(statement, now))


def _try(done: Callable[[UUID], bool], id: UUID) -> bool:
    """One thing that cannot be done must not keep all others waiting; `verify` finds it."""
    try:
        return done(id)
    except Exception:
        log.exception("%s of %s failed", done.__name__, id)
        return False


def next_due_at() -> datetime | None:
    """When the next thing falls due; None where nothing ever will by itself."""
    columns = (
        (Promise.due_at, _DUE_PROMISES),
        (Promise.warn_at, _DUE_WARNINGS),
        (Case.next_step_at, _DUE_STEPS),
        (CaseGroup.next_step_at, _DUE_GROUPS),
        (CaseGroup.digest_at, _DUE_DIGESTS),
        (CaseGroup.look_at, _LOOKED_AT),
        (Case.acknowledgement_expires_at, _DUE_EXPIRIES),
        (LedgerEntry.next_step_at, _DUE_OWED),
        (Swap.next_step_at, _DUE_SWAPS),
        (Task.available_at, _DUE_TASKS),
    )
    db.session.rollback()
    dues = [db.session.scalar(select(func.min(column)).where(live)) for column, live in columns]
    return min((due for due in dues if due is not None), default=None)


def break_promise(promise_id: UUID) -> bool:
    """A promise fell due and nobody had kept it. Recorded once, with the policy that made it."""
    with transaction() as tx:
        promise = tx.session.get(Promise, promise_id)
        if promise is None:
            return False
        case = steps.load(tx, promise.case_id)
        tx.session.refresh(promise)
        if promise.due_at > tx.now or not steps.breach(tx, case, promise):
            return False
        details = {"promise": promise.kind.value, "round": promise.round}
        steps.append(tx, case, "breached", HUB, case.state, details)
        steps.announce(tx, case)
        return True


def warn(promise_id: UUID) -> bool:
    """A part of a promise's time is used up: its owner is told, and the next warning is set."""
    with transaction() as tx:
        promise = tx.session.get(Promise, promise_id)
        if promise is None:
            return False
        case = steps.load(tx, promise.case_id)
        tx.session.refresh(promise)
        if promise.warn_at is None or promise.warn_at > tx.now:
            return False
        place = steps.place_of(tx, case)
        level = promise_steps.level_now(tx, place, promise) or promise.warn_level
        about = {"promise": promise.id, "promise_kind": promise.kind.value, "level": level}
        steps.announce(tx, case, "case.warned", **about, due=promise.due_at.isoformat())
        promise_steps.arm(tx, place, promise)
        return True


def kinds() -> Iterator[tuple[Callable[[UUID], bool], Callable[[datetime], Select[Any]]]]:
    yield (
        break_promise,
        lambda now: select(Promise.id).where(_DUE_PROMISES, Promise.due_at <= now).order_by(Promise.due_at),
    )
    yield (
        warn,
        lambda now: select(Promise.id).where(_DUE_WARNINGS, Promise.warn_at <= now).order_by(Promise.warn_at),
    )
    yield (
        reopenings.expire_acknowledgement,
        lambda now: select(Case.id).where(_DUE_EXPIRIES, Case.acknowledgement_expires_at <= now),
    )
    yield (  # before the cases: those of a group are paged with it
        group_ladder.escalate,
        lambda now: select(CaseGroup.id).where(_DUE_GROUPS, CaseGroup.next_step_at <= now),
    )
    yield (
        ladder.escalate,
        lambda now: select(Case.id).where(_DUE_STEPS, Case.next_step_at <= now).order_by(Case.next_step_at),
    )
    yield (
        owed.next_step,
        lambda now: select(LedgerEntry.feedback_id).where(_DUE_OWED, LedgerEntry.next_step_at <= now),
    )
    yield (
        group_digest.tell,
        lambda now: select(CaseGroup.id).where(_DUE_DIGESTS, CaseGroup.digest_at <= now),
    )
    yield (
        group_ladder.look,
        lambda now: select(CaseGroup.id).where(_LOOKED_AT, CaseGroup.look_at <= now),
    )
    yield (
        swap_watch.next_step,
        lambda now: select(Swap.id).where(_DUE_SWAPS, Swap.next_step_at <= now).order_by(Swap.next_step_at),
    )


@cache
def _anything_due() -> Select[Any]:
    """One question for all kinds: mostly nothing is due, and it is asked with every turn."""
    now: Any = bindparam("now")
    questions: list[Any] = [statement(now).order_by(None).exists() for _, statement in kinds()]
    return select(*questions)


def _due(statement: Callable[[datetime], Select[Any]], now: datetime) -> list[UUID]:
    db.session.rollback()
    return list(db.session.scalars(statement(now).limit(AT_ONCE)))
