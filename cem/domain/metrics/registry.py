"""Every metric by its name. To add one: a module like its neighbours, and one line here."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from cem.domain.metrics import ces, csat, nps, recovery, sla_attainment
from cem.domain.metrics.figure import Figure, Unit


@dataclass(frozen=True, slots=True)
class Metric:
    """`compute` takes observations in any order; `bucket` puts each of them into exactly one of `buckets`.

    `scales` are the rating scales it is made of (empty where it is not made of ratings): scales never mix.
    """

    name: str
    unit: Unit
    floor: float
    ceiling: float
    scales: tuple[str, ...]
    compute: Callable[[Iterable[Any]], Figure]
    bucket: Callable[[Any], str]
    buckets: tuple[str, ...]


def _weighted_bucket(observation: tuple[int, float]) -> str:
    return nps.bucket(observation[0])


METRICS: dict[str, Metric] = {
    metric.name: metric
    for metric in (
        Metric("nps", "points", -100, 100, ("nps",), nps.compute, nps.bucket, nps.BUCKETS),
        Metric("nps_weighted", "points", -100, 100, ("nps",), nps.weighted, _weighted_bucket, nps.BUCKETS),
        Metric("csat", "share", 0, 1, ("csat5", "faces5", "stars5"), csat.compute, csat.bucket, csat.BUCKETS),
        Metric("ces", "mean", 1, 7, ("ces7",), ces.compute, ces.bucket, ces.BUCKETS),
        Metric("recovery", "share", 0, 1, (), recovery.compute, recovery.bucket, recovery.BUCKETS),
        Metric(
            "sla_attainment",
            "share",
            0,
            1,
            (),
            sla_attainment.compute,
            sla_attainment.bucket,
            sla_attainment.BUCKETS,
        ),
    )
}
