"""What every registered metric keeps to. A new one is proven by giving it observations here."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cem.domain.metrics.figure import Figure
from cem.domain.metrics.recovery import Reasked
from cem.domain.metrics.registry import METRICS, Metric
from cem.domain.ratings import SCALES, Rating
from cem.domain.vocabulary import PromiseState

RATED = st.builds(Rating, st.just("csat5"), st.integers(1, 5))
OBSERVATIONS: dict[str, st.SearchStrategy[Any]] = {
    "nps": st.integers(0, 10),
    "nps_weighted": st.tuples(st.integers(0, 10), st.floats(0.01, 1e6)),
    "csat": st.integers(1, 5),
    "ces": st.integers(1, 7),
    "recovery": st.builds(Reasked, RATED, st.one_of(st.none(), RATED)),
    "sla_attainment": st.sampled_from(PromiseState),
}
every_metric = pytest.mark.parametrize("metric", METRICS.values(), ids=lambda metric: metric.name)
chance = st.data()


def drawn(data: st.DataObject, metric: Metric) -> list[Any]:
    return data.draw(st.lists(OBSERVATIONS[metric.name], max_size=60))


def same(one: Figure, other: Figure) -> bool:
    numbers = [(f.value, f.low, f.high, f.se) for f in (one, other)]
    close = all(a == b or a == pytest.approx(b, abs=1e-6) for a, b in zip(*numbers, strict=True))
    return close and one.n == other.n


def test_every_metric_is_proven_here() -> None:
    assert OBSERVATIONS.keys() == METRICS.keys()


@every_metric
def test_of_nothing_it_says_nothing(metric: Metric) -> None:
    figure = metric.compute([])
    assert (figure.value, figure.low, figure.high, figure.se, figure.n) == (None, None, None, None, 0)
    assert figure.hidden
    assert figure.few


@every_metric
@given(data=chance)
def test_value_and_interval_are_possible_and_in_order(metric: Metric, data: st.DataObject) -> None:
    figure = metric.compute(drawn(data, metric))
    assert figure.unit == metric.unit
    if figure.value is not None:
        assert figure.low is not None
        assert figure.high is not None
        tiny = 1e-9
        assert metric.floor - tiny <= figure.low <= figure.value + tiny
        assert figure.value - tiny <= figure.high <= metric.ceiling + tiny
        assert figure.high > figure.low


@every_metric
@given(data=chance)
def test_the_order_of_observations_does_not_matter(metric: Metric, data: st.DataObject) -> None:
    observations = drawn(data, metric)
    shuffled = data.draw(st.permutations(observations))
    assert same(metric.compute(observations), metric.compute(shuffled))


@every_metric
@given(data=chance)
def test_it_reads_its_observations_once(metric: Metric, data: st.DataObject) -> None:
    observations = drawn(data, metric)
    assert same(metric.compute(observations), metric.compute(iter(observations)))


@every_metric
@given(data=chance)
def test_every_observation_is_in_exactly_one_bucket(metric: Metric, data: st.DataObject) -> None:
    observations = drawn(data, metric)
    found = [metric.bucket(observation) for observation in observations]
    assert set(found) <= set(metric.buckets)
    assert sum(found.count(name) for name in metric.buckets) == len(observations)
    assert metric.compute(observations).n <= len(observations)


@every_metric
def test_it_is_made_of_scales_that_exist(metric: Metric) -> None:
    assert set(metric.scales) <= SCALES.keys()


@pytest.mark.parametrize("metric", [m for m in METRICS.values() if m.scales], ids=lambda metric: metric.name)
def test_every_value_of_its_scales_has_a_bucket_and_no_other_has(metric: Metric) -> None:
    scale = SCALES[metric.scales[0]]

    def observed(value: float) -> Any:
        return (value, 1.0) if metric.name == "nps_weighted" else value

    assert {metric.bucket(observed(v)) for v in range(scale.low, scale.high + 1)} == set(metric.buckets)
    for wrong in (scale.low - 1, scale.high + 1, scale.low + 0.5):
        with pytest.raises(ValueError, match="is not"):
            metric.bucket(observed(wrong))
