"""The sweep among very many open cases, the sweep with nothing due, and how many events the relay expands."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from statistics import median
from typing import Final

from flask import Flask
from sqlalchemy import insert, select, update

from cem import clock
from cem.app import create_app
from cem.engine import organisation, outbox, sla_watch
from cem.extensions import db
from cem.ids import new_id
from cem.models import Case, OutboxRow
from tests import world as worlds
from tests.bench.many_cases import fill
from tests.bench.sides import let_go, migrated
from tests.bench.table import Line
from tests.world import World
from workers.handlers import effects

FEW: Final = 10_000
DUE: Final = 100
EVENTS: Final = 10_000


def measure(kind: str, folder: Path, rounds: int, many: int) -> Iterator[Line]:
    yield from _sweeps(kind, folder, rounds, many)
    yield Line(f"{kind}: relay", {"events/s": _relayed(kind, folder / "relay", rounds)})


def _sweeps(kind: str, folder: Path, rounds: int, many: int) -> Iterator[Line]:
    """Both databases are there at once, and swept in turn."""
    with filled(kind, folder / "few", FEW) as few, filled(kind, folder / "many", many) as lots:
        took: dict[str, list[float]] = {"few": [], "many": []}
        for _ in range(rounds + 1):  # the first fills the caches
            for name, app in (("few", few), ("many", lots)):
                with app.app_context():
                    took[name].append(_sweep() * 1000)
        idle = {}
        for size, app in ((FEW, few), (many, lots)):
            with app.app_context():
                idle[f"among {size:,} ms"] = _nothing_due() * 1000
    small, large = median(took["few"][1:]), median(took["many"][1:])
    figures = {f"among {FEW:,} ms": small, f"among {many:,} ms": large, "ratio": large / small}
    yield Line(f"{kind}: sweep of {DUE} due steps", figures)
    yield Line(f"{kind}: one question of the sweep with nothing due", idle)


@contextmanager
def filled(kind: str, folder: Path, cases: int) -> Iterator[Flask]:
    """An application on a company with so many open cases; nothing of theirs is due."""
    with migrated(kind, folder) as url:
        app = create_app(worlds.settings_for(folder / "instance", url))
        with app.app_context():
            fill(_world(app), cases)
        yield app
        let_go(app)


def _world(app: Flask) -> World:
    organisation.forget()
    return worlds.build(app)


def _sweep() -> float:
    """Some steps fall due, and are taken; what fell due meanwhile is done before."""
    while sla_watch.sweep():
        pass
    now = clock.now()
    some = select(Case.id).where(Case.next_step_at > now + timedelta(days=1)).limit(DUE).scalar_subquery()
    with db.engines[None].begin() as connection:
        connection.execute(update(Case).where(Case.id.in_(some)).values(next_step_at=now))
    begun = time.perf_counter()
    assert sla_watch.sweep() == DUE
    return time.perf_counter() - begun


def _nothing_due() -> float:
    """Seconds of one of the sweep's questions, asked of the database alone."""
    now, took = clock.now(), []
    with db.engines[None].connect() as connection:
        for _, statement in sla_watch.kinds():
            wanted = statement(now).limit(sla_watch.AT_ONCE)
            for _ in range(200):
                begun = time.perf_counter()
                connection.execute(wanted).all()
                took.append(time.perf_counter() - begun)
    return median(took)


def _relayed(kind: str, folder: Path, rounds: int) -> float:
    """Events a second that are expanded into tasks and claimed."""
    with migrated(kind, folder) as url:
        app = create_app(worlds.settings_for(folder / "instance", url))
        with app.app_context():
            _world(app)
            speeds = [_relay() for _ in range(rounds)]
        let_go(app)
    return median(speeds)


def _relay() -> float:
    now = clock.now()
    rows = [
        {
            "id": new_id(now),
            "kind": "case.escalated",
            "version": 1,
            "ids": {"case": str(new_id(now))},
            "at": now,
        }
        for _ in range(EVENTS)
    ]
    with db.engines[None].begin() as connection:
        connection.execute(insert(OutboxRow), rows)
    begun, claimed = time.perf_counter(), 0
    while claimed < EVENTS:
        claimed += len(outbox.relay(effects)[1])
    return EVENTS / (time.perf_counter() - begun)
