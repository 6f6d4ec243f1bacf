"""Time of calendars adds up, whatever the calendar, the pauses and the clock changes."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta

from hypothesis import given
from hypothesis import strategies as st

from cem.domain.calendars import (
    Calendar,
    Pause,
    due_after,
    due_at,
    elapsed,
    is_open,
    next_open,
)

SHANGHAI, BERLIN, NEW_YORK = "Asia/Shanghai", "Europe/Berlin", "America/New_York"
HOUR = timedelta(hours=1)

WALLS = st.builds(time, st.integers(0, 23), st.sampled_from([0, 15, 30, 59]))
RANGES = st.lists(st.tuples(WALLS, WALLS).filter(lambda r: r[0] != r[1] or r[0] == time(0)), max_size=3).map(
    lambda ranges: tuple(sorted(ranges))
)
ZONES = st.sampled_from([SHANGHAI, BERLIN, NEW_YORK, "Australia/Lord_Howe", "Asia/Beirut", "UTC"])
CALENDARS = st.builds(
    Calendar,
    ZONES,
    st.tuples(*[RANGES] * 7).filter(lambda week: any(a != b or a == time(0) for day in week for a, b in day)),
).filter(lambda c: elapsed(datetime(2026, 1, 1, tzinfo=UTC), datetime(2026, 1, 20, tzinfo=UTC), c) > HOUR)
INSTANTS = st.datetimes(
    datetime(2026, 1, 1),  # noqa: DTZ001 - hypothesis adds the zone
    datetime(2026, 12, 31),  # noqa: DTZ001
    timezones=st.just(UTC),
)
BUDGETS = st.timedeltas(timedelta(), timedelta(hours=60))
MAYBE = st.one_of(st.none(), CALENDARS)
PAUSES = st.lists(
    st.builds(
        lambda start, length: Pause(start, start + length, "waiting_customer"),
        INSTANTS,
        st.timedeltas(timedelta(), timedelta(days=3)),
    ),
    max_size=5,
)


@given(INSTANTS, BUDGETS, MAYBE)
def test_what_has_passed_at_the_due_time_is_the_budget(
    start: datetime, budget: timedelta, calendar: Calendar | None
) -> None:
    assert elapsed(start, due_at(start, budget, calendar), calendar) == budget


@given(INSTANTS, BUDGETS, MAYBE, PAUSES)
def test_what_has_passed_at_the_due_time_is_the_budget_with_pauses_too(
    start: datetime, budget: timedelta, calendar: Calendar | None, pauses: list[Pause]
) -> None:
    due = due_after(start, budget, calendar, pauses)
    assert due is not None
    assert elapsed(start, due, calendar, pauses) == budget


@given(INSTANTS, BUDGETS, MAYBE, PAUSES, st.randoms(use_true_random=False))
def test_the_order_of_pauses_does_not_matter(
    start: datetime, budget: timedelta, calendar: Calendar | None, pauses: list[Pause], chance: object
) -> None:
    shuffled = list(pauses)
    chance.shuffle(shuffled)  # type: ignore[attr-defined]
    assert due_after(start, budget, calendar, shuffled) == due_after(start, budget, calendar, pauses)


@given(INSTANTS, BUDGETS, BUDGETS, MAYBE)
def test_a_larger_budget_is_never_due_earlier(
    start: datetime, one: timedelta, more: timedelta, calendar: Calendar | None
) -> None:
    assert due_at(start, one, calendar) <= due_at(start, one + more, calendar)


@given(INSTANTS, INSTANTS, INSTANTS, MAYBE, PAUSES)
def test_time_adds_up_over_neighbouring_periods(
    a: datetime, b: datetime, c: datetime, calendar: Calendar | None, pauses: list[Pause]
) -> None:
    a, b, c = sorted((a, b, c))
    whole = elapsed(a, c, calendar, pauses)
    assert whole == elapsed(a, b, calendar, pauses) + elapsed(b, c, calendar, pauses)
    assert timedelta() <= whole <= c - a


@given(INSTANTS, MAYBE)
def test_the_next_opening_is_open(moment: datetime, calendar: Calendar | None) -> None:
    opening = next_open(calendar, moment)
    assert opening >= moment
    assert is_open(calendar, opening)
    assert elapsed(moment, opening, calendar) == timedelta()


@given(CALENDARS)
def test_a_calendar_survives_its_document(calendar: Calendar) -> None:
    assert Calendar.from_document(calendar.to_document()) == calendar
