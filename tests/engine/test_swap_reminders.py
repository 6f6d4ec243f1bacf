"""A request for a swap that nobody answers is brought up again, by day and once each; then it expires."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest

from cem.domain.reasons import Refused
from cem.domain.roster import Override
from cem.engine import rosters, sla_watch, swap_watch, swaps, verify
from cem.extensions import db
from cem.models import Delivery
from tests.world import MONDAY, World

HOUR = timedelta(hours=1)
SATURDAY = MONDAY + timedelta(days=5, hours=4)
"""14:00: twelve hours before is two in the night."""


def asked(world: World, start: datetime = SATURDAY, colleague: str | None = "zhou") -> UUID:
    other = world.people[colleague] if colleague else None
    lin = world.people["lin"]
    swap = swaps.ask("bund", lin, start, start + 4 * HOUR, world.actor("lin"), other)
    world.settle()
    return swap


def heard(world: World, who: str) -> list[tuple[str, str]]:
    """What this person heard of the request after it was made: local time and what."""
    db.session.rollback()
    rows = db.session.scalars(db.select(Delivery).where(Delivery.to == who).order_by(Delivery.sent_at))
    told = [(row.sent_at.astimezone(ZoneInfo("Asia/Shanghai")), row.message["notice"]) for row in rows]
    return [(f"{at:%a %H:%M}", notice) for at, notice in told if notice != "swap.asked"]


def test_it_is_brought_up_three_days_a_day_and_half_a_day_before_but_not_at_night(world: World) -> None:
    asked(world)
    world.fast_forward(days=5, hours=3)
    three = [("Wed 14:00", "swap.waits"), ("Fri 14:00", "swap.waits"), ("Sat 08:00", "swap.waits")]
    assert heard(world, "zhou") == three
    assert heard(world, "lin") == three, "who asked hears each time that it waits"
    assert verify.faults() == []


def test_when_the_shift_begins_it_has_expired_and_the_duty_stays(world: World) -> None:
    swap = asked(world)
    world.fast_forward(days=5, hours=5)
    assert heard(world, "lin")[-1] == ("Sat 14:00", "swap.expired")
    assert heard(world, "zhou")[-1] == ("Sat 14:00", "swap.expired")
    with pytest.raises(Refused, match="swap_has_expired"):
        swaps.accept(swap, world.people["zhou"], world.actor("zhou"))
    assert sla_watch.sweep() == 0


def test_an_answer_ends_the_reminders_and_whoever_took_it_is_reminded_before_it(world: World) -> None:
    swap = asked(world)
    world.fast_forward(days=3)
    swaps.accept(swap, world.people["zhou"], world.actor("zhou"))
    world.settle()
    world.fast_forward(days=3)
    assert heard(world, "zhou") == [("Wed 14:00", "swap.waits"), ("Sat 08:00", "duty.soon")]
    assert [notice for _, notice in heard(world, "lin")] == ["swap.waits", "swap.decided"]


def test_what_runs_twice_reminds_once(world: World) -> None:
    swap = asked(world)
    world.fast_forward(days=2, hours=4)
    assert not swap_watch.next_step(swap)
    world.settle()
    assert len(heard(world, "zhou")) == 1


def test_everybody_who_was_asked_is_reminded(world: World) -> None:
    asked(world, colleague=None)
    world.fast_forward(days=2, hours=4)
    for who in ("zhou", "shen", "gu", "lin"):
        assert heard(world, who) == [("Wed 14:00", "swap.waits")], who


def test_late_in_the_evening_it_comes_before_bedtime(world: World) -> None:
    asked(world, start=datetime(2026, 11, 28, 2, 0, tzinfo=UTC))  # ten in the morning
    world.fast_forward(days=4, hours=23)
    assert heard(world, "zhou")[-1] == ("Fri 21:00", "swap.waits")


def test_who_stands_in_is_reminded_unless_it_was_taken_back(world: World) -> None:
    lin, zhou, shen = (str(world.people[name]) for name in ("lin", "zhou", "shen"))
    stays = Override("replace", lin, SATURDAY, SATURDAY + 4 * HOUR, zhou)
    goes = Override("replace", lin, SATURDAY - timedelta(days=1), SATURDAY - 20 * HOUR, shen)
    for override in (stays, goes):
        rosters.add_override("bund", override, world.actor("admin"))
    rosters.remove_override("bund", goes, world.actor("admin"))
    world.fast_forward(days=5, hours=5)
    assert heard(world, "zhou") == [("Sat 08:00", "duty.soon")]
    assert heard(world, "shen") == []
