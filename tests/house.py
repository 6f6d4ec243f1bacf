"""A hub with the small company of the tests behind it: its processes are killed, its rows are counted."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any, Final
from uuid import UUID

import psutil
from sqlalchemy import Engine, Select, create_engine, func, insert, select, text

from cem import clock
from cem.app import create_app
from cem.domain.case import LIVE
from cem.domain.vocabulary import Scope
from cem.engine import people, transaction
from cem.engine.outbox import LEASE
from cem.extensions import db
from cem.http.auth import hash_token
from cem.ids import new_id
from cem.models import Case, Customer, LedgerEntry, OutboxRow, Task
from tests import world as worlds
from tests.hub import Hub
from tests.processes.eventually import eventually

TOKENS: Final = tuple(f"token-{number}" for number in range(16))
"""Each may call 6,000 times a minute."""
SECRET: Final = "a secret for the tests, long enough"

VERY_BAD: Final = {"channel": "api", "site": "bund", "rating": {"scale": "faces5", "value": 1}}
DISSATISFIED: Final = {"channel": "api", "site": "bund", "rating": {"scale": "faces5", "value": 2}}
"""Not very: each is told of by itself, however many there are."""
VALUED: Final = DISSATISFIED | {"customer": {"external_id": "valued"}}
"""Of a tier A customer: as urgent as a very bad one, and never folded into a group."""
SATISFIED: Final = {"channel": "api", "site": "bund", "rating": {"scale": "faces5", "value": 5}}


def said(words: str) -> dict[str, Any]:
    return {"channel": "api", "site": "bund", "touchpoint": "room", "text": words}


@dataclass
class House:
    hub: Hub
    engine: Engine

    # -- what is in the database

    def count(self, statement: Select[Any]) -> int:
        with self.engine.connect() as connection:
            return int(
                connection.execute(select(func.count()).select_from(statement.subquery())).scalar_one()
            )

    def rows(self, statement: Select[Any]) -> list[Any]:
        with self.engine.connect() as connection:
            return list(connection.execute(statement))

    def stored(self) -> set[UUID]:
        return {row.feedback_id for row in self.rows(select(LedgerEntry.feedback_id))}

    def at_work(self, *jobs: str) -> int:
        """How many tasks of these jobs are claimed and not done."""
        return self.count(
            select(Task.id).where(Task.job.in_(jobs), Task.claimed_at.is_not(None), Task.done_at.is_(None))
        )

    def left_to_do(self) -> int:
        """Effects that are still to come."""
        return self.count(select(OutboxRow.id).where(OutboxRow.expanded_at.is_(None))) + self.count(
            select(Task.id).where(Task.done_at.is_(None))
        )

    # -- what happens to it

    def kills(self, name: str) -> psutil.Process:
        """SIGKILL, and the supervisor's next one in its place."""
        return self.hub.comes_back(self.hub.kill(name), name)

    def time_passes(self, **by: float) -> None:
        """Push the clock that all its processes share; nothing is walked through."""
        clock.share(self.hub.instance / "sandbox-clock")  # another hub's may have been looked at since
        clock.run_from(clock.now() + timedelta(**by))

    def finishes(self, within: float = 30.0) -> None:
        """Everything is done in the end. What a killed process had claimed is free when its lease lapses."""
        with suppress(AssertionError):
            eventually(self._nothing_left, within=3)
            return
        self.time_passes(seconds=LEASE.total_seconds() + 1)
        eventually(self._nothing_left, within=within)

    def _nothing_left(self) -> bool:
        return self.left_to_do() == 0

    def everything_is_over(self) -> None:
        """Every case that still lives is dismissed, so that the next test begins in peace."""
        for (case_id,) in self.rows(select(Case.id).where(Case.state.in_(LIVE))):
            body = {"reason": "test", "evidence": "a test that is over"}
            answer = self.hub.post(f"/api/v1/cases/{case_id}/dismissal", body, TOKENS[0])
            assert answer.status == 200, answer.text

    def is_whole(self) -> None:
        """`cem verify` finds nothing, and the ledger holds every feedback once."""
        assert self.hub.try_cem("verify").returncode == 0, self.hub.try_cem("verify").stdout
        with self.engine.connect() as connection:
            stored, entries, closed = connection.execute(
                text(
                    "SELECT (SELECT count(*) FROM feedback), (SELECT count(*) FROM ledger_entry),"
                    " (SELECT count(*) FROM ledger_entry WHERE state IN ('owed', 'answered', 'excused'))"
                )
            ).one()
        assert stored == entries == closed


def _valued_customer() -> None:
    now = clock.now()
    row = {"id": new_id(now), "external_id": "valued", "tier": "a", "created_at": now}
    with db.engines[None].begin() as connection:
        connection.execute(insert(Customer), [row])


@contextmanager
def house(database_url: str, folder: Path, **env: str) -> Iterator[House]:
    """The company on this migrated database, and a hub that runs on it. `env` are further settings."""
    settings = worlds.settings_for(folder / "instance", database_url)
    transaction._listeners.clear()
    app = create_app(settings)
    with app.app_context():
        worlds.build(app)
        _valued_customer()
        for token in TOKENS:
            people.grant_token(token, Scope.ADMIN, None, hash_token(token))
        db.session.remove()
        for engine in db.engines.values():
            engine.dispose()
    mine = {"CEM_DEMO": "0", "CEM_DATABASE_URL": database_url, "CEM_SECRET_KEY": SECRET}
    hub = Hub(settings.instance, mine | env)
    engine = create_engine(database_url)
    try:
        hub.start()
        yield House(hub, engine)
    finally:
        hub.stop()
        engine.dispose()
        clock.unshare()
