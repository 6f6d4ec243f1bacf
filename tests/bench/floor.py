"""The floor: bare Flask and Core with group commit, writing the same rows as the hub, on the same server.

It checks no token, no field and no key: it is what the database and the server allow, not a product. What it
has written it tells the open streams of its own process, straight after the commit.
Run as `python -m tests.bench.floor DATABASE_URL PORT PROCESSES`.
"""

from __future__ import annotations

import queue
import sys
import threading
from concurrent.futures import Future
from typing import Any, Final

from flask import Flask, jsonify, request
from sqlalchemy import Engine, create_engine, insert, update

from cem import clock
from cem.extensions import prepare_sqlite
from cem.http import streams
from cem.http.server import listen, serve
from cem.models import (
    Answer,
    Case,
    CaseEvent,
    Counter,
    Feedback,
    IdempotencyKey,
    LedgerEntry,
    LedgerMove,
    OutboxRow,
    Promise,
)
from tests.bench.floor_rows import Ids, rows_of

ORDER: Final = (
    Feedback,
    Case,
    LedgerEntry,
    LedgerMove,
    Answer,
    IdempotencyKey,
    Promise,
    CaseEvent,
    OutboxRow,
)
Waiting = tuple[dict[str, Any], str, "Future[str]"]


class GroupCommit:
    """One thread that writes whoever waits in one transaction."""

    def __init__(self, engine: Engine, live: streams.Streams) -> None:
        self._engine = engine
        self._live = live
        with engine.connect() as connection:
            self._ids = Ids.read(connection)
        self._queue: queue.Queue[Waiting] = queue.Queue()
        threading.Thread(target=self._run, daemon=True).start()

    def store(self, body: dict[str, Any], key: str) -> str:
        done: Future[str] = Future()
        self._queue.put((body, key, done))
        return done.result(30)

    def _run(self) -> None:
        while True:
            batch = [self._queue.get()]
            while len(batch) < 200 and not self._queue.empty():
                batch.append(self._queue.get())
            rows = self._write(batch)
            for (_, _, done), feedback in zip(batch, rows[Feedback], strict=True):
                done.set_result(str(feedback["id"]))
            for row in rows[OutboxRow]:
                self._live.publish({"id": str(row["id"]), "kind": row["kind"], "v": 1, **row["ids"]})

    def _write(self, batch: list[Waiting]) -> dict[Any, list[dict[str, Any]]]:
        now = clock.now()
        rows: dict[Any, list[dict[str, Any]]] = {table: [] for table in ORDER}
        for body, key, _ in batch:
            for table, row in rows_of(body, key, self._ids, now):
                rows[table].append(row)
        with self._engine.begin() as connection:
            self._number(connection, rows[Case])
            for table in ORDER:
                if rows[table]:
                    connection.execute(insert(table), rows[table])
        return rows

    @staticmethod
    def _number(connection: Any, cases: list[dict[str, Any]]) -> None:
        if not cases:
            return
        more = update(Counter).where(Counter.name == "case").values(value=Counter.value + len(cases))
        last = connection.execute(more.returning(Counter.value)).scalar_one()
        for number, case in enumerate(cases, last - len(cases) + 1):
            case["number"] = number


def create_floor(database_url: str) -> Flask:
    engine = create_engine(database_url)
    if database_url.startswith("sqlite"):
        prepare_sqlite(engine, reading=False)
    app = Flask("floor")
    live = streams.init_app(app, None)
    writers: list[GroupCommit] = []
    beginning = threading.Lock()

    @app.get("/healthz")
    def alive() -> Any:
        return jsonify(status="alive")

    @app.get("/api/v1/stream")
    def stream() -> Any:
        return streams.open(lambda event: event["kind"] == "case.opened", lambda: True)

    @app.post("/api/v1/feedback")
    def store() -> Any:
        with beginning:
            if not writers:
                writers.append(GroupCommit(engine, live))
        body = request.get_json()
        return jsonify(id=writers[0].store(body, request.headers["Idempotency-Key"])), 201

    return app


def main(database_url: str, port: str, processes: str) -> None:
    serve(create_floor(database_url), listen("127.0.0.1", int(port)), processes=int(processes))


if __name__ == "__main__":
    main(*sys.argv[1:])
