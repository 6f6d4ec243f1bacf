"""What the customers' own words add to the figures: ratings that their words contradict."""

from __future__ import annotations

from dataclasses import dataclass

from cem.dashboards import queries
from cem.dashboards.periods import ReportPeriod
from cem.domain.contradiction import FLAG
from cem.web.executive.view import View


@dataclass(frozen=True, slots=True)
class Against:
    """Of `both`, feedback of the period with a rating and words, in `count` the two contradict each other."""

    count: int
    both: int
    href: str


def against(view: View, period: ReportPeriod) -> Against:
    count, both = queries.against_the_words(view.path, period)
    return Against(count, both, view.items_of(period, flag=FLAG))
