"""A storm reaches a robot no faster than its provider takes it, and nothing of it is lost."""

from __future__ import annotations

from datetime import timedelta

from cem import clock
from cem.engine import cases, verify
from cem.extensions import db
from cem.models import Attempt
from tests.engine.outside import all_to, really_sends, robot, sent_to, states
from tests.transports.others import web_server
from tests.world import World

MINUTE = timedelta(seconds=60)

DISSATISFIED = 2
"""Not very: each is told of by itself, however many there are."""


def test_what_the_robot_cannot_take_now_is_held_and_goes_a_minute_later(world: World) -> None:
    robot(world, "group")
    for _ in range(45):
        world.tap(DISSATISFIED)
    world.settle()
    assert states(world, "group") == ["sent"] * 20 + ["held"] * 25
    world.fast_forward(seconds=65)
    pages = [row for row in all_to(world, "group") if row.kind == "page"]
    assert [row.state.value for row in pages] == ["sent"] * 40 + ["held"] * 5
    world.fast_forward(seconds=65)
    pages = [row for row in all_to(world, "group") if row.kind == "page"]
    assert {row.state.value for row in pages} == {"sent"}
    at = sorted(db.session.scalars(db.select(Attempt.began_at)))
    assert all(later - first > MINUTE for first, later in zip(at, at[20:], strict=False))


def test_acknowledging_stops_what_the_robot_was_still_to_be_told(world: World) -> None:
    with web_server() as web:
        web.says({"errcode": 0})
        really_sends(world)
        robot(world, "group", web.url)
        receipts = [world.tap(DISSATISFIED) for _ in range(22)]
        world.settle()
        held = [row.case_id for row in all_to(world, "group") if row.state == "held"]
        assert len(held) == 2
        taken = next(receipt for receipt in receipts if world.case(receipt).id == held[0])
        cases.acknowledge(world.seen(taken, "lin"))
        assert sorted(states(world, "group")) == ["held"] + ["sent"] * 20 + ["stopped"]
        world.fast_forward(seconds=65)
        told = {row.case_id for row in sent_to(world, "group")}
        assert held[0] not in told
        assert held[1] in told
        assert len(web.requests) == 21


def test_acknowledging_while_it_is_under_way_does_not_unsay_it(world: World) -> None:
    with web_server() as web:
        web.says({"errcode": 0})
        really_sends(world)
        robot(world, "group", web.url)
        receipt = world.tap(1)

        def acknowledge() -> None:
            with world.app.app_context():
                cases.acknowledge(world.seen(receipt, "lin"))
                db.session.remove()

        web.looks = acknowledge
        world.settle()
    assert states(world, "group") == ["sent"]
    assert world.case(receipt).state == "acknowledged"


def test_a_message_that_is_held_is_no_fault_but_one_that_is_forgotten_is(world: World) -> None:
    robot(world, "group")
    for _ in range(21):
        world.tap(DISSATISFIED)
    world.settle()
    assert "held" in states(world, "group")
    assert not [fault for fault in verify.faults() if fault.code.startswith("delivery")]
    clock.stand_at(clock.now() + timedelta(minutes=10))
    assert [fault.code for fault in verify.faults() if fault.code.startswith("delivery")] == [
        "delivery_not_sent"
    ]
