"""The reconciler proves the ledger again and again, and a watchdog says when it has not."""

from __future__ import annotations

from datetime import timedelta

from cem import clock
from cem.domain.proof import Standing
from cem.engine import reconciler
from cem.extensions import db
from cem.models import AuditRow, Task
from tests.engine.test_verify import by_hand
from tests.world import MONDAY, World

MINUTE = timedelta(minutes=1)


def standing() -> Standing:
    db.session.rollback()
    return reconciler.standing().standing


def test_it_runs_with_the_schedule_every_five_minutes_and_keeps_when(world: World) -> None:
    world.tap(1)
    world.settle()
    assert reconciler.standing() == reconciler.Proof(Standing.PROVED, MONDAY)
    clock.stand_at(MONDAY + 4 * MINUTE)
    world.settle()
    assert reconciler.standing().at == MONDAY
    clock.stand_at(MONDAY + 5 * MINUTE)
    world.settle()
    assert reconciler.standing().at == MONDAY + 5 * MINUTE


def test_what_is_wrong_is_said_with_its_time_until_it_is_mended(world: World) -> None:
    world.tap(1)
    world.settle()
    by_hand("UPDATE \"user\" SET ended_at = created_at WHERE username = 'lin'")
    clock.stand_at(MONDAY + 5 * MINUTE)
    world.settle()
    clock.stand_at(MONDAY + 10 * MINUTE)
    world.settle()
    wrong = reconciler.standing()
    assert (wrong.standing, wrong.since) == (Standing.WRONG, MONDAY + 5 * MINUTE)
    assert {reason.code for reason in reconciler.found()} == {"owner_has_left", "case_owner_has_left"}
    by_hand("UPDATE \"user\" SET ended_at = NULL WHERE username = 'lin'")
    clock.stand_at(MONDAY + 15 * MINUTE)
    world.settle()
    assert standing() is Standing.PROVED
    said = db.session.scalars(db.select(AuditRow.action).where(AuditRow.action.startswith("ledger.")))
    assert list(said) == ["ledger.wrong", "ledger.proved"]


def test_work_that_is_stuck_is_found_by_it_too(world: World) -> None:
    world.say("好")
    task = Task.__table__
    world.settle()
    with db.engines[None].begin() as connection:
        connection.execute(task.update().values(done_at=None, available_at=MONDAY))
    clock.stand_at(MONDAY + 6 * MINUTE)
    reconciler.reconcile()
    assert standing() is Standing.WRONG


def test_a_reconciler_that_does_not_run_proves_nothing(world: World) -> None:
    world.tap(1)
    assert standing() is Standing.PROVED, "nothing is owed yet but a first proof"
    clock.stand_at(MONDAY + 16 * MINUTE)
    assert standing() is Standing.STALE
    reconciler.reconcile()
    assert standing() is not Standing.STALE
    clock.stand_at(MONDAY + 32 * MINUTE)
    assert standing() is Standing.STALE
