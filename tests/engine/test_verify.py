"""`cem verify` finds every kind of fault that hands can make behind the hub's back, and nothing else."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import text, update

from cem import clock
from cem.dashboards import ledger
from cem.engine import audit, cases, verify
from cem.extensions import db
from cem.models import CaseGroup, Task
from tests.engine.moves import DO, bring, complaint
from tests.world import MONDAY, World


def codes() -> set[str]:
    return {fault.code for fault in verify.faults()}


def by_hand(*statements: str, **values: object) -> None:
    """As somebody would who may do anything: without triggers and without foreign keys."""
    with db.engines[None].connect() as connection:
        sqlite = connection.dialect.name == "sqlite"
        raw = connection.connection.cursor()
        if sqlite:
            raw.execute("PRAGMA foreign_keys=OFF")
            names = [row[0] for row in raw.execute("SELECT name FROM sqlite_master WHERE type='trigger'")]
            for name in names:
                raw.execute(f"DROP TRIGGER {name}")
        else:
            raw.execute("SET session_replication_role = replica")
            connection.connection.commit()
        for statement in statements:
            connection.execute(text(statement), values)
        connection.commit()
        raw.execute("PRAGMA foreign_keys=ON" if sqlite else "SET session_replication_role = origin")
        if not sqlite:
            connection.connection.commit()


def test_a_hub_that_works_has_no_faults(world: World) -> None:
    complaint(world)
    world.tap(3)
    world.tap(5)
    world.settle()
    assert verify.faults() == []


def test_overdue_feedback_is_no_fault(world: World) -> None:
    complaint(world)
    world.tap(3)
    world.fast_forward(days=4)
    assert ledger.totals().overdue == 2
    assert verify.faults() == []


def test_a_feedback_without_an_entry(world: World) -> None:
    world.tap(5)
    by_hand("DELETE FROM ledger_entry")
    assert "ledger_sum" in codes()


def test_an_owner_who_has_left(world: World) -> None:
    complaint(world)
    world.tap(3)
    by_hand("""UPDATE "user" SET ended_at = created_at WHERE username = 'lin'""")
    assert codes() == {"owner_has_left", "case_owner_has_left"}


def test_an_entry_owned_by_somebody_else_than_its_case(world: World) -> None:
    complaint(world)
    by_hand("""UPDATE ledger_entry SET owner_id = (SELECT id FROM "user" WHERE username = 'gu')""")
    assert codes() == {"owner_differs_from_case"}


def test_an_entry_owed_through_a_case_that_has_ended(world: World) -> None:
    receipt = complaint(world)
    bring(world, receipt, "resolved")
    by_hand(
        "UPDATE ledger_entry SET state = 'owed', how = NULL, evidence = NULL, due_at = changed_at,"
        """ next_step_at = changed_at, owner_id = (SELECT owner_id FROM "case")"""
    )
    assert codes() == {"owed_through_an_ended_case"}


def late(world: World) -> None:
    clock.stand_at(clock.now() + timedelta(minutes=21))


def test_work_that_nobody_does_is_found(world: World) -> None:
    complaint(world)
    world.settle()
    late(world)
    assert codes() == {"promise_not_swept", "step_not_taken"}
    world.settle()
    assert codes() == set()


def test_what_was_due_a_moment_ago_is_not_stuck_yet(world: World) -> None:
    complaint(world)
    world.settle()
    clock.stand_at(MONDAY + timedelta(minutes=6))
    assert codes() == set()


def test_events_that_nobody_relays_are_found(world: World) -> None:
    world.say("Is it open?")
    clock.stand_at(MONDAY + timedelta(minutes=6))
    assert codes() == {"event_not_relayed"}


def test_tasks_that_nobody_does_are_found(world: World) -> None:
    from cem.engine import outbox
    from workers.handlers import effects

    complaint(world)
    outbox.relay(effects)
    clock.stand_at(MONDAY + timedelta(minutes=7))
    assert "task_not_done" in codes()


def test_tasks_that_were_given_up_are_found(world: World) -> None:
    complaint(world)
    world.settle()
    with db.engines[None].begin() as connection:
        connection.execute(db.update(Task).values(set_aside_at=MONDAY, done_at=None))
    assert "task_set_aside" in codes()


def test_messages_that_nobody_sent_are_found(world: World) -> None:
    complaint(world)
    world.settle()
    by_hand("UPDATE delivery SET state = 'pending'")
    clock.stand_at(MONDAY + timedelta(minutes=6))
    assert "delivery_not_sent" in codes()


def test_an_acknowledgement_that_should_have_expired_is_found(world: World) -> None:
    receipt = complaint(world)
    cases.acknowledge(world.seen(receipt, "lin"))
    world.settle()
    clock.stand_at(MONDAY + timedelta(hours=8, minutes=6))
    assert "acknowledgement_not_expired" in codes()


def test_owed_feedback_that_nobody_was_reminded_of_is_found(world: World) -> None:
    world.tap(3)
    world.settle()
    clock.stand_at(MONDAY + timedelta(hours=12, minutes=6))
    assert codes() == {"owed_without_next_step"}


def test_a_promise_that_runs_on_in_an_ended_case_is_found(world: World) -> None:
    receipt = complaint(world)
    DO["dismissal"](world, receipt, "lin")
    world.settle()
    by_hand("UPDATE promise SET state = 'running', due_at = started_at")
    assert "running_promise_of_an_ended_case" in codes()


@pytest.mark.parametrize(
    "tampering",
    [
        "UPDATE audit SET actor = 'nobody' WHERE number = 2",
        "UPDATE audit SET subject = NULL WHERE number = 1",
        "DELETE FROM audit WHERE number = 2",
        "UPDATE audit SET number = number + 10 WHERE number = 3",
    ],
)
def test_a_tampered_audit_trail_is_found(world: World, tampering: str) -> None:
    for _ in range(4):
        audit.record(world.actor("lin"), "test.happened", world.people["lin"])
    assert codes() == set()
    by_hand(tampering)
    assert codes() == {"audit_chain_broken"}


@pytest.mark.parametrize(
    ("column", "fault"),
    [
        ("next_step_at", "group_step_not_taken"),
        ("digest_at", "group_digest_not_told"),
        ("look_at", "group_not_looked_at"),
    ],
)
def test_a_storm_that_nobody_goes_on_with(world: World, column: str, fault: str) -> None:
    for _ in range(5):
        world.tap(1)
    world.settle()
    assert codes() == set()
    with db.engines[None].begin() as connection:
        connection.execute(update(CaseGroup).values({column: clock.now() - timedelta(minutes=6)}))
    assert codes() == {fault}
    world.settle()
    assert codes() == set(), "the sweep did it after all"
