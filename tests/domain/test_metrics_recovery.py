"""Recovery and promises kept: what is counted, and what is not."""

from __future__ import annotations

import pytest

from cem.domain.metrics import recovery, sla_attainment
from cem.domain.metrics.figure import wilson
from cem.domain.metrics.recovery import Reasked
from cem.domain.ratings import Rating
from cem.domain.vocabulary import PromiseState


def reasked(after: int | None) -> Reasked:
    return Reasked(Rating("csat5", 1), None if after is None else Rating("csat5", after))


def test_recovered_are_those_who_say_that_they_are_satisfied_now() -> None:
    figure = recovery.compute([reasked(5), reasked(4), reasked(3), reasked(1)])
    assert (figure.value, figure.n) == (0.5, 4)
    assert (figure.low, figure.high) == wilson(2, 4)


def test_the_silent_are_not_recovered_and_their_share_is_told() -> None:
    figure = recovery.compute([reasked(5), *[reasked(None)] * 3])
    assert (figure.value, figure.n) == (1.0, 1)
    assert dict(figure.detail) == {"asked": 4, "response_rate": 0.25}


def test_when_nobody_answered_there_is_no_rate_but_a_response_of_nothing() -> None:
    figure = recovery.compute([reasked(None)] * 3)
    assert figure.value is None


def test_a_lift_is_told_against_customers_who_were_not_reached() -> None:
    lift = recovery.lift(recovery.from_counts(40, 60, 100), recovery.from_counts(62, 38, 100))
    assert lift.value == pytest.approx(0.22)
    assert not lift.within_noise


def test_a_lift_on_a_handful_is_noise() -> None:
    assert recovery.lift(recovery.from_counts(4, 6, 0), recovery.from_counts(6, 4, 0)).within_noise


def test_promises_that_still_run_are_neither_kept_nor_broken() -> None:
    states = [PromiseState.MET] * 3 + [PromiseState.BREACHED, PromiseState.RUNNING, PromiseState.PAUSED]
    figure = sla_attainment.compute(states)
    assert (figure.value, figure.n) == (0.75, 4)
