"""What may wait, until when, and whose turn it is."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from cem.domain.throttle import DEVICE_LIMITS, device_held_until
from cem.domain.vocabulary import DeliveryKind, HeldFor
from cem.domain.waiting import TOGETHER, Habits, Turn, held_for_company, held_for_habits, in_turn, jumps

NIGHT = datetime(2026, 11, 22, 18, 0, tzinfo=UTC)
"""02:00 in Shanghai."""
LIN = Habits("Asia/Shanghai", "22:30", "07:00", "08:15")


def shanghai(hour: int, minute: int = 0, day: int = 23) -> datetime:
    return datetime(2026, 11, day, hour, minute, tzinfo=UTC) - timedelta(hours=8)


@pytest.mark.parametrize("kind", [DeliveryKind.PAGE, DeliveryKind.ESCALATION, DeliveryKind.GROUP])
def test_no_night_is_quiet_for_who_is_called_to_act(kind: DeliveryKind) -> None:
    assert held_for_habits(kind, LIN, NIGHT) is None


@pytest.mark.parametrize("kind", [DeliveryKind.WARNING, DeliveryKind.BREACH])
def test_what_one_should_know_waits_for_the_morning(kind: DeliveryKind) -> None:
    assert held_for_habits(kind, LIN, NIGHT) == (shanghai(7), HeldFor.QUIET)
    assert held_for_habits(kind, LIN, shanghai(22, 30)) == (shanghai(7, day=24), HeldFor.QUIET)
    assert held_for_habits(kind, LIN, shanghai(7)) is None
    assert held_for_habits(kind, Habits("Asia/Shanghai"), NIGHT) is None


@pytest.mark.parametrize("kind", [DeliveryKind.NEWS, DeliveryKind.DIGEST])
def test_news_waits_for_its_hour(kind: DeliveryKind) -> None:
    assert held_for_habits(kind, LIN, shanghai(8)) == (shanghai(8, 15), HeldFor.DIGEST)
    assert held_for_habits(kind, LIN, shanghai(8, 15)) == (shanghai(8, 15, day=24), HeldFor.DIGEST)


def test_what_follows_within_the_minute_waits_for_company() -> None:
    assert held_for_company(None, NIGHT) is None
    assert held_for_company(NIGHT - TOGETHER, NIGHT) is None
    assert held_for_company(NIGHT - timedelta(seconds=20), NIGHT) == NIGHT + timedelta(seconds=40)


def test_whoever_was_told_least_recently_is_next_and_nobody_twice_before_all_once() -> None:
    waiting = [
        Turn("l1", "lin", False),
        Turn("l2", "lin", False),
        Turn("z1", "zhou", False),
        Turn("g1", "gu", False),
    ]
    last = {"lin": NIGHT, "zhou": NIGHT - timedelta(minutes=5)}
    assert in_turn(waiting, last) == ["g1", "z1", "l1", "l2"]


def test_the_first_page_of_a_case_jumps_the_queue() -> None:
    waiting = [Turn("l1", "lin", False), Turn("z1", "zhou", False), Turn("l2", "lin", True)]
    assert in_turn(waiting, {"lin": NIGHT}) == ["l2", "z1", "l1"]
    assert jumps(DeliveryKind.PAGE)
    assert not jumps(DeliveryKind.ESCALATION)


def test_one_telephone_gets_no_more_than_its_limits_in_any_span() -> None:
    left: list[datetime] = []
    now = NIGHT
    for _ in range(30):
        at = device_held_until(left, now)
        now = at or now
        left.append(now)
    for limit, span in DEVICE_LIMITS:
        assert all(later - first >= span for first, later in zip(left, left[limit:], strict=False))
    assert left[4] - left[0] == timedelta(minutes=4)
    assert left[5] - left[0] == timedelta(minutes=15)
