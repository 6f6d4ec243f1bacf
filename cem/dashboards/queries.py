"""What the executive page reads: for each measure one aggregate over the answers or promises it is made of.

The database only counts how often each value was given; what a value means is decided by the metrics of the
domain. Reports go by when something happened (`occurred_at`), not by when it came in.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any, Final
from uuid import UUID

from sqlalchemy import ColumnElement, Select, Text, and_, case, cast, exists, func, select
from sqlalchemy.orm import aliased

from cem.dashboards.ledger import LedgerTotals, totals
from cem.dashboards.periods import ReportPeriod
from cem.domain import contradiction
from cem.domain.metrics import csat, nps, sla_attainment
from cem.domain.metrics.figure import Figure
from cem.domain.metrics.registry import METRICS
from cem.domain.vocabulary import ExcuseReason, LedgerState, PromiseKind, PromiseState
from cem.engine import verify
from cem.extensions import db
from cem.models import Answer, Case, Feedback, LedgerEntry, Promise, Site

NO_OPINION: Final = (ExcuseReason.DUPLICATE, ExcuseReason.TEST, ExcuseReason.ABUSE, ExcuseReason.STAFF)
"""Excuses that say: this was no customer's own rating. It is kept, and counts in no score."""

KEPT_SHOWN: Final = (PromiseKind.FIRST_CONTACT, PromiseKind.RESOLVE)
ENDED: Final = (PromiseState.MET, PromiseState.BREACHED)

Counts = Mapping[int, int]


def below(path: str) -> Select[tuple[UUID]]:
    """The ids of the places in a part of the tree."""
    return select(Site.id).where(Site.path.startswith(path, autoescape=True)).correlate(None)


def counting(metric: str, path: str) -> ColumnElement[bool]:
    """Which answers a metric is made of. Lists behind a figure use the same, so their length is its n."""
    entry = aliased(LedgerEntry)
    no_opinion = exists().where(
        entry.feedback_id == Answer.feedback_id,
        entry.state == LedgerState.EXCUSED,
        entry.reason.in_(NO_OPINION),
    )
    return and_(
        Answer.scale.in_(METRICS[metric].scales),
        Answer.site_id.in_(below(path)),
        Answer.value.is_not(None),
        ~no_opinion,
    )


def trend(metric: str, path: str, periods: Sequence[ReportPeriod]) -> list[Figure]:
    """The metric in each of the periods, which follow one another."""
    number = case(*((Answer.occurred_at < period.end, i) for i, period in enumerate(periods)))
    counts: list[Counter[int]] = [Counter() for _ in periods]
    for i, value, count in db.session.execute(_values(metric, path, periods, number)):
        counts[i][value] += count
    return [figure(metric, each) for each in counts]


def by_site(metric: str, path: str, period: ReportPeriod) -> dict[UUID, Figure]:
    """The metric of each place in one period; a place without an answer is not in it."""
    counts: dict[UUID, Counter[int]] = {}
    for site, value, count in db.session.execute(_values(metric, path, [period], Answer.site_id)):
        counts.setdefault(site, Counter())[value] += count
    return {site: figure(metric, each) for site, each in counts.items()}


def by_scale(metric: str, path: str, period: ReportPeriod) -> dict[str, int]:
    """How many answers of one period came on which scale."""
    counts: Counter[str] = Counter()
    for scale, _value, count in db.session.execute(_values(metric, path, [period], Answer.scale)):
        counts[scale] += count
    return dict(counts)


def figure(metric: str, counts: Counts) -> Figure:
    """NPS from how often each score was given, CSAT (4 and 5 of 5) from how often each rating was."""
    if metric == "csat":
        return csat.from_counts(counts)
    buckets: Counter[str] = Counter()
    for score, count in counts.items():
        buckets[nps.bucket(score)] += count
    return nps.from_counts(*(buckets[name] for name in ("promoter", "passive", "detractor")))


def _values(metric: str, path: str, periods: Sequence[ReportPeriod], key: Any) -> Select[Any]:
    """How often each value was given, by `key`."""
    return (
        select(key, Answer.value, func.count())
        .where(
            counting(metric, path),
            Answer.occurred_at >= periods[0].start,
            Answer.occurred_at < periods[-1].end,
        )
        .group_by(key, Answer.value)
    )


def flagged(code: str) -> ColumnElement[bool]:
    """Feedback with this flag."""
    return cast(Feedback.flags, Text).contains(f'"{code}"')


def against_the_words(path: str, period: ReportPeriod) -> tuple[int, int]:
    """How many ratings their own words contradict, and how many ratings came with words at all.

    Nothing is received before it happened, so the index on `received_at` finds them.
    """
    against = func.sum(case((flagged(contradiction.FLAG), 1), else_=0))
    statement = select(against, func.count()).where(
        Feedback.received_at >= period.start,
        Feedback.occurred_at >= period.start,
        Feedback.occurred_at < period.end,
        Feedback.rating_value.is_not(None),
        Feedback.text != "",
        Feedback.site_id.in_(below(path)),
    )
    found, both = db.session.execute(statement).one()
    return int(found or 0), int(both)


def due_in(period: ReportPeriod) -> ColumnElement[bool]:
    """Promises whose time was up in the period: judged by then, whether somebody was quick or slow."""
    return and_(Promise.due_at >= period.start, Promise.due_at < period.end, Promise.state.in_(ENDED))


def promises_kept(path: str, period: ReportPeriod) -> dict[PromiseKind, Figure]:
    """The share kept in time of the promises that fell due in the period, by kind."""
    statement = (
        select(Promise.kind, Promise.state, func.count())
        .join(Case, Case.id == Promise.case_id)
        .where(due_in(period), Promise.kind.in_(KEPT_SHOWN), Case.site_id.in_(below(path)))
        .group_by(Promise.kind, Promise.state)
    )
    found = {(kind, state): count for kind, state, count in db.session.execute(statement)}
    return {
        kind: sla_attainment.from_counts(*(found.get((kind, state), 0) for state in ENDED))
        for kind in KEPT_SHOWN
    }


def account(path: str) -> tuple[LedgerTotals, int]:
    """The whole ledger of these places, and by how many entries it does not balance (0: it is proved).

    Proved is what a reader of one page can be told at once: as many entries as feedback, and nothing that
    `verify` holds against the ledger itself.
    """
    ledger = totals(path)
    stored = db.session.scalar(select(func.count()).where(Feedback.site_id.in_(below(path)))) or 0
    return ledger, abs(stored - ledger.total) or len(verify.ledger_faults())
