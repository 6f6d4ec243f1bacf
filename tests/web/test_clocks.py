"""What a promise's clock shows."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from cem.http.clocks import clock_view

START = datetime(2025, 11, 24, 2, tzinfo=UTC)


@pytest.mark.parametrize(
    ("left", "parts"),
    [
        (timedelta(seconds=59), ((59, "s"),)),
        (timedelta(minutes=8, seconds=20), ((8, "min"), (20, "s"))),
        (timedelta(minutes=8), ((8, "min"), (0, "s"))),
        (timedelta(minutes=41, seconds=3), ((41, "min"),)),
        (timedelta(hours=3, minutes=58), ((3, "h"), (58, "min"))),
        (timedelta(hours=4), ((4, "h"),)),
        (timedelta(days=2, hours=5, minutes=9), ((2, "d"), (5, "h"))),
        (timedelta(days=2), ((2, "d"),)),
    ],
)
def test_the_biggest_two_units_are_shown(left: timedelta, parts: tuple[tuple[int, str], ...]) -> None:
    assert clock_view(START, START + left, START, "").parts == parts


@pytest.mark.parametrize(
    ("minutes", "state"), [(0, ""), (79, ""), (80, "soon"), (99, "soon"), (100, "overdue")]
)
def test_a_fifth_of_the_time_left_is_soon_and_none_is_overdue(minutes: int, state: str) -> None:
    now = START + timedelta(minutes=minutes)
    assert clock_view(START, START + timedelta(minutes=100), now, "").state == state


def test_an_overdue_clock_counts_since() -> None:
    view = clock_view(START, START + timedelta(minutes=5), START + timedelta(minutes=11, seconds=30), "")
    assert (view.state, view.parts, view.percent) == ("overdue", ((6, "min"),), 0)


def test_what_was_done_in_time_shows_how_fast_and_runs_no_more() -> None:
    view = clock_view(
        START,
        START + timedelta(minutes=5),
        START + timedelta(hours=9),
        "",
        fulfilled_at=START + timedelta(seconds=20),
    )
    assert (view.state, view.parts, view.due_at) == ("kept", ((20, "s"),), None)


def test_what_was_done_in_some_minutes_spares_the_seconds() -> None:
    """They say nothing of a promise that was kept, and break its line on a phone."""
    done = START + timedelta(minutes=9)
    view = clock_view(START, START + timedelta(minutes=15), done, "", fulfilled_at=done)
    assert (view.state, view.parts) == ("kept", ((9, "min"),))


def test_what_was_done_late_shows_by_how_much() -> None:
    done = START + timedelta(minutes=9)
    view = clock_view(START, START + timedelta(minutes=5), done, "", fulfilled_at=done)
    assert (view.state, view.parts) == ("late", ((4, "min"),))


def test_a_paused_clock_does_not_run_on_the_page() -> None:
    view = clock_view(START, START + timedelta(hours=4), START, "", paused=True)
    assert (view.state, view.due_at) == ("paused", None)
