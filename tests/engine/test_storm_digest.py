"""Whose storm it is hears every five minutes how it stands, in one message, until all of it is done."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import select

from cem.domain.vocabulary import DeliveryKind, Via
from cem.engine import cases, group_answers, group_steps, verify
from cem.extensions import db
from cem.models import CaseGroup, Delivery
from tests.engine.outside import reachable, robot, sent_to
from tests.world import World


def storm(world: World, count: int) -> UUID:
    for _ in range(count):
        world.tap(1)
    world.settle()
    db.session.rollback()
    return db.session.scalars(select(CaseGroup.id)).one()


def digests(world: World, to: str = "lin", transport: str = "inbox") -> list[tuple[int, int, int]]:
    """How many there were, were taken and were answered, in each digest that this person got."""
    found = [row for row in sent_to(world, to, transport) if row.kind is DeliveryKind.DIGEST]
    return [(row.message["count"], row.message["taken"], row.message["answered"]) for row in found]


def test_every_five_minutes_its_owner_hears_how_it_stands_until_it_is_done(world: World) -> None:
    group = storm(world, 6)
    world.fast_forward(minutes=4)
    assert digests(world) == []
    world.tap(1)
    world.fast_forward(minutes=1)
    assert digests(world) == [(7, 0, 0)], "nobody has taken it: it is still hers who is on duty"
    group_steps.acknowledge(group, world.actor("zhou"))
    world.fast_forward(minutes=5)
    assert digests(world, "zhou") == [(7, 7, 0)], "now it is his who took it"
    group_answers.answer(group, "Sorry.", Via.MESSAGE, world.actor("zhou"))
    world.fast_forward(hours=2)
    assert digests(world, "zhou") == [(7, 7, 0), (7, 7, 7)], "the last one says that it is done"
    assert verify.faults() == []


def test_it_says_how_many_joined_and_what_they_have_in_common(world: World) -> None:
    storm(world, 6)
    world.fast_forward(minutes=5)
    (told,) = [row for row in sent_to(world, "lin", "inbox") if row.kind is DeliveryKind.DIGEST]
    assert told.text is not None
    assert told.text.startswith("bund · front-desk")
    assert "6" in told.text
    assert told.message["more"] == 6
    assert len(told.case_ids or ()) == 6


def test_it_goes_by_the_persons_own_way_and_to_the_robot_of_the_place(world: World) -> None:
    reachable(world, "lin", "email", "lin@example.com")
    robot(world, "group")
    group = storm(world, 5)
    group_steps.acknowledge(group, world.actor("lin"))
    world.fast_forward(minutes=5)
    assert [len(digests(world, "lin", way)) for way in ("inbox", "email")] == [1, 1]
    assert len(digests(world, "group", "wecom")) == 1


def test_where_nothing_moves_and_nobody_joins_any_more_it_is_quiet(world: World) -> None:
    group = storm(world, 5)
    group_steps.acknowledge(group, world.actor("lin"))
    world.fast_forward(minutes=31)
    told = len(digests(world))
    assert told == 6
    world.fast_forward(hours=2)
    assert len(digests(world)) == told


def test_one_more_after_it_was_done_is_told_of_again(world: World) -> None:
    group = storm(world, 5)
    group_steps.acknowledge(group, world.actor("lin"))
    group_answers.answer(group, "Sorry.", Via.MESSAGE, world.actor("lin"))
    world.fast_forward(minutes=10)
    assert digests(world) == [(5, 5, 5)]
    world.tap(1)
    world.fast_forward(minutes=6)
    assert digests(world)[1:] == [(6, 5, 5)]


def test_a_group_that_is_taken_apart_tells_nothing_more(world: World) -> None:
    group = storm(world, 5)
    group_steps.split(group, world.actor("lin"))
    world.fast_forward(minutes=20)
    assert digests(world) == []


def test_the_warnings_of_its_cases_are_one_message(world: World) -> None:
    group = storm(world, 6)
    group_steps.acknowledge(group, world.actor("lin"))
    world.fast_forward(hours=1, minutes=3)
    warned = [row for row in sent_to(world, "lin", "inbox") if row.kind is DeliveryKind.WARNING]
    assert [len(row.case_ids or ()) for row in warned] == [6], "half of the two hours for a first contact"
    world.fast_forward(hours=1)
    missed = [row for row in sent_to(world, "lin", "inbox") if row.kind is DeliveryKind.BREACH]
    assert [len(row.case_ids or ()) for row in missed] == [6]
    assert verify.faults() == []


def test_a_case_on_its_own_is_warned_of_on_its_own(world: World) -> None:
    receipt = world.tap(1)
    cases.acknowledge(world.seen(receipt, "lin"))
    world.fast_forward(hours=1, minutes=3)
    db.session.rollback()
    warned = select(Delivery).where(Delivery.kind == DeliveryKind.WARNING)
    assert [row.case_ids for row in db.session.scalars(warned)] == [None]
