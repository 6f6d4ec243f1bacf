"""Behaviours 12 to 20: somebody is told, again and again, and the hub proves that it did."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import func, select

from cem import clock
from cem.domain.proof import Standing
from cem.domain.roster import Override, on_duty
from cem.domain.vocabulary import CaseState, DeliveryState
from cem.engine import (
    cases,
    notify,
    organisation,
    outbox,
    reconciler,
    rosters,
    rules,
    sla_watch,
    swaps,
    verify,
)
from cem.extensions import db
from cem.models import Attempt, Case, CaseEvent, Delivery
from tests.engine.outside import robot, states
from tests.world import MONDAY, World
from workers.handlers import effects

HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)


def duty(world: World, at: float) -> str:
    """Who is on duty at the Bund some hours after ten on Monday."""
    db.session.rollback()
    place = organisation.current(db.session.connection()).by_code["bund"]
    found = on_duty(place.roster, MONDAY + at * HOUR).first
    return next(name for name, id in world.people.items() if str(id) == found)


def away(world: World, start: float, end: float) -> None:
    lin = str(world.people["lin"])
    rosters.add_override(
        "bund", Override("remove", lin, MONDAY + start * HOUR, MONDAY + end * HOUR), world.actor("admin")
    )


def test_behaviour_12_the_ladder_is_one_row_that_no_step_taken_away_can_strand(world: World) -> None:
    receipt = world.tap(1)
    world.fast_forward(minutes=6)
    assert (world.case(receipt).step, world.case(receipt).next_step_at) == (2, MONDAY + 10 * MINUTE)
    rules.publish_rules("ladder", "group", {"steps": ["duty"]}, world.actor("admin"))
    world.fast_forward(hours=3)
    assert world.told("escalation")[-1] == ("lin", "escalation")
    assert world.case(receipt).next_step_at is not None
    cases.acknowledge(world.seen(receipt, "lin"))
    assert world.case(receipt).next_step_at is None


def test_behaviour_13_with_nobody_on_duty_the_next_is_paged_at_once_and_the_administrator_told(
    world: World,
) -> None:
    away(world, 0, 4)
    world.tap(1)
    world.settle()
    assert world.told("page") == [("shen", "page")], "the head of the branch, in the same instant"
    assert world.told("warning") == [("admin", "warning")]
    assert clock.now() == MONDAY


def test_behaviour_14_duty_is_handed_over_by_the_clock_on_the_wall(world: World) -> None:
    document = organisation.current(db.session.connection()).by_code["soho"].roster.to_document()
    shift = {
        "user": str(world.people["gu"]),
        "weekdays": list(range(7)),
        "start": "09:00",
        "end": "21:00",
    }
    rules.publish_rules("roster", "soho", document | {"timezone": "Europe/London", "shifts": [shift]})
    db.session.rollback()
    roster = organisation.current(db.session.connection()).by_code["soho"].roster
    winter, summer = MONDAY.replace(month=12, hour=9), MONDAY.replace(year=2027, month=7, hour=8)
    for nine_in_london in (winter, summer):
        before = on_duty(roster, nine_in_london - MINUTE)
        assert (before.source, before.until) == ("manager", nine_in_london)
        assert on_duty(roster, nine_in_london).source == "shift"


def test_behaviour_15_a_swap_is_a_request_and_a_colleague_may_be_replaced_when_ill(world: World) -> None:
    lin, zhou = world.people["lin"], world.people["zhou"]
    asked = swaps.ask("bund", lin, MONDAY + 2 * HOUR, MONDAY + 4 * HOUR, world.actor("lin"), zhou)
    assert duty(world, 3) == "lin", "who asked keeps the duty until somebody says yes"
    swaps.accept(asked, zhou, world.actor("zhou"))
    assert [duty(world, at) for at in (1, 3, 5)] == ["lin", "zhou", "lin"]
    away(world, 5, 8)
    stands_in = Override("add", str(world.people["shen"]), MONDAY + 5 * HOUR, MONDAY + 8 * HOUR)
    rosters.add_override("bund", stands_in, world.actor("shen"))
    assert duty(world, 6) == "shen"
    rosters.take_over("bund", world.people["gu"], world.actor("gu"))
    assert duty(world, 0) == "gu"


def test_behaviour_16_an_acknowledgement_that_leads_to_nothing_expires(world: World) -> None:
    receipt = world.tap(1)
    cases.acknowledge(world.seen(receipt, "lin"))
    world.fast_forward(hours=8)
    assert world.case(receipt).state is CaseState.OPEN
    assert world.told("page")[-1] == ("lin", "page")
    world.fast_forward(minutes=2)
    assert world.told("escalation") == [("zhou", "escalation")], "its ladder begins anew"


def test_behaviour_17_acknowledging_stops_every_message_that_waits(world: World) -> None:
    robot(world, "group")
    receipts = [world.tap(2) for _ in range(22)]
    world.settle()
    assert states(world, "group").count("held") == 2
    for receipt in receipts:
        cases.acknowledge(world.seen(receipt, "lin"))
    world.fast_forward(minutes=5)
    assert states(world, "group") == ["sent"] * 20 + ["stopped"] * 2


def test_behaviour_18_a_robot_is_told_no_more_than_its_limit_and_nothing_is_lost(world: World) -> None:
    robot(world, "group")
    for _ in range(30):
        world.tap(2)
    world.settle()
    world.fast_forward(minutes=3)
    at = sorted(db.session.scalars(select(Attempt.began_at)))
    assert all(later - first > MINUTE for first, later in zip(at, at[20:], strict=False))
    assert states(world, "group").count("sent") == 30


def test_behaviour_19_the_hub_proves_that_its_machine_ran_and_says_when_it_has_not(world: World) -> None:
    receipt = world.tap(1)
    world.fast_forward(minutes=30)
    assert reconciler.standing().standing is Standing.PROVED
    clock.stand_at(clock.now() + 20 * MINUTE)  # the schedule stands still
    assert reconciler.standing().standing is Standing.STALE
    assert {fault.code for fault in verify.unproved()} >= {"step_not_taken"}
    reconciler.reconcile()
    assert reconciler.standing().standing is Standing.WRONG
    world.settle()
    world.fast_forward(minutes=5)
    world.settle()
    assert reconciler.standing().standing is Standing.PROVED
    assert world.case(receipt).next_step_at is not None


def test_behaviour_20_a_claim_is_taken_once_and_one_bad_row_holds_nobody_up(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    bad, good = world.tap(1), world.tap(1)
    _, first = outbox.relay(effects)
    _, second = outbox.relay(effects)
    assert (len(first), second) == (2, []), "what one relay has claimed no other one gets"
    ids: list[UUID] = [claim.id for claim in first]
    assert (notify.plan_for(ids), notify.plan_for(ids)) == (2, 0), "done twice, it has one effect"
    poison, real = world.promise(bad, "acknowledge").id, sla_watch.break_promise

    def fails_for_one(id: UUID) -> bool:
        if id == poison:
            raise RuntimeError("a row that nobody can read")
        return real(id)

    fails_for_one.__name__ = "break_promise"
    monkeypatch.setattr(sla_watch, "break_promise", fails_for_one)
    clock.stand_at(MONDAY + 16 * MINUTE)
    sla_watch.sweep()
    assert world.promise(good, "acknowledge").state == "breached"
    waiting = select(func.count()).where(Delivery.state == DeliveryState.FAILED)
    assert db.session.scalar(waiting) == 0
    told = select(func.count()).where(CaseEvent.kind == "breached", CaseEvent.case_id == world.case(good).id)
    assert db.session.scalar(told) == 1
    assert db.session.scalar(select(func.count()).select_from(Case)) == 2
