"""What goes on in the background asks few questions: readers of texts need the processors too."""

from __future__ import annotations

from cem.engine import sla_watch
from tests.web.api_caller import queries_counted
from tests.world import World
from workers.schedule import LONGEST_REST, REST, rest_after


def test_while_nothing_is_due_the_sweep_asks_once(world: World) -> None:
    world.tap(1)
    world.settle()
    with queries_counted() as asked:
        assert sla_watch.sweep() == 0
    assert len([each for each in asked if each.startswith("SELECT")]) == 1


def test_planning_the_pages_of_many_cases_asks_once_how_their_reader_is_reached(world: World) -> None:
    taps = [world.tap(2) for _ in range(4)]
    with queries_counted() as asked:
        world.settle()
    assert world.told("page") == [("lin", "page")] * len(taps), "each of them has a page of its own"
    assert len([each for each in asked if each.startswith("SELECT address.transport")]) == 1


def test_one_thing_is_relayed_at_once_and_many_are_waited_for_a_tenth_of_a_second() -> None:
    assert rest_after(1) == rest_after(4) == REST
    assert REST < rest_after(10) < rest_after(15) < LONGEST_REST == rest_after(500)
