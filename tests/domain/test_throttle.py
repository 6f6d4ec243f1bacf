"""A robot never gets more than it takes in a minute, and what fails is tried again, elsewhere if need be."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cem.domain.throttle import LIMITS, PATIENCE, SECOND_ROUTE, WINDOW, Failure, held_until, retry_after
from cem.domain.vocabulary import TransportName

NOON = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
MINUTE = timedelta(seconds=60)


def after(seconds: float) -> datetime:
    return NOON + timedelta(seconds=seconds)


def test_the_first_twenty_leave_at_once() -> None:
    assert held_until([NOON] * 19, NOON, 20) is None


def test_the_twenty_first_waits_until_the_first_is_more_than_a_minute_old() -> None:
    assert held_until([after(second) for second in range(20)], after(30), 20) == NOON + WINDOW


def test_a_minute_later_everything_is_free_again() -> None:
    assert held_until([NOON] * 20, NOON + WINDOW, 20) is None


def test_who_waits_longer_goes_first() -> None:
    left = [NOON] * 20
    assert [held_until(left, after(1), 20, ahead) for ahead in (0, 19, 20, 40)] == [
        NOON + WINDOW,
        NOON + WINDOW,
        NOON + 2 * WINDOW,
        NOON + 3 * WINDOW,
    ]


def test_a_newcomer_does_not_take_the_place_of_those_who_wait() -> None:
    assert held_until([NOON] * 19, after(1), 20, ahead=1) == NOON + WINDOW


def test_a_try_that_is_still_under_way_keeps_its_place() -> None:
    assert held_until([after(10)] * 20, NOON, 20) == after(10) + WINDOW


@given(
    arrivals=st.lists(st.floats(0, 600), min_size=1, max_size=200),
    takes=st.floats(0, PATIENCE.total_seconds()),
    limit=st.integers(1, 25),
)
def test_nothing_is_lost_and_no_minute_holds_more_than_the_limit(
    arrivals: list[float], takes: float, limit: int
) -> None:
    """Messages reach the other side at any moment of their try: when it begins at the earliest, when it is
    over at the latest. Each window is counted in the worst way."""
    began, over = run([after(second) for second in arrivals], timedelta(seconds=takes), limit)
    assert len(began) == len(arrivals)
    for first in range(len(began)):
        if first + limit < len(began):
            assert began[first + limit] - over[first] > MINUTE


@given(st.lists(st.floats(0, 600), min_size=1, max_size=200))
def test_nobody_is_overtaken(arrivals: list[float]) -> None:
    began, _ = run(sorted(after(second) for second in arrivals), timedelta(), 3)
    assert began == sorted(began)


def run(arrivals: list[datetime], takes: timedelta, limit: int) -> tuple[list[datetime], list[datetime]]:
    """Each message asks when it comes, and again at the instant it was told, until it may leave."""
    over: list[datetime] = []
    began: list[datetime] = []
    for now in sorted(arrivals):
        at = max(now, began[-1]) if began else now
        while (later := held_until(over, at, limit)) is not None:
            assert later > at
            at = later
        began.append(at)
        over.append(at + takes)
    return began, over


def test_what_a_robots_provider_takes_in_a_minute() -> None:
    assert {name.value: limit for name, limit in LIMITS.items()} == {
        "wecom": 20,
        "dingtalk": 20,
        "feishu": 100,
    }


def failure(transport: str, tries: int, *, permanent: bool = False, wait: float | None = None) -> Failure:
    told = None if wait is None else timedelta(seconds=wait)
    return Failure(TransportName(transport), tries, permanent, told)


def test_a_webhook_is_tried_after_one_five_and_thirty_minutes_and_then_given_up() -> None:
    waits = [retry_after(failure("webhook", tries), another_route=False) for tries in (1, 2, 3, 4)]
    assert waits == [timedelta(minutes=1), timedelta(minutes=5), timedelta(minutes=30), None]


@pytest.mark.parametrize("transport", ["email", "sms", "wecom", "dingtalk", "feishu"])
def test_after_two_failures_another_route_is_taken_within_thirty_seconds(transport: str) -> None:
    pause = retry_after(failure(transport, 1), another_route=True)
    assert pause is not None
    assert PATIENCE + pause + PATIENCE < SECOND_ROUTE
    assert retry_after(failure(transport, 2), another_route=True) is None


def test_without_another_route_it_is_tried_longer() -> None:
    waits = [retry_after(failure("wecom", tries), another_route=False) for tries in (1, 2, 3, 4, 5)]
    assert None not in waits[:4]
    assert waits[4] is None


def test_what_would_fail_again_is_not_tried_again() -> None:
    assert retry_after(failure("email", 1, permanent=True), another_route=False) is None


def test_the_other_side_may_ask_for_more_patience() -> None:
    assert retry_after(failure("webhook", 1, wait=90), another_route=False) == timedelta(seconds=90)
