"""A storm reaches a robot no faster than its provider takes it, and nothing of it is lost."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import insert

from cem import clock
from cem.engine import cases, verify
from cem.extensions import db
from cem.ids import new_id
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
    assert {row.state.value for row in pages} == {"sent"}, "what waited travelled together"
    at = sorted(db.session.scalars(db.select(Attempt.began_at)))
    assert len(at) == 20 + 4, "25 in four messages"
    assert all(later - first > MINUTE for first, later in zip(at, at[20:], strict=False))


def test_what_travels_together_names_each_with_its_link_and_each_has_its_receipt(world: World) -> None:
    with web_server() as web:
        web.says({"errcode": 0})
        really_sends(world)
        robot(world, "group", web.url)
        receipts = [world.tap(DISSATISFIED) for _ in range(26)]
        world.settle()
        world.fast_forward(seconds=65)
        assert len(web.requests) == 21
        last = web.requests[-1].json["text"]["content"]
        for receipt in receipts[20:]:
            assert f"/desk/cases/{world.case(receipt).number}" in last
        assert len(last.encode()) < 2048
        told = [row for row in sent_to(world, "group") if row.kind == "page"]
        assert len(told) == 26
        assert all(row.sent_at is not None and row.text for row in told)


def test_where_the_carrier_does_not_get_through_each_goes_by_itself_and_none_is_lost(world: World) -> None:
    with web_server() as web:
        web.says({"errcode": 0})
        really_sends(world)
        robot(world, "group", web.url)
        for _ in range(24):
            world.tap(DISSATISFIED)
        world.settle()
        web.says({"errcode": 45009})  # too fast, it says, although it was not
        world.fast_forward(seconds=62)
        assert "sent" not in states(world, "group")[20:24]
        web.says({"errcode": 0})
        world.fast_forward(minutes=4)
        assert states(world, "group")[:24] == ["sent"] * 24


def test_a_page_that_somebody_took_does_not_travel_with_the_others(world: World) -> None:
    with web_server() as web:
        web.says({"errcode": 0})
        really_sends(world)
        robot(world, "group", web.url)
        receipts = [world.tap(DISSATISFIED) for _ in range(24)]
        world.settle()
        cases.acknowledge(world.seen(receipts[-1], "lin"))
        world.fast_forward(seconds=65)
        last = web.requests[-1].json["text"]["content"]
        assert f"/desk/cases/{world.case(receipts[-2]).number}" in last
        assert f"/desk/cases/{world.case(receipts[-1]).number}" not in last


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


@pytest.mark.parametrize(("transport", "limit"), [("wecom", 20), ("dingtalk", 20), ("feishu", 100)])
def test_no_minute_holds_more_than_the_provider_takes(world: World, transport: str, limit: int) -> None:
    """A bucket that fills again would let the next one go after three seconds."""
    robot(world, "group", transport=transport)
    world.tap(DISSATISFIED)
    world.settle()
    (first,) = all_to(world, "group")
    row = {
        "delivery_id": first.id,
        "robot_id": first.robot_id,
        "began_at": clock.now(),
        "over_at": clock.now(),
    }
    with db.engines[None].begin() as connection:
        connection.execute(insert(Attempt), [row | {"id": new_id(clock.now())} for _ in range(limit - 2)])
    for _ in range(2):
        world.tap(DISSATISFIED)
        world.settle()
    assert states(world, "group") == ["sent", "sent", "held"]
    world.fast_forward(seconds=60)
    assert states(world, "group")[-1] == "held"
    world.fast_forward(seconds=2)
    assert states(world, "group")[-1] == "sent"
