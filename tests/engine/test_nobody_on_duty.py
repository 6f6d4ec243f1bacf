"""Nobody is on duty: the next step is asked at once, and the administrator hears of it, by whichever way."""

from __future__ import annotations

from datetime import timedelta

from cem.domain.roster import Override
from cem.engine import cases, rosters, rules
from tests.world import MONDAY, World

HOUR = timedelta(hours=1)


def nobody(world: World, start: float, end: float) -> None:
    """No shift covers the Bund between these hours after ten on Monday."""
    at = (MONDAY + start * HOUR, MONDAY + end * HOUR)
    rosters.add_override("bund", Override("remove", str(world.people["lin"]), *at), world.actor("admin"))
    world.settle()


def told_administrators(world: World) -> int:
    return world.told("warning").count(("admin", "warning"))


def test_a_ladder_that_comes_into_such_a_time_tells_them_once(world: World) -> None:
    nobody(world, 1, 3)
    world.tap(1)
    world.fast_forward(minutes=59)
    assert told_administrators(world) == 0
    world.fast_forward(minutes=30)
    assert told_administrators(world) == 1, "once for the same hours, however often somebody is asked"


def test_an_acknowledgement_that_expires_into_such_a_time_asks_the_next_at_once(world: World) -> None:
    receipt = world.tap(1)
    cases.acknowledge(world.seen(receipt, "lin"))
    nobody(world, 7.5, 9)
    world.fast_forward(hours=8, seconds=1)
    assert world.told("page")[-1] == ("shen", "page"), "the head of the branch, in the same moment"
    assert told_administrators(world) == 1


def test_a_storm_in_such_a_time_asks_the_next_at_once(world: World) -> None:
    nobody(world, 0, 3)
    for _ in range(6):
        world.tap(1)
    world.settle()
    assert world.told("group") == [("shen", "group")]
    assert told_administrators(world) == 1


def test_a_rule_that_names_somebody_does_not_hide_that_nobody_is_on_duty(world: World) -> None:
    nobody(world, 0, 3)
    rule = {"name": "Ours", "when": {"channels": ["kiosk"]}, "then": {"owner": {"post": "region"}}}
    rules.publish_rules("routing", "group", {"rules": [rule]})
    world.tap(1)
    world.settle()
    assert world.told("page") == [("gu", "page")], "whom the rule names"
    assert told_administrators(world) == 1
