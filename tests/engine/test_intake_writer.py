"""Feedback comes in once, whole and durably, or not at all."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest
from sqlalchemy import Connection, Engine

from cem.domain.ratings import Rating
from cem.domain.reasons import Invalid, Refused
from cem.domain.submission import GivenCustomer, Source, Submission
from cem.domain.vocabulary import Channel, LedgerState
from cem.engine import intake_writer
from cem.engine.intake import record
from cem.engine.intake_writer import Busy, IntakeWriter
from cem.extensions import db
from cem.models import Answer, Case, Customer, Feedback, IdempotencyKey, LedgerEntry, LedgerMove
from tests.engine.together import at_once
from tests.processes.eventually import eventually
from tests.world import World, key

TAP = Submission(Channel.KIOSK, "bund", "front-desk", Rating("faces5", 1))


def count(table: type) -> int:
    db.session.rollback()
    return db.session.scalar(db.select(db.func.count()).select_from(table))


def test_the_same_key_and_body_are_stored_once(world: World) -> None:
    tap = replace(TAP, idempotency=key())
    first, again = world.submit(tap), world.submit(tap)
    assert (first.created, again.created) == (True, False)
    assert first.feedback_id == again.feedback_id and first.case["id"] == again.case["id"]
    assert count(Feedback) == count(Case) == 1


def test_the_same_key_with_another_body_is_refused(world: World) -> None:
    world.submit(replace(TAP, idempotency=key(name="k")))
    with pytest.raises(Refused, match="key_used_with_another_body"):
        world.submit(replace(TAP, idempotency=key(name="k", body=b"other")))
    assert count(Feedback) == 1


def test_two_owners_may_use_the_same_key(world: World) -> None:
    world.submit(replace(TAP, idempotency=key("token:a", "k")))
    world.submit(replace(TAP, idempotency=key("token:b", "k")))
    assert count(Feedback) == 2


def test_a_refused_body_does_not_use_up_its_key(world: World) -> None:
    with pytest.raises(Invalid):
        world.submit(replace(TAP, site="nowhere", idempotency=key(name="k")))
    assert world.submit(replace(TAP, idempotency=key(name="k", body=b"other"))).created


def test_the_same_source_under_another_key_is_the_same_feedback(world: World) -> None:
    review = replace(TAP, source=Source("dianping", "77"))
    first = world.submit(replace(review, idempotency=key()))
    again = world.submit(replace(review, idempotency=key()))
    assert (again.feedback_id, again.created) == (first.feedback_id, False)


def test_two_at_once_are_stored_once(world: World) -> None:
    tap = replace(TAP, idempotency=key())
    found = at_once(world.app, *[lambda: world.submit(tap)] * 6)
    assert len({receipt.feedback_id for receipt in found}) == 1
    assert [receipt.created for receipt in found].count(True) == 1


def test_two_processes_at_once_store_it_once(world: World) -> None:
    """Each web process has a writer of its own, so only the database can tell that they store the same."""
    tap = replace(TAP, idempotency=key(), customer=GivenCustomer(external_id="guest-7"))
    writers = [IntakeWriter(lambda: db.engines[None]) for _ in range(4)]
    with world.app.app_context():
        engine = db.engines[None]
    for writer in writers:
        writer._engine = lambda: engine
    found = at_once(world.app, *[lambda w=w: w.submit(tap) for w in writers])
    assert len({receipt.feedback_id for receipt in found}) == 1, found
    assert (count(Feedback), count(Customer), count(IdempotencyKey)) == (1, 1, 1)
    for writer in writers:
        writer.drain()


def test_a_bad_member_of_a_batch_leaves_the_others(world: World) -> None:
    site_gone = replace(TAP, site="nowhere")
    found = world.writer.submit_many([TAP, site_gone, replace(TAP, rating=Rating("faces5", 5))])
    assert isinstance(found[1], Invalid) and "site" in found[1].fields
    assert [found[0].ledger["state"], found[2].ledger["state"]] == ["owed", "answered"]
    assert count(Feedback) == count(LedgerEntry) == 2


def test_cases_are_numbered_without_gaps(world: World) -> None:
    numbers = [world.tap(1).case["number"] for _ in range(3)]
    found = at_once(world.app, *[lambda: world.tap(1).case["number"]] * 5)
    assert sorted([*numbers, *found]) == list(range(1, 9))


def test_a_full_queue_says_busy_and_stores_nothing_of_it(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(intake_writer, "WAITING", 2)
    writer, gate, entered = held(db.engines[None])
    with ThreadPoolExecutor(3) as pool:
        first = pool.submit(writer.submit, TAP)
        assert entered.wait(10)
        waiting = [pool.submit(writer.submit, TAP) for _ in range(2)]
        eventually(lambda: writer._queue.qsize() == 2)
        with pytest.raises(Busy):
            writer.submit(TAP)
        gate.set()
        assert all(each.result(20).created for each in [first, *waiting])
    writer.drain()
    assert count(Feedback) == 3


def test_what_fails_after_the_commit_stores_nothing_twice(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without keys only the writer itself could double them."""
    monkeypatch.setattr(intake_writer, "tell", untold)
    writer, gate, entered = held(db.engines[None])
    with ThreadPoolExecutor(3) as pool:
        waiting = [pool.submit(writer.submit, TAP)]
        assert entered.wait(10)
        waiting += [pool.submit(writer.submit, TAP) for _ in range(2)]
        eventually(lambda: writer._queue.qsize() == 2)
        gate.set()
        assert all(each.result(20).created for each in waiting)
    assert writer.submit(TAP).created, "the writer lives on"
    writer.drain()
    assert count(Feedback) == 4


