"""Feedback that opened no case is owed an answer all the same, and somebody is always the next to know."""

from __future__ import annotations

from datetime import timedelta

from cem import clock
from cem.domain.vocabulary import Via
from cem.engine import replies, verify
from tests.world import World


def test_it_is_handed_to_the_sites_manager_when_the_shift_ends(world: World) -> None:
    receipt = world.tap(3)
    assert world.entry(receipt).owner_id == world.people["lin"]
    world.fast_forward(hours=11, minutes=59)
    assert world.entry(receipt).owner_id == world.people["lin"]
    world.fast_forward(minutes=1)  # 22:00
    entry = world.entry(receipt)
    assert (entry.owner_id, entry.next_step_at) == (world.people["shen"], entry.due_at)
    assert verify.faults() == []


def test_its_owner_is_reminded_daily_once_it_is_overdue(world: World) -> None:
    receipt = world.tap(3)
    due_at = world.entry(receipt).due_at
    world.fast_forward(seconds=(due_at - clock.now()).total_seconds())
    assert world.told() == [("shen", "breach")]
    world.fast_forward(hours=24)
    world.fast_forward(hours=24)
    assert world.told() == [("shen", "breach")] * 3
    assert world.entry(receipt).due_at == due_at
    assert verify.faults() == []


def test_once_answered_nobody_is_reminded(world: World) -> None:
    receipt = world.tap(3)
    replies.reply(receipt.feedback_id, "谢谢", Via.MESSAGE, world.actor("lin"))
    world.fast_forward(days=6)
    assert world.told() == []


def test_it_is_not_handed_to_the_manager_whom_it_is_about(world: World) -> None:
    receipt = world.tap(3, staff="shen")
    world.fast_forward(hours=12)
    assert world.entry(receipt).owner_id == world.people["gu"]


def test_received_after_its_shift_was_missed_it_still_has_a_next_step(world: World) -> None:
    receipt = world.tap(3)
    clock.stand_at(clock.now() + timedelta(days=1))
    world.settle()
    entry = world.entry(receipt)
    assert entry.owner_id == world.people["shen"] and entry.next_step_at > clock.now()
