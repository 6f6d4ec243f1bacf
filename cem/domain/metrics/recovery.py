"""Recovery: of those asked the same question again after their case, how many are satisfied now.

Always with the share who answered the second question: the silent ones are not recovered. A lift is told
only against comparable customers who were not reached, since bad first scores rise by themselves.
methods.md section 12.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from cem.domain.metrics.figure import Difference, Figure, change, share
from cem.domain.ratings import Rating

BUCKETS = ("silent", "not_recovered", "recovered")


@dataclass(frozen=True, slots=True)
class Reasked:
    """One closed case whose customer was asked again; `after` is None where no answer came."""

    before: Rating
    after: Rating | None


def bucket(case: Reasked) -> str:
    if case.after is None:
        return "silent"
    return "recovered" if case.after.satisfied else "not_recovered"


def compute(cases: Iterable[Reasked]) -> Figure:
    """The share recovered among those who answered; `n` counts these, `detail` all who were asked."""
    found = [bucket(case) for case in cases]
    return from_counts(found.count("recovered"), found.count("not_recovered"), found.count("silent"))


def from_counts(recovered: int, not_recovered: int, silent: int) -> Figure:
    answered = recovered + not_recovered
    asked = answered + silent
    response = answered / asked if asked else 0.0
    detail = {"asked": float(asked), "response_rate": response}
    return share(recovered, answered, "satisfied_after", detail)


def lift(not_reached: Figure, reached: Figure) -> Difference:
    """By how much recovery is higher than without us. Both groups have the same first scores and topics."""
    return change(not_reached, reached)
