"""Whoever has the app alone keeps their turn, and the next who is reached outside it is asked at once."""

from __future__ import annotations

from cem.engine import cases, ladder
from cem.extensions import db
from cem.models import CaseEvent
from tests.engine.outside import reachable, robot
from tests.world import World


def proves(world: World, *people: str) -> None:
    for who in people:
        reachable(world, who, "email", f"{who}@example.com")


def test_who_has_the_app_alone_is_paged_there_and_the_next_is_not_waited_for(world: World) -> None:
    proves(world, "zhou", "shen")
    receipt = world.tap(1)
    world.settle()
    inboxes = [one for one in world.told("page", "escalation") if one[0] in ("lin", "zhou")]
    assert inboxes[0] == ("lin", "page") and ("zhou", "escalation") in inboxes
    events = db.session.scalars(db.select(CaseEvent).where(CaseEvent.case_id == world.case(receipt).id))
    (step,) = [event for event in events if event.kind == "escalated"]
    assert step.details["reason"] == {"code": "app_only", "args": {"user": str(world.people["lin"])}}
    assert world.told("warning") == [("admin", "warning")]


def test_administrators_hear_of_it_once_for_a_duty(world: World) -> None:
    proves(world, "zhou")
    world.tap(1)
    world.fast_forward(minutes=30)
    world.tap(1)
    world.fast_forward(minutes=30)
    assert world.told("warning").count(("admin", "warning")) == 1


def test_those_further_up_without_an_address_are_passed_in_the_same_moment(world: World) -> None:
    proves(world, "shen")
    world.tap(1)
    world.settle()
    told = dict.fromkeys(name for name, _ in world.told("page", "escalation"))
    assert list(told) == ["lin", "zhou", "shen"]


def test_who_is_reached_is_given_the_time_of_the_step(world: World) -> None:
    proves(world, "lin", "shen")
    world.tap(1)
    world.fast_forward(minutes=1)
    assert {name for name, _ in world.told("page", "escalation")} == {"lin"}


def test_where_nobody_proved_anything_the_app_counts_and_the_ladder_keeps_its_times(world: World) -> None:
    world.tap(1)
    world.fast_forward(minutes=1)
    assert world.told() == [("lin", "page")]


def test_the_robot_of_the_place_reaches_everybody(world: World) -> None:
    proves(world, "shen")
    robot(world, "hall")
    world.tap(1)
    world.fast_forward(minutes=1)
    assert {name for name, _ in world.told("page", "escalation")} == {"lin", "hall"}


def test_a_storm_goes_on_too(world: World) -> None:
    proves(world, "zhou")
    for _ in range(6):
        world.tap(1)
    world.settle()
    assert {name for name, _ in world.told("group", "escalation")} >= {"lin", "zhou"}


def test_asked_twice_it_goes_on_once_and_not_at_all_once_somebody_has_it(world: World) -> None:
    proves(world, "shen")
    receipt = world.tap(1)
    case = world.case(receipt)
    lin = str(world.people["lin"])
    assert ladder.go_on(case.id, 0, lin) and not ladder.go_on(case.id, 0, lin)
    cases.acknowledge(world.seen(receipt, "zhou"))
    assert not ladder.go_on(case.id, 1, lin)
