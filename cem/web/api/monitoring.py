"""`/metrics` for Prometheus: is the machine keeping up? Numbers only, none about people."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from typing import Any, Final

from flask import Blueprint, Response, current_app
from prometheus_client import CollectorRegistry, PlatformCollector, ProcessCollector, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector
from sqlalchemy import Select, func, select

from cem import clock
from cem.domain.vocabulary import LedgerState
from cem.engine.reconciler import LEDGER, standing
from cem.extensions import csrf, db, limiter
from cem.http import access, streams
from cem.models import AuditRow, Case, FindingsRow, LedgerEntry, OutboxRow, Reconciliation, Task, overdue_at

blueprint = Blueprint("monitoring", __name__)
csrf.exempt(blueprint)
limiter.exempt(blueprint)
access.rule("monitoring.metrics", access.PUBLIC)

REMEMBERED: Final = 5.0
"""Seconds for which an answer is repeated, so that nobody can keep the database busy by asking."""
CONTENT_TYPE: Final = "text/plain; version=0.0.4; charset=utf-8"

_asking = threading.Lock()
_last: dict[int, tuple[float, bytes]] = {}


@blueprint.get("/metrics")
def metrics() -> Response:
    with _asking:
        app = id(current_app._get_current_object())  # type: ignore[attr-defined]
        until, text = _last.get(app, (0.0, b""))
        if until < time.monotonic():
            text = generate_latest(_registry())
            _last[app] = (time.monotonic() + REMEMBERED, text)
    return Response(text, content_type=CONTENT_TYPE)


class Backlog(Collector):
    """What waits, by the indexes that the workers use: cheap however much there is."""

    def collect(self) -> Iterator[GaugeMetricFamily]:
        for name, (words, statement) in _GAUGES.items():
            value = db.session.scalar(statement())
            yield GaugeMetricFamily(f"cem_{name}", words, value=float(value or 0))
        proved_at = standing().at
        since = (clock.now() - proved_at).total_seconds() if proved_at else float("inf")
        yield GaugeMetricFamily("cem_ledger_proof_age_seconds", "Since the ledger was checked.", value=since)
        open_streams = streams.of(current_app).keeper.open_streams
        yield GaugeMetricFamily("cem_streams", "Open streams of this process.", value=open_streams)


def _registry() -> CollectorRegistry:
    registry = CollectorRegistry()
    registry.register(Backlog())
    ProcessCollector(registry=registry)
    PlatformCollector(registry=registry)
    return registry


def _count(table: Any, *conditions: Any) -> Select[Any]:
    return select(func.count()).select_from(table).where(*conditions)


_WAITING: Final = (Task.done_at.is_(None), Task.set_aside_at.is_(None))

_GAUGES: Final[dict[str, tuple[str, Callable[[], Select[Any]]]]] = {
    "ledger_owed": (
        "Feedback that is owed an answer.",
        lambda: _count(LedgerEntry, LedgerEntry.state == LedgerState.OWED),
    ),
    "ledger_overdue": (
        "Feedback whose answer is overdue.",
        lambda: _count(LedgerEntry, LedgerEntry.state == LedgerState.OWED, overdue_at(clock.now())),
    ),
    "ledger_faults": (
        "What the reconciler found wrong when it ran last.",
        lambda: select(Reconciliation.faults).where(Reconciliation.name == LEDGER),
    ),
    "cases_unended": ("Cases that have not ended.", lambda: _count(Case, Case.ended_at.is_(None))),
    "outbox_unexpanded": (
        "Events that the relay has not taken yet.",
        lambda: _count(OutboxRow, OutboxRow.expanded_at.is_(None)),
    ),
    "tasks_waiting": ("Effects that are still to come.", lambda: _count(Task, *_WAITING)),
    "tasks_due": (
        "Effects that are due and claimed by nobody.",
        lambda: _count(Task, *_WAITING, Task.available_at <= clock.now()),
    ),
    "tasks_set_aside": (
        "Effects given up after three tries; a person has to look.",
        lambda: _count(Task, Task.set_aside_at.is_not(None)),
    ),
    "texts_to_read_again": (
        "Texts that a simpler model read while the wished one is not there.",
        lambda: _count(FindingsRow, FindingsRow.stood_in),
    ),
    "audit_unsealed": (
        "Rows of the audit trail that wait for their hash.",
        lambda: _count(AuditRow, AuditRow.number.is_(None)),
    ),
}
