"""A score for each part of what was received: the API's figures. Pages go by when it happened (`queries`)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Final

from sqlalchemy import ColumnElement, Select, func, select

from cem.dashboards import queries
from cem.domain.metrics import ces
from cem.domain.metrics.figure import Figure
from cem.extensions import db
from cem.models import Answer, Feedback, Site, Touchpoint

SCORES: Final = ("nps", "csat", "ces")
EVERYTHING: Final = "all"
"""The key of the whole, where no parts are asked for."""


@dataclass(frozen=True, slots=True)
class Grouping:
    """The columns that the database groups by, and the key that their values make."""

    columns: Callable[[], tuple[Any, ...]]
    key: Callable[..., str]


def _week(day: date) -> str:
    """The Monday that it begins with."""
    return (day - timedelta(days=day.weekday())).isoformat()


GROUPINGS: Final[dict[str, Grouping]] = {
    "site": Grouping(lambda: (Site.code,), str),
    "channel": Grouping(lambda: (Feedback.channel,), str),
    "touchpoint": Grouping(
        lambda: (Site.code, Touchpoint.code), lambda site, touchpoint: f"{site}/{touchpoint or ''}"
    ),
    "day": Grouping(lambda: (Feedback.local_day,), lambda day: str(day.isoformat())),
    "week": Grouping(lambda: (Feedback.local_day,), _week),
    "month": Grouping(lambda: (Feedback.local_day,), lambda day: str(day.isoformat()[:7])),
}
"""Days are the site's own."""


def scores(
    name: str,
    path_prefix: str,
    since: datetime | None = None,
    until: datetime | None = None,
    by: str | None = None,
) -> list[tuple[str, Figure]]:
    """`(key, figure)` for each part, in the keys' order; without `by` one figure for everything."""
    if by is None:
        counts = _counted(name, path_prefix, since, until, Grouping(tuple, lambda: EVERYTHING))
        return [(EVERYTHING, _figure(name, counts.get(EVERYTHING, Counter())))]
    parts = _counted(name, path_prefix, since, until, GROUPINGS[by])
    return [(key, _figure(name, counts)) for key, counts in sorted(parts.items())]


def _counted(
    name: str, path: str, since: datetime | None, until: datetime | None, grouping: Grouping
) -> dict[str, Counter[int]]:
    columns = grouping.columns()
    statement = _received(name, path, since, until).add_columns(*columns).group_by(Answer.value, *columns)
    if Touchpoint.code in columns:
        statement = statement.outerjoin(Touchpoint, Touchpoint.id == Feedback.touchpoint_id)
    counts: dict[str, Counter[int]] = {}
    for value, count, *parts in db.session.execute(statement):
        counts.setdefault(grouping.key(*parts), Counter())[value] += count
    return counts


def _received(name: str, path: str, since: datetime | None, until: datetime | None) -> Select[Any]:
    """How often each value was given, in what was received in a span of time."""
    conditions: list[ColumnElement[bool]] = [queries.counting(name, path)]
    if since is not None:
        conditions.append(Feedback.received_at >= since)
    if until is not None:
        conditions.append(Feedback.received_at < until)
    return (
        select(Answer.value, func.count())
        .join(Feedback, Feedback.id == Answer.feedback_id)
        .join(Site, Site.id == Answer.site_id)
        .where(*conditions)
    )


def _figure(name: str, counts: Counter[int]) -> Figure:
    return ces.from_counts(counts) if name == "ces" else queries.figure(name, counts)
