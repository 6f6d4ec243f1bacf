"""How a promise stands: one function for the desk, the sweep and every report."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cem.domain.calendars import Calendar, Pause
from cem.domain.sla import Clock, changed, due_at, reopened_target, standing, warnings
from cem.domain.vocabulary import Hours, PauseReason, PromiseKind, PromiseState

HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)
ZONE = ZoneInfo("Asia/Shanghai")
OFFICE = Calendar.from_document({"timezone": "Asia/Shanghai", "week": [[["09:00", "17:00"]]] * 5 + [[], []]})
FRIDAY = datetime(2026, 1, 9, 16, tzinfo=ZONE)
MONDAY = datetime(2026, 1, 12, 9, tzinfo=ZONE)


def promise(
    target: timedelta = HOUR,
    hours: Hours = Hours.WALL,
    started_at: datetime = FRIDAY,
    pauses: tuple[Pause, ...] = (),
    fulfilled_at: datetime | None = None,
) -> Clock:
    return Clock(PromiseKind.RESOLVE, target, hours, started_at, pauses, fulfilled_at)


def test_a_promise_runs_until_it_is_due() -> None:
    half = standing(promise(), OFFICE, FRIDAY + 30 * MINUTE)
    assert half.state == PromiseState.RUNNING
    assert (half.due_at, half.remaining, half.share_left) == (FRIDAY + HOUR, 30 * MINUTE, 0.5)
    assert half.paused_because is None


def test_a_promise_is_broken_at_the_instant_it_is_due() -> None:
    assert standing(promise(), OFFICE, FRIDAY + HOUR - MINUTE).state == PromiseState.RUNNING
    assert standing(promise(), OFFICE, FRIDAY + HOUR).state == PromiseState.BREACHED


def test_a_promise_kept_in_time_stays_kept() -> None:
    kept = standing(promise(fulfilled_at=FRIDAY + 59 * MINUTE), OFFICE, FRIDAY + 100 * HOUR)
    assert (kept.state, kept.elapsed, kept.over) == (PromiseState.MET, 59 * MINUTE, timedelta())


def test_a_promise_kept_late_stays_broken_and_its_time_over_stops_growing() -> None:
    late = promise(fulfilled_at=FRIDAY + 90 * MINUTE)
    for later in (2 * HOUR, 200 * HOUR):
        seen = standing(late, OFFICE, FRIDAY + later)
        assert (seen.state, seen.over, seen.share_left) == (PromiseState.BREACHED, 30 * MINUTE, 0.0)


def test_outside_hours_a_business_promise_rests_and_says_so() -> None:
    night = standing(promise(4 * HOUR, Hours.BUSINESS), OFFICE, FRIDAY + 5 * HOUR)
    assert (night.state, night.paused_because) == (PromiseState.PAUSED, PauseReason.OUTSIDE_HOURS)
    assert night.due_at == MONDAY + 3 * HOUR
    assert night.remaining == 3 * HOUR


def test_outside_hours_a_wall_promise_runs_on() -> None:
    assert standing(promise(24 * HOUR), OFFICE, FRIDAY + 5 * HOUR).state == PromiseState.RUNNING


def test_a_pause_by_a_person_has_no_due_time_but_one_if_resumed_now() -> None:
    paused = promise(pauses=(Pause(FRIDAY + 20 * MINUTE, None, PauseReason.WAITING_CUSTOMER),))
    seen = standing(paused, OFFICE, FRIDAY + 10 * HOUR)
    assert (seen.state, seen.paused_because) == (PromiseState.PAUSED, PauseReason.WAITING_CUSTOMER)
    assert seen.due_at is None
    assert seen.due_if_resumed == FRIDAY + 10 * HOUR + 40 * MINUTE
    assert seen.remaining == 40 * MINUTE


def test_a_person_s_pause_is_named_before_the_calendar_s() -> None:
    pause = Pause(FRIDAY, None, PauseReason.WAITING_THIRD_PARTY)
    seen = standing(promise(HOUR, Hours.BUSINESS, pauses=(pause,)), OFFICE, FRIDAY + 5 * HOUR)
    assert seen.paused_because == PauseReason.WAITING_THIRD_PARTY


def test_a_pause_after_the_due_time_mends_nothing() -> None:
    pause = Pause(FRIDAY + 2 * HOUR, None, PauseReason.WAITING_CUSTOMER)
    assert standing(promise(pauses=(pause,)), OFFICE, FRIDAY + 3 * HOUR).state == PromiseState.BREACHED


def test_paused_and_resolved_in_one_breath_is_kept() -> None:
    pause = Pause(FRIDAY + 30 * MINUTE, None, PauseReason.WAITING_CUSTOMER)
    kept = promise(pauses=(pause,), fulfilled_at=FRIDAY + 180 * 24 * HOUR)
    seen = standing(kept, OFFICE, FRIDAY + 190 * 24 * HOUR)
    assert (seen.state, seen.elapsed) == (PromiseState.MET, 30 * MINUTE)


def test_what_happens_later_does_not_change_how_it_stood() -> None:
    later = Pause(FRIDAY + 50 * MINUTE, FRIDAY + 9 * HOUR, PauseReason.WAITING_CUSTOMER)
    history = promise(pauses=(later,), fulfilled_at=FRIDAY + 9 * HOUR)
    assert standing(history, OFFICE, FRIDAY + 40 * MINUTE) == standing(
        promise(), OFFICE, FRIDAY + 40 * MINUTE
    )
    assert standing(history, OFFICE, FRIDAY + HOUR).paused_because == PauseReason.WAITING_CUSTOMER


def test_a_changed_priority_leaves_the_new_target_less_what_was_used() -> None:
    after = changed(promise(8 * HOUR), OFFICE, FRIDAY + HOUR, 2 * HOUR, Hours.WALL)
    assert due_at(after, OFFICE) == FRIDAY + 2 * HOUR
    assert standing(after, OFFICE, FRIDAY + 90 * MINUTE).elapsed == 90 * MINUTE


def test_a_changed_priority_never_makes_a_promise_that_was_broken_before_it_was_made() -> None:
    now = FRIDAY + 6 * HOUR
    assert due_at(changed(promise(8 * HOUR), OFFICE, now, HOUR, Hours.WALL), OFFICE) == now


def test_a_case_raised_on_monday_does_not_pay_for_the_weekend() -> None:
    calm = promise(40 * HOUR, Hours.BUSINESS)
    raised = changed(calm, OFFICE, MONDAY, 24 * HOUR, Hours.WALL)
    assert due_at(raised, OFFICE) == MONDAY + 23 * HOUR


def test_a_pause_goes_on_over_a_change_of_priority() -> None:
    pause = Pause(FRIDAY + 30 * MINUTE, None, PauseReason.WAITING_CUSTOMER)
    after = changed(promise(8 * HOUR, pauses=(pause,)), OFFICE, FRIDAY + 2 * HOUR, HOUR, Hours.WALL)
    seen = standing(after, OFFICE, FRIDAY + 5 * HOUR)
    assert (seen.state, seen.remaining) == (PromiseState.PAUSED, 30 * MINUTE)


@pytest.mark.parametrize(("used", "left"), [(10, 14), (21, 4), (24, 4), (90, 4)])
def test_reopening_leaves_the_rest_and_at_least_four_hours(used: int, left: int) -> None:
    assert reopened_target(24 * HOUR, used * HOUR) == left * HOUR


def test_warnings_come_at_half_at_four_fifths_and_at_the_end() -> None:
    at = {w.level: w.at - FRIDAY for w in warnings(promise(), OFFICE)}
    assert at == {50: 30 * MINUTE, 80: 48 * MINUTE, 100: HOUR}


def test_warnings_of_business_promises_never_come_outside_hours() -> None:
    started = FRIDAY - 3 * HOUR
    found = {w.level: w.at for w in warnings(promise(8 * HOUR, Hours.BUSINESS, started), OFFICE)}
    assert found[50] == MONDAY
    assert found[100] == MONDAY + 4 * HOUR


def test_a_due_time_that_moves_warns_anew() -> None:
    pause = Pause(FRIDAY + 40 * MINUTE, FRIDAY + 2 * HOUR, PauseReason.WAITING_CUSTOMER)
    before, after = warnings(promise(), OFFICE), warnings(promise(pauses=(pause,)), OFFICE)
    assert {(w.level, w.due_at) for w in before}.isdisjoint((w.level, w.due_at) for w in after)


def test_nobody_is_warned_of_a_promise_that_waits_for_the_customer() -> None:
    pause = Pause(FRIDAY + MINUTE, None, PauseReason.WAITING_CUSTOMER)
    assert warnings(promise(pauses=(pause,)), OFFICE) == ()


OFFSETS = st.timedeltas(timedelta(), timedelta(days=6))
HISTORIES = st.lists(st.tuples(OFFSETS, st.one_of(st.none(), OFFSETS)), max_size=4).map(
    lambda found: tuple(
        Pause(FRIDAY + a, None if length is None else FRIDAY + a + length, PauseReason.WAITING_CUSTOMER)
        for a, length in found
    )
)
CLOCKS = st.builds(
    Clock,
    st.sampled_from(PromiseKind),
    st.timedeltas(MINUTE, timedelta(days=4)),
    st.sampled_from(Hours),
    st.just(FRIDAY),
    HISTORIES,
    st.one_of(st.none(), OFFSETS.map(lambda o: FRIDAY + o)),
)


@given(CLOCKS, OFFSETS)
def test_time_used_and_time_left_are_always_the_target(clock: Clock, after: timedelta) -> None:
    seen = standing(clock, OFFICE, FRIDAY + after)
    assert seen.elapsed + seen.remaining == clock.target
    assert 0 <= seen.share_left <= 1


@given(CLOCKS, OFFSETS, OFFSETS)
def test_once_broken_always_broken(clock: Clock, one: timedelta, more: timedelta) -> None:
    if standing(clock, OFFICE, FRIDAY + one).state == PromiseState.BREACHED:
        assert standing(clock, OFFICE, FRIDAY + one + more).state == PromiseState.BREACHED


@given(CLOCKS, OFFSETS)
def test_broken_means_that_the_due_time_has_come(clock: Clock, after: timedelta) -> None:
    now = FRIDAY + after
    seen = standing(clock, OFFICE, now)
    fulfilled = clock.fulfilled_at if clock.fulfilled_at and clock.fulfilled_at <= now else None
    came = seen.due_at is not None and seen.due_at <= (fulfilled or now)
    assert (seen.state == PromiseState.BREACHED) == came
    assert (seen.paused_because is not None) == (seen.state == PromiseState.PAUSED)


@given(CLOCKS, st.permutations(range(4)))
def test_the_order_of_saves_changes_nothing(clock: Clock, order: list[int]) -> None:
    shuffled = tuple(clock.pauses[i] for i in order if i < len(clock.pauses))
    same = Clock(clock.kind, clock.target, clock.hours, clock.started_at, shuffled, clock.fulfilled_at)
    now = FRIDAY + timedelta(days=5)
    assert standing(same, OFFICE, now) == standing(clock, OFFICE, now)


def test_answers_are_instants_in_utc() -> None:
    due = standing(promise(), OFFICE, FRIDAY).due_at
    assert due is not None
    assert due.tzinfo is UTC
