"""What the machine reads opens cases, raises them, and never lowers them."""

from __future__ import annotations

from datetime import timedelta

from cem import clock
from cem.domain.vocabulary import Priority, Severity, Via
from cem.engine import cases, verify
from cem.extensions import db
from cem.models import Customer
from tests.engine.moves import DO
from tests.engine.readings import pages, read
from tests.world import MONDAY, World

HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)
DUE = {"acknowledge": 15 * MINUTE, "first_contact": 2 * HOUR, "resolve": 48 * HOUR}


def test_a_negative_text_opens_a_case(world: World) -> None:
    receipt = world.say("……", value=3)
    read(receipt)
    case = world.case(receipt)
    assert (case.severity, case.priority, case.reason["code"]) == ("normal", "p3", "negative_text")
    assert world.promise(receipt, "acknowledge").started_at == MONDAY


def test_the_same_reading_twice_has_one_effect(world: World) -> None:
    receipt = world.say("……", value=3)
    assert (read(receipt), read(receipt)) == (1, 0)


def test_a_risk_raises_a_live_case_and_pages_at_once(world: World) -> None:
    receipt = world.say("……", value=2)
    world.fast_forward(minutes=1)
    read(receipt, "food_poisoning")
    case = world.case(receipt)
    assert (case.severity, case.priority) == (Severity.CRITICAL, Priority.P1)
    assert world.promise(receipt, "acknowledge").due_at == MONDAY + 5 * MINUTE
    assert world.entry(receipt).due_at == world.promise(receipt, "first_contact").due_at
    assert world.entry(receipt).due_at == MONDAY + 30 * MINUTE
    world.settle()
    assert pages(world)[-1] == ("lin", "page", 1)


def test_raised_after_a_night_the_promises_count_what_was_used_and_nothing_is_broken_yet(
    world: World,
) -> None:
    world.fast_forward(hours=11)  # 21:00, closed
    receipt = world.tap(2)
    world.fast_forward(hours=10)
    read_at = clock.now()
    read(receipt, "legal")
    assert world.case(receipt).priority == Priority.P2
    assert world.promise(receipt, "acknowledge").due_at == read_at + DUE["acknowledge"]
    assert world.promise(receipt, "resolve").due_at == read_at + DUE["resolve"]
    assert verify.faults() == []


def test_raised_while_it_waits_it_has_the_new_time_when_it_goes_on(world: World) -> None:
    receipt = world.tap(2)
    cases.contact(world.seen(receipt, "lin"), Via.PHONE, "spoke")
    DO["pause waiting_customer"](world, receipt, "lin")
    world.fast_forward(hours=1)
    read(receipt, "injury")
    world.fast_forward(hours=1)
    DO["resumption"](world, receipt, "lin")
    assert world.promise(receipt, "resolve").due_at == MONDAY + 26 * HOUR


def test_a_milder_reading_lowers_nothing(world: World) -> None:
    receipt = world.tap(1)
    read(receipt)
    assert world.case(receipt).priority == Priority.P2


def test_tier_a_lifts_by_one_level(world: World) -> None:
    world.say("第一次来", value=5, tier_of="vip-1")
    with db.engines[None].begin() as connection:
        connection.execute(db.update(Customer).values(tier="a"))
    lifted = world.say("", value=1, tier_of="vip-1")
    assert (world.case(lifted).severity, world.case(lifted).priority) == (Severity.HIGH, Priority.P1)
