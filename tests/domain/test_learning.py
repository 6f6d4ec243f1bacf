"""When there is enough to learn from, and what is never learned from."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import UUID

from cem.domain.learning import APART, ENOUGH, fit_at, is_frozen

NOW = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)


def test_fifty_corrections_are_worth_a_fit_and_fewer_are_not() -> None:
    assert fit_at(ENOUGH - 1, None, NOW) is None
    assert fit_at(ENOUGH, None, NOW) == NOW


def test_a_day_lies_between_two_fits() -> None:
    assert fit_at(ENOUGH, NOW - timedelta(hours=3), NOW) == NOW + timedelta(hours=21)
    assert fit_at(ENOUGH, NOW - 2 * APART, NOW) == NOW


def test_a_tenth_is_frozen_by_its_id_alone() -> None:
    frozen = [is_frozen(UUID(int=number)) for number in range(5000)]
    assert 0.08 < sum(frozen) / len(frozen) < 0.12
    assert frozen == [is_frozen(UUID(int=number)) for number in range(5000)]
