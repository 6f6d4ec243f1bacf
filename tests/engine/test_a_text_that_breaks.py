"""A text that breaks whoever reads it comes again alone, is set aside with its reason, and stops no other."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

import pytest
from rq.timeouts import JobTimeoutException

from cem import clock
from cem.engine import outbox, set_aside
from cem.extensions import db
from cem.models import FindingsRow, Task
from tests.world import Inline, World
from workers import jobs
from workers.jobs import analyse

BREAKS = "这一条谁也读不了"
LAPSED = outbox.LEASE.total_seconds() + 1


def given_up() -> list[tuple[str, str | None]]:
    db.session.rollback()
    rows = db.session.scalars(db.select(Task).where(Task.set_aside_at.is_not(None)))
    return [(task.job, task.error) for task in rows]


def understood() -> int:
    db.session.rollback()
    return len(db.session.scalars(db.select(FindingsRow)).all())


def breaks(world: World, monkeypatch: pytest.MonkeyPatch, error: BaseException) -> list[int]:
    """Reading this one text raises; how many were read together with it, each time."""
    victim = world.say(BREAKS).feedback_id
    together: list[int] = []
    real = analyse.read

    def read(reader: object, ids: Sequence[UUID]) -> None:
        if victim in ids:
            together.append(len(ids))
            raise error
        real(reader, ids)  # type: ignore[arg-type]

    monkeypatch.setattr(analyse, "read", read)
    return together


def test_one_that_raises_is_tried_three_times_and_the_others_are_read_at_once(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    together = breaks(world, monkeypatch, RuntimeError(BREAKS))
    for number in range(4):
        world.say(f"很好吃 {number}")
    world.settle()
    assert understood() == 4
    world.fast_forward(minutes=2)
    assert together == [5, 1, 1, 1]
    assert given_up() == [("analyse", "RuntimeError")], "its kind, never its words"


def test_one_that_takes_too_long_comes_again_alone(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    together = breaks(world, monkeypatch, JobTimeoutException())
    for number in range(4):
        world.say(f"很好吃 {number}")
    world.fast_forward(minutes=2)
    assert together == [5, 1, 1]
    assert understood() == 4
    assert given_up() == [("analyse", outbox.TOO_LONG)]


def test_one_that_ends_its_worker_each_time_is_set_aside_and_the_others_are_read(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    victim = str(world.say(BREAKS).feedback_id)
    deaths: list[int] = []
    run = jobs.run

    def dies(job: str, task_ids: Sequence[str]) -> None:
        claims = outbox.claimed([UUID(id) for id in task_ids])
        hit = [claim for claim in claims if job == "analyse" and claim.ids["feedback"] == victim]
        if hit and hit[0].tries < outbox.TRIES:
            outbox.begin([claim.id for claim in claims])
            deaths.append(len(claims))  # nothing is reported, nothing is done, the lease lapses
            return
        run(job, task_ids)

    monkeypatch.setattr(jobs, "run", dies)
    for number in range(4):
        world.say(f"很好吃 {number}")
    world.settle()
    assert understood() == 0
    world.fast_forward(seconds=LAPSED)
    assert understood() == 4
    for _ in range(4):
        world.fast_forward(seconds=LAPSED)
    assert deaths == [5, 1, 1, 1]
    assert given_up() == [("analyse", outbox.ENDED)]


def test_one_whose_job_was_lost_or_lay_in_a_queue_for_long_is_never_given_up_for_that(world: World) -> None:
    """While the workers are away its lease lapses again and again; when they are back it is read."""
    from workers.schedule import turn

    class Away(Inline):
        def enqueue(self, queue: str, job: str, task_ids: Sequence[str]) -> None:
            pass

    world.say("很好吃")
    for _ in range(8):
        while turn(Away()):
            pass
        clock.stand_at(clock.now() + timedelta(seconds=LAPSED))
    assert (given_up(), understood()) == ([], 0)
    world.settle()
    assert (given_up(), understood()) == ([], 1)


def test_tried_again_it_begins_anew(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    breaks(world, monkeypatch, RuntimeError())
    world.fast_forward(minutes=2)
    (task,) = db.session.scalars(db.select(Task).where(Task.set_aside_at.is_not(None)))
    monkeypatch.undo()
    assert set_aside.try_again([task.id], world.actor("admin")) == 1
    assert set_aside.try_again([task.id], world.actor("admin")) == 0
    world.settle()
    assert (given_up(), understood()) == ([], 1)


def test_while_a_batch_is_out_texts_wait_for_one_another_but_not_long(world: World) -> None:
    from workers.schedule import pause, turn

    class Busy(Inline):
        def __init__(self) -> None:
            self.batches: list[int] = []

        def enqueue(self, queue: str, job: str, task_ids: Sequence[str]) -> None:
            self.batches.append(len(task_ids))

    busy = Busy()
    world.say("很好吃")
    while turn(busy):
        pass
    for number in range(3):
        world.say(f"很好吃 {number}")
    while turn(busy):
        pass
    assert busy.batches == [1] and pause() < 0.2
    clock.stand_at(clock.now() + timedelta(seconds=0.25))
    while turn(busy):
        pass
    assert busy.batches == [1, 3] and pause() == 1.0
