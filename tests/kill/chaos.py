"""A compressed business under load whose processes are killed at random, and what must be true afterwards.

Customers send fifty feedbacks a second, staff take and answer cases, hours pass in seconds, and every few
seconds the web, a worker, the schedule or the queue server is killed.
"""

from __future__ import annotations

import random
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.client import HTTPException
from typing import Any, Final
from uuid import UUID

from sqlalchemy import func, or_, select

from cem import clock
from cem.domain.vocabulary import CaseState, DeliveryKind, DeliveryState, PromiseState
from cem.engine.outbox import LEASE
from cem.models import (
    Breach,
    Case,
    CaseEvent,
    Delivery,
    FindingsRow,
    GroupMember,
    OutboxRow,
    Promise,
    Task,
)
from tests.house import SATISFIED, TOKENS, VALUED, VERY_BAD, House, said
from tests.kill.storm import Storm, nothing_lost_nothing_doubled, storm
from tests.processes.eventually import eventually

A_SECOND: Final = 50
SENDERS: Final = 10
VICTIMS: Final = ("web", "schedule", "queue", "notify", "nlp", "outside")
WORDS: Final = "隔壁太吵，没人管，前台态度也很差。"
PAGES: Final = (DeliveryKind.PAGE, DeliveryKind.ESCALATION, DeliveryKind.GROUP)


_pause: Final = threading.Event()


@dataclass
class Chaos:
    """What happened."""

    kills: dict[str, int] = field(default_factory=dict)
    taken: int = 0
    answered: int = 0
    stored: int = 0


def of_a_business(number: int) -> dict[str, Any]:
    """Most are satisfied; now and then somebody is not, writes, or matters."""
    at = "front-desk" if number % 2 else "room"
    return {
        3: VERY_BAD | {"touchpoint": at},
        17: VALUED,
        29: said(f"{WORDS} {number}"),
    }.get(number % 40, SATISFIED)


def chaos(here: House, seconds: float, seed: int) -> Chaos:
    """Let it happen for so long, then prove that nothing of it was lost."""
    dice, happened = random.Random(seed), Chaos()
    before, known = here.stored(), {id for (id,) in here.rows(select(Case.id))}
    pause = SENDERS / A_SECOND
    customers = storm(here.hub, of_a_business, f"chaos{seed}", senders=SENDERS, pause=pause)
    with customers as blowing, _staff(here, happened):
        _kill_at_random(here, seconds, dice, happened)
    stored = here.stored() - before
    happened.stored = len(stored)
    nothing_lost_nothing_doubled(here.hub, stored, blowing)
    assert len(stored) == len(blowing.sent)
    _comes_to_rest(here)
    proved(here, stored, {id for (id,) in here.rows(select(Case.id))} - known, blowing)
    return happened


def _kill_at_random(here: House, seconds: float, dice: random.Random, happened: Chaos) -> None:
    """In rounds, each in another order, so that none is spared."""
    over, waiting = time.monotonic() + seconds, list[str]()
    while time.monotonic() < over:
        _pause.wait(dice.uniform(0.5, 2.5))
        waiting = waiting or dice.sample(VICTIMS, len(VICTIMS))
        victim = waiting.pop()
        here.kills(victim)
        happened.kills[victim] = happened.kills.get(victim, 0) + 1
        here.time_passes(minutes=dice.uniform(0, 4))


def _comes_to_rest(here: House) -> None:
    """What is due is done. What a killed process had claimed is free when its lease lapses; what waits for
    opening hours may wait."""
    for _ in range(4):
        with suppress(AssertionError):
            eventually(lambda: not left(here), within=20, every=0.2)
            return
        here.time_passes(seconds=LEASE.total_seconds() + 1)
    eventually(lambda: not left(here), within=60, every=0.2)


def left(here: House) -> dict[str, int]:
    """Effects that are due, or claimed by somebody, by their job."""
    soon = clock.now() + LEASE
    live = (Task.done_at.is_(None), Task.set_aside_at.is_(None))
    at_work = or_(Task.claimed_at.is_not(None), Task.available_at <= soon)
    tasks = select(Task.job, func.count()).where(*live, at_work).group_by(Task.job)
    found = {job: int(count) for job, count in here.rows(tasks)}
    events = here.count(select(OutboxRow.id).where(OutboxRow.expanded_at.is_(None)))
    promises = here.count(
        select(Promise.id).where(Promise.state == PromiseState.RUNNING, Promise.due_at < clock.now())
    )
    return found | {name: count for name, count in (("events", events), ("promises", promises)) if count}


@contextmanager
def _staff(here: House, happened: Chaos) -> Iterator[None]:
    """Somebody takes what is open and answers what was taken, as far as the hub answers."""
    over = threading.Event()
    person = threading.Thread(target=_work, args=(here, over, happened))
    person.start()
    try:
        yield
    finally:
        over.set()
        person.join(60)


