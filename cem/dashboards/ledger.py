"""The ledger in figures: one question, asked by every page, report and call, so that none of them differs."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, Literal

from sqlalchemy import ColumnElement, Integer, Row, Select, cast, func, select

from cem import clock
from cem.domain.vocabulary import AnswerHow, ExcuseReason, LedgerState
from cem.extensions import db
from cem.models import Feedback, LedgerEntry, Site, User, overdue_at

By = Literal["site", "channel", "day", "owner"]
NOBODY: Final = ""
"""The key of what no owner owes any more, in a breakdown by owner."""


@dataclass(frozen=True, slots=True)
class LedgerTotals:
    """`total = owed + answered + excused`, always. `overdue` is a part of `owed`."""

    total: int
    owed: int
    overdue: int
    answered: Mapping[str, int]
    excused: Mapping[str, int]

    @property
    def answered_in_all(self) -> int:
        return sum(self.answered.values())

    @property
    def excused_in_all(self) -> int:
        return sum(self.excused.values())

    @property
    def adds_up(self) -> bool:
        return self.total == self.owed + self.answered_in_all + self.excused_in_all

    def as_dict(self) -> dict[str, Any]:
        """The shape of the contract."""
        return {
            "total": self.total,
            "owed": self.owed,
            "overdue": self.overdue,
            "answered": dict(self.answered),
            "excused": dict(self.excused),
        }


def totals(
    path_prefix: str = "", since: datetime | None = None, until: datetime | None = None
) -> LedgerTotals:
    """The ledger of the places below a path, for what was received from `since` on and before `until`."""
    return _summed(db.session.execute(_counts(path_prefix, since, until)).all())


def breakdown(
    by: By, path_prefix: str = "", since: datetime | None = None, until: datetime | None = None
) -> dict[str, LedgerTotals]:
    """The same for each site (its code), channel, local day (ISO 8601) or owner (user name), by key.

    The parts sum to `totals`. Only what is owed has an owner; the rest stands under `NOBODY`.
    """
    key = _KEYS[by]()
    statement = _counts(path_prefix, since, until).add_columns(key).group_by(key)
    if by == "owner":
        statement = statement.outerjoin(User, User.id == LedgerEntry.owner_id)
    parts: dict[str, list[Row[Any]]] = {}
    for row in db.session.execute(statement):
        parts.setdefault(str(row[-1]), []).append(row)
    return {name: _summed(rows) for name, rows in sorted(parts.items())}


_KEYS: Final[dict[By, Callable[[], ColumnElement[Any]]]] = {
    "site": lambda: Site.code,
    "channel": lambda: Feedback.channel,
    "day": lambda: Feedback.local_day,
    "owner": lambda: func.coalesce(User.username, NOBODY),
}


def _counts(path_prefix: str, since: datetime | None, until: datetime | None) -> Select[Any]:
    e = LedgerEntry
    overdue = func.sum(cast((e.state == LedgerState.OWED) & overdue_at(clock.now()), Integer))
    statement = (
        select(e.state, e.how, e.reason, func.count(), overdue)
        .join(Feedback, Feedback.id == e.feedback_id)
        .join(Site, Site.id == Feedback.site_id)
        .group_by(e.state, e.how, e.reason)
    )
    if path_prefix:
        statement = statement.where(Site.path.startswith(path_prefix, autoescape=True))
    if since is not None:
        statement = statement.where(Feedback.received_at >= since)
    if until is not None:
        statement = statement.where(Feedback.received_at < until)
    return statement


def _summed(rows: list[Row[Any]] | Any) -> LedgerTotals:
    total = owed = overdue = 0
    answered = {how.value: 0 for how in AnswerHow}
    excused = {reason.value: 0 for reason in ExcuseReason}
    for state, how, reason, count, late, *_ in rows:
        total += count
        if state is LedgerState.OWED:
            owed += count
            overdue += int(late or 0)
        elif state is LedgerState.ANSWERED:
            answered[how.value] += count
        else:
            excused[reason.value] += count
    return LedgerTotals(total, owed, overdue, answered, excused)