def untold(events: object) -> None:
    raise LookupError("nobody can be told")


def test_draining_finishes_what_waits_and_takes_nothing_new(world: World) -> None:
    writer, gate, entered = held(db.engines[None])
    with ThreadPoolExecutor(4) as pool:
        waiting = [pool.submit(writer.submit, TAP)]
        assert entered.wait(10)
        waiting += [pool.submit(writer.submit, TAP) for _ in range(2)]
        eventually(lambda: writer._queue.qsize() == 2)
        draining = pool.submit(writer.drain)
        eventually(lambda: writer._closed)
        with pytest.raises(Busy):
            writer.submit(TAP)
        gate.set()
        draining.result(20)
        assert all(each.result(20).created for each in waiting)
    assert count(Feedback) == 3


def test_who_stands_at_a_kiosk_does_not_wait_for_a_whole_upload(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    commits = commits_noted(monkeypatch)
    upload = [replace(TAP, channel=Channel.IMPORT, touchpoint=None)] * 120
    writer, gate, entered = held(db.engines[None])
    with ThreadPoolExecutor(3) as pool:
        pool.submit(writer.submit, TAP)
        assert entered.wait(10)
        uploaded = pool.submit(writer.submit_many, upload)
        eventually(lambda: writer._queue.qsize() == 120)
        tap = pool.submit(writer.submit, TAP)
        eventually(lambda: writer._queue.qsize() == 121)
        gate.set()
        assert tap.result(20).created and all(each.created for each in uploaded.result(20))
    writer.drain()
    assert commits[1][0] is Channel.KIOSK, "it is the first of all who wait"
    assert max(each.count(Channel.IMPORT) for each in commits) == intake_writer.SLICE


def commits_noted(monkeypatch: pytest.MonkeyPatch) -> list[list[Channel]]:
    """The channels of what shares each commit from now on."""
    commits: list[list[Channel]] = []

    def noting(connection: Connection, submissions: Sequence[Submission], now: datetime) -> object:
        commits.append([each.channel for each in submissions])
        return record(connection, submissions, now)

    monkeypatch.setattr(intake_writer, "record", noting)
    return commits


def held(engine: Engine) -> tuple[IntakeWriter, threading.Event, threading.Event]:
    """A writer that waits at its first transaction until the gate is opened."""
    gate, entered = threading.Event(), threading.Event()

    def engine_behind_gate() -> Engine:
        entered.set()
        gate.wait(20)
        return engine

    return IntakeWriter(engine_behind_gate), gate, entered


KILLED_AT_COMMIT = """
import sys, time
from pathlib import Path
from sqlalchemy import event
from cem import database
from cem.app import create_app
from tests.engine.test_intake_writer import TAP
from tests.world import settings_for
app = create_app(settings_for(Path(sys.argv[1]), sys.argv[2]))
engine = database.writing_engine(app)
@event.listens_for(engine, "commit")
def wait_to_be_killed(connection):
    print("inserted", flush=True)
    time.sleep(60)
print(app.extensions["cem_intake"].submit(TAP).feedback_id, flush=True)
"""

ACKNOWLEDGING = """
import sys
from pathlib import Path
from cem.app import create_app
from tests.engine.test_intake_writer import TAP
from tests.world import settings_for
app = create_app(settings_for(Path(sys.argv[1]), sys.argv[2]))
while True:
    print(app.extensions["cem_intake"].submit(TAP).feedback_id, flush=True)
"""


def start(program: str, world: World) -> subprocess.Popen[str]:
    settings = world.app.extensions["cem_settings"]
    arguments = [sys.executable, "-c", program, str(settings.instance), settings.database_url]
    root = Path(__file__).parents[2]
    return subprocess.Popen(
        arguments, stdout=subprocess.PIPE, text=True, cwd=root, env=os.environ | {"PYTHONPATH": str(root)}
    )


@pytest.mark.kill
def test_killed_between_insert_and_commit_nothing_is_stored_and_nothing_was_acknowledged(
    world: World,
) -> None:
    process = start(KILLED_AT_COMMIT, world)
    assert process.stdout.readline() == "inserted\n"
    process.send_signal(signal.SIGKILL)
    assert process.communicate()[0] == ""
    for table in (Feedback, LedgerEntry, LedgerMove, Case, Answer):
        assert count(table) == 0
    assert world.tap(1).case["number"] == 1


@pytest.mark.kill
def test_killed_at_any_moment_everything_acknowledged_is_stored(world: World) -> None:
    process = start(ACKNOWLEDGING, world)
    acknowledged = [process.stdout.readline() for _ in range(20)]
    process.send_signal(signal.SIGKILL)
    acknowledged += process.communicate()[0].splitlines(keepends=True)
    whole = {line.strip() for line in acknowledged if line.endswith("\n")}
    stored = {str(id) for id in db.session.scalars(db.select(Feedback.id))}
    assert whole <= stored and len(stored) - len(whole) <= 1
    owed = db.select(db.func.count()).where(LedgerEntry.state == LedgerState.OWED)
    assert db.session.scalar(owed) == len(stored)
