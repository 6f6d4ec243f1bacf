"""Week by week: are the texts, and what the model makes of them, still like those of the weeks before?

Only what the same model read is compared, so that a change of the model is not taken for one of the
customers. What people corrected does not count here: this is about the machine.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any, Final
from uuid import UUID

from sqlalchemy import func, insert, select, update

from cem import clock
from cem.domain.findings import Findings
from cem.domain.localtime import DAY, MIDNIGHT, instant, local_date
from cem.domain.metrics import drift as rules
from cem.domain.metrics.drift import Drift, Week
from cem.engine import looks, understanding
from cem.engine.transaction import transaction
from cem.extensions import db
from cem.models import Feedback, FindingsRow, ReadingWeek

LOOKED_AT: Final = 12
"""Whole weeks that are counted anew each time: texts are read again, and some arrive late."""
_WEEK: Final = timedelta(weeks=1)


def measure() -> None:
    """Count the last weeks, and tell the administrators once of each week that is unlike those before."""
    zone = looks.group_zone()
    if zone is None:
        return
    for monday in _mondays(clock.now(), zone):
        _keep(monday, _count(instant(zone, monday, MIDNIGHT), instant(zone, monday + _WEEK, MIDNIGHT)))
    use = understanding.in_use()
    if use is not None:
        _tell(use.model, _mondays(clock.now(), zone)[-1])


def models() -> list[str]:
    """The models whose weeks are kept, the one that read last first."""
    last = func.max(ReadingWeek.week)
    rows = select(ReadingWeek.model).group_by(ReadingWeek.model).order_by(last.desc(), ReadingWeek.model)
    return list(db.session.scalars(rows))


def weeks(model: str) -> list[tuple[date, Week]]:
    """The weeks of one model, oldest first: as many as are shown, and those that they are compared with."""
    rows = select(ReadingWeek).where(ReadingWeek.model == model).order_by(ReadingWeek.week.desc())
    found = db.session.scalars(rows.limit(LOOKED_AT + rules.WEEKS)).all()
    return [(row.week, Week(row.week.isoformat(), row.texts, row.counts)) for row in reversed(found)]


def _mondays(now: datetime, zone: str) -> list[date]:
    """The first days of the last whole weeks, oldest first."""
    today = local_date(now, zone)
    this = today - DAY * today.weekday()
    return [this - _WEEK * back for back in range(LOOKED_AT, 0, -1)]


def _count(start: datetime, end: datetime) -> dict[str, tuple[int, dict[str, Counter[str]]]]:
    """By model: how many texts, and how often each bin of each measure. Holds no connection afterwards."""
    f = FindingsRow
    statement = (
        select(f.feedback_id, f.model, f.document, func.length(Feedback.text))
        .join(Feedback, Feedback.id == f.feedback_id)
        .where(
            Feedback.received_at >= start,  # nothing is received before it happened
            Feedback.occurred_at >= start,
            Feedback.occurred_at < end,
            Feedback.text != "",
            f.corrected_by.is_(None),
        )
        .order_by(f.feedback_id, f.version)
    )
    found: dict[str, tuple[int, dict[str, Counter[str]]]] = {}
    seen: set[tuple[UUID, str]] = set()
    for id, model, document, length in db.session.execute(statement):
        if (id, model) in seen:
            continue
        seen.add((id, model))
        texts, counts = found.get(model, (0, {name: Counter() for name in rules.MEASURES}))
        for name, code in rules.observe(Findings.from_dict(document), length):
            counts[name][code] += 1
        found[model] = texts + 1, counts
    db.session.remove()
    return found


def _keep(monday: date, found: dict[str, tuple[int, dict[str, Counter[str]]]]) -> None:
    w = ReadingWeek
    with transaction() as tx:
        rows = tx.session.scalars(select(w).where(w.week == monday)).all()
        known = {row.model: (row.texts, row.counts) for row in rows}
        for model, (texts, counts) in found.items():
            kept = {name: dict(bins) for name, bins in counts.items()}
            values: dict[str, Any] = {"texts": texts, "counts": kept, "at": tx.now}
            if model not in known:
                row = {"week": monday, "model": model, "told_at": None}
                tx.session.execute(insert(w), [row | values])
            elif known[model] != (texts, kept):
                changed = update(w).where(w.week == monday, w.model == model).values(**values)
                tx.session.execute(changed.execution_options(synchronize_session=False))


def _tell(model: str, monday: date) -> None:
    """Once for each week, whatever comes to it later."""
    known = weeks(model)
    if not known or known[-1][0] != monday:
        return
    changed = [each for each in _latest(known) if each.standing == "changed"]
    if not changed:
        return
    with transaction() as tx:
        w = ReadingWeek
        row = update(w).where(w.week == monday, w.model == model, w.told_at.is_(None))
        told = row.values(told_at=tx.now).returning(w.model).execution_options(synchronize_session=False)
        if tx.session.execute(told).all():
            tx.say("reading.drifted", week=monday.isoformat(), model=model)
            tx.audit("hub", "reading.drifted", model, week=monday.isoformat())


def _latest(known: Sequence[tuple[date, Week]]) -> list[Drift]:
    return rules.history([week for _, week in known])[-1]
