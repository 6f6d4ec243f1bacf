"""The promises of a case stop, run on and begin again, always by replay of the case's history."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import insert

from cem.domain import calendars, sla
from cem.domain.vocabulary import Hours, PauseReason, PromiseKind, PromiseState
from cem.engine import case_steps as steps
from cem.engine import promise_steps, stopping
from cem.engine.transaction import Tx
from cem.ids import new_id
from cem.models import Case, Pause, Promise


def pause(tx: Tx, case: Case, reason: PauseReason) -> None:
    """Stop every running promise. One that fell due a moment ago is broken first, not saved by the pause."""
    row = {"id": new_id(tx.now), "case_id": case.id, "reason": reason, "started_at": tx.now}
    tx.session.execute(insert(Pause), [row])
    for promise in steps.unfulfilled(tx, case):
        if promise.state is not PromiseState.RUNNING:
            continue
        if tx.now >= promise.due_at:
            steps.breach(tx, case, promise)
        else:
            promise_steps.set_promise(tx, promise, state=PromiseState.PAUSED, paused_because=reason)
            stopping.stop_warnings(tx, case.id, promise.id)


def resume(tx: Tx, case: Case) -> None:
    """End the pause, and give every paused promise the due time that its history asks for."""
    steps.end_pause(tx, case)
    place = steps.place_of(tx, case)
    for promise in steps.unfulfilled(tx, case):
        if promise.state is PromiseState.PAUSED:
            clock, calendar = promise_steps.clock_of(tx, promise), promise_steps.calendar_of(place, promise)
            due_at = sla.due_at(clock, calendar)
            assert due_at is not None, "no pause lasts any more"
            running = {"state": PromiseState.RUNNING, "paused_because": None, "due_at": due_at}
            promise_steps.set_promise(tx, promise, **running)
            promise_steps.arm(tx, place, promise)


def promise_again(tx: Tx, case: Case) -> Promise:
    """A second promise to resolve, with what the first had left; that one stays as it ended."""
    rounds = [p for p in case.promises if p.kind is PromiseKind.RESOLVE]
    last = max(rounds, key=lambda promise: promise.round)
    place = steps.place_of(tx, case)
    calendar = promise_steps.calendar_of(place, last)
    used = sla.standing(promise_steps.clock_of(tx, last), calendar, last.ended_at or tx.now).elapsed
    target = sla.reopened_target(last.target, used)
    row = Promise(
        id=new_id(tx.now),
        case_id=case.id,
        kind=PromiseKind.RESOLVE,
        round=last.round + 1,
        target_seconds=int(target / timedelta(seconds=1)),
        hours=last.hours,
        started_at=tx.now,
        due_at=calendars.due_at(tx.now, target, calendar if last.hours is Hours.BUSINESS else None),
        state=PromiseState.RUNNING,
    )
    tx.session.add(row)
    tx.session.flush()
    promise_steps.arm(tx, place, row)
    tx.session.expire(case, ["promises"])
    return row