def _work(here: House, over: threading.Event, happened: Chaos) -> None:
    while not over.wait(0.5):
        with suppress(HTTPException, OSError, ValueError):
            for case in here.hub.get("/api/v1/cases?state=open&limit=4", TOKENS[-1]).json["items"][1:]:
                taken = here.hub.post(f"/api/v1/cases/{case['id']}/acknowledgement", {}, TOKENS[-1])
                happened.taken += taken.status == 200
            for group in here.hub.get("/api/v1/groups", TOKENS[-1]).json["items"][:1]:
                here.hub.post(f"/api/v1/groups/{group['id']}/acknowledgement", {}, TOKENS[-1])
            for case in here.hub.get("/api/v1/cases?state=acknowledged&limit=2", TOKENS[-1]).json["items"]:
                body = {"text": "We are sorry.", "via": "message"}
                address = f"/api/v1/feedback/{case['feedback_id']}/replies"
                happened.answered += here.hub.post(address, body, TOKENS[-1]).status == 200


def proved(here: House, stored: set[UUID], cases: set[UUID], blowing: Storm) -> None:
    """`cem verify` is clean, no page lost, none doubled, every promise that fell due kept or recorded."""
    assert blowing.acknowledged
    nothing_was_given_up(here)
    every_text_is_understood_once(here, stored)
    no_page_is_doubled(here, cases)
    no_page_is_lost(here, cases)
    every_promise_that_fell_due_is_kept_or_recorded(here, cases)
    here.is_whole()


def nothing_was_given_up(here: House) -> None:
    aside = select(Task.job, Task.error, func.count()).where(Task.set_aside_at.is_not(None))
    found = here.rows(aside.group_by(Task.job, Task.error))
    assert not found, f"given up: {found}"


def every_text_is_understood_once(here: House, stored: set[UUID]) -> None:
    count = select(FindingsRow.feedback_id, func.count()).group_by(FindingsRow.feedback_id)
    assert {times for id, times in here.rows(count) if id in stored} <= {1}


def no_page_is_doubled(here: House, cases: set[UUID]) -> None:
    """One message to one person for one step of one round of a ladder: as many as the history says."""
    told = select(Delivery.case_id, func.count()).where(
        Delivery.kind.in_(PAGES), Delivery.case_id.is_not(None), Delivery.sent_at.is_not(None)
    )
    asked = select(CaseEvent.case_id, func.count()).where(
        CaseEvent.kind.in_(("paged", "escalated", "opened"))
    )
    asked_of = dict(here.rows(asked.group_by(CaseEvent.case_id)))
    for case, times in here.rows(told.group_by(Delivery.case_id)):
        if case in cases:
            assert times <= asked_of[case], f"case {case} was paged {times} times, asked for {asked_of[case]}"


def no_page_is_lost(here: House, cases: set[UUID]) -> None:
    """Each case was paged, by itself or with its group, unless somebody had taken it, or all of that."""
    planned = {
        case for (case,) in here.rows(select(Delivery.case_id).where(Delivery.kind.in_(PAGES))) if case
    }
    group_of = dict(here.rows(select(GroupMember.case_id, GroupMember.group_id)))
    first = select(CaseEvent.case_id).where(CaseEvent.kind == "acknowledged")
    taken = {case for (case,) in here.rows(first)}
    lost = cases - planned - group_of.keys() - taken
    events = here.rows(select(CaseEvent.case_id, CaseEvent.kind, CaseEvent.at)) if lost else []
    told = {case: [(kind, str(at)) for id, kind, at in events if id == case] for case in list(lost)[:3]}
    assert not lost, f"nobody was paged for {len(lost)} cases, such as {told}"
    left_to_wait = {group for case, group in group_of.items() if case not in taken}
    paged = select(Delivery.group_id).where(Delivery.kind == DeliveryKind.GROUP)
    assert left_to_wait <= {group for (group,) in here.rows(paged)}
    waiting = select(Delivery.id).where(Delivery.state.in_((DeliveryState.PENDING, DeliveryState.HELD)))
    assert here.count(waiting) == 0


def every_promise_that_fell_due_is_kept_or_recorded(here: House, cases: set[UUID]) -> None:
    recorded = {promise for (promise,) in here.rows(select(Breach.promise_id))}
    columns = (Promise.id, Promise.case_id, Promise.state, Promise.due_at, Promise.fulfilled_at)
    due = here.rows(select(*columns).where(Promise.due_at < clock.now(), Promise.ended_at.is_(None)))
    for promise in due:
        if promise.case_id not in cases or promise.state is PromiseState.PAUSED:
            continue
        kept = promise.state is PromiseState.MET and promise.fulfilled_at <= promise.due_at
        assert kept or promise.id in recorded, (
            f"promise {promise.id} is {promise.state}, due {promise.due_at}"
        )
    unpaged = select(Case.id).where(Case.state == CaseState.OPEN, Case.next_step_at.is_(None))
    assert here.count(unpaged) == 0
