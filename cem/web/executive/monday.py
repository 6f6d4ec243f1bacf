"""The page as its template shows it: each figure with its interval, its n and the way to what is behind."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from flask_babel import gettext

from cem.dashboards import figures, queries
from cem.dashboards.ledger import LedgerTotals
from cem.dashboards.periods import ReportPeriod
from cem.domain.metrics.figure import Difference, Figure, change
from cem.domain.metrics.registry import METRICS
from cem.domain.vocabulary import AnswerHow
from cem.engine.organisation import Place
from cem.http.pages import figure as written
from cem.web.executive import sentences, spoken
from cem.web.executive.view import View

HUNDREDTHS: Final = 100
FEWEST: Final = 4
"""Periods of a trend, however young the hub is."""


@dataclass(frozen=True, slots=True)
class Shown:
    """A figure in the unit that people read: points, or of a hundred."""

    value: float
    low: float
    high: float
    n: int
    few: bool
    hidden: bool


@dataclass(frozen=True, slots=True)
class Versus:
    points: float
    real: bool
    text: str


@dataclass(frozen=True, slots=True)
class Score:
    """One metric: its last full period, what changed, twelve periods, and each branch on one scale."""

    metric: str
    unit: str
    now: Shown
    versus: Versus | None
    chart: dict[str, Any]
    numbers: Sequence[tuple[str, str, Shown]]
    href: str
    branches: Sequence[Branch]
    ends: tuple[int, int]


@dataclass(frozen=True, slots=True)
class Branch:
    """`at`, `low` and `high` are where it stands on the common scale, in hundredths of its width."""

    name: Mapping[str, str]
    now: Shown
    href: str
    at: float = 0.0
    low: float = 0.0
    high: float = 0.0


@dataclass(frozen=True, slots=True)
class Account:
    """`parts` as the ledger bar wants them; `owed` there is what is not yet due."""

    parts: Mapping[str, int]
    total: int
    off_by: int
    personally: int
    asked: int

    @property
    def share(self) -> float:
        return HUNDREDTHS * self.personally / self.asked if self.asked else 0.0


@dataclass(frozen=True, slots=True)
class Kept:
    title: str
    now: Shown
    href: str


def page(view: View) -> dict[str, Any]:
    """Everything that the template needs."""
    periods = view.periods()
    trends = {metric: queries.trend(metric, view.path, periods) for metric in ("nps", "csat")}
    nps = trends["nps"]
    ledger, off_by = queries.account(view.path)
    return {
        "headline": sentences.headline(nps[-1], change(nps[-2], nps[-1])),
        "under_it": sentences.under_it(ledger.owed, ledger.overdue),
        "period": sentences.period(periods[-1], view.grain),
        "days": sentences.days(periods[-1].first, periods[-1].last),
        "city": sentences.city(view.zone),
        "scores": {metric: _score(view, metric, periods, trend) for metric, trend in trends.items()},
        "scales": sorted(queries.by_scale("csat", view.path, periods[-1]).items()),
        "kept": _kept(view, periods[-1]),
        "ledger": _account(ledger, off_by),
        "against": spoken.against(view, periods[-1]),
        "new": spoken.new_words(view),
    }


def shown(figure: Figure) -> Shown:
    """Shares as hundredths. Of what is hidden nothing is handed on but its n."""
    if figure.hidden or figure.value is None or figure.low is None or figure.high is None:
        return Shown(0, 0, 0, figure.n, few=True, hidden=True)
    by = HUNDREDTHS if figure.unit == "share" else 1
    return Shown(by * figure.value, by * figure.low, by * figure.high, figure.n, figure.few, hidden=False)


def _score(view: View, metric: str, periods: Sequence[ReportPeriod], trend: Sequence[Figure]) -> Score:
    periods, trend = _since_it_began(periods, trend)
    named = [(each, sentences.period(each, view.grain)) for each in periods]
    rows = [(name, each, shown(figure)) for (each, name), figure in zip(named, trend, strict=True)]
    ticks = [sentences.tick(each, view.grain) for each in periods]
    points = [_point(label, name, row) for label, (name, _, row) in zip(ticks, rows, strict=True)]
    branches, ends = _branches(view, metric, periods[-1])
    share = METRICS[metric].unit == "share"
    unit = "%" if share else ""
    last = rows[-1][2]
    return Score(
        metric,
        unit,
        last,
        _versus(change(trend[-2], trend[-1]), HUNDREDTHS if share else 1) if _told(trend) else None,
        figures.trend(points, *_bounds(metric), "" if last.hidden else written(last.value) + unit),
        [(name, sentences.days(each.first, each.last), row) for name, each, row in rows],
        view.items_of(periods[-1], metric=metric),
        branches,
        ends,
    )


def _since_it_began(
    periods: Sequence[ReportPeriod], trend: Sequence[Figure]
) -> tuple[Sequence[ReportPeriod], Sequence[Figure]]:
    """Without the periods before the first answer; four at least, so that a line can be seen."""
    empty = next((i for i, figure in enumerate(trend) if figure.n), len(trend))
    begin = min(empty, len(trend) - FEWEST)
    return periods[begin:], trend[begin:]


def _bounds(metric: str) -> tuple[float, float]:
    by = HUNDREDTHS if METRICS[metric].unit == "share" else 1
    return by * METRICS[metric].floor, by * METRICS[metric].ceiling


def _told(trend: Sequence[Figure]) -> bool:
    return not trend[-1].hidden and not trend[-2].hidden


def _versus(difference: Difference, by: int) -> Versus:
    value, low, high = (
        None if x is None else by * x for x in (difference.value, difference.low, difference.high)
    )
    points = Difference(value, low, high, se=None)
    return Versus(points.value or 0.0, not points.within_noise, sentences.versus(points))


def _point(label: str, name: str, row: Shown) -> figures.Point:
    if row.hidden:
        return figures.Point(label, name)
    said = gettext(
        "%(period)s: %(value)s (%(low)s…%(high)s, n %(n)s)",
        period=name,
        value=written(row.value),
        low=written(row.low),
        high=written(row.high),
        n=written(row.n),
    )
    return figures.Point(label, said, row.value, row.low, row.high, row.few)


def _branches(view: View, metric: str, period: ReportPeriod) -> tuple[list[Branch], tuple[int, int]]:
    """In the order of the tree, never of the figures: this is no ranking."""
    found = queries.by_site(metric, view.path, period)
    rows = [(place, shown(found[place.id])) for place in view.branches if place.id in found]
    points = [_point("", "", row) for _, row in rows]
    ticks = figures.axis_ticks(points, *_bounds(metric))
    return [_branch(view, metric, period, place, row, ticks) for place, row in rows], (ticks[0], ticks[-1])


def _branch(
    view: View, metric: str, period: ReportPeriod, place: Place, row: Shown, ticks: list[int]
) -> Branch:
    href = view.items_of(period, metric=metric, site=place.code)
    if row.hidden:
        return Branch(place.name, row, href)
    low, at, high = (
        HUNDREDTHS * (x - ticks[0]) / (ticks[-1] - ticks[0]) for x in (row.low, row.value, row.high)
    )
    return Branch(place.name, row, href, at, low, high)


def _kept(view: View, period: ReportPeriod) -> list[Kept]:
    titles = {"first_contact": gettext("First contact"), "resolve": gettext("Solve")}
    return [
        Kept(titles[kind], shown(figure), view.items_of(period, promise=kind.value))
        for kind, figure in queries.promises_kept(view.path, period).items()
    ]


def _account(ledger: LedgerTotals, off_by: int) -> Account:
    personally = ledger.answered[AnswerHow.PERSONAL] + ledger.answered[AnswerHow.PUBLIC]
    parts = dict(ledger.answered) | {
        "owed": ledger.owed - ledger.overdue,
        "overdue": ledger.overdue,
        "excused": ledger.excused_in_all,
    }
    return Account(parts, ledger.total, off_by, personally, personally + ledger.owed)
