"""The floor: bare Flask and Core with group commit, writing the same rows as the hub, on the same server.

It checks no token, no field and no key: it is what the database and the server allow, not a product.
Run as `python -m tests.bench.floor DATABASE_URL PORT SITE_ID`.
"""

from __future__ import annotations

import queue
import sys
import threading
from concurrent.futures import Future
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from flask import Flask, jsonify, request
from sqlalchemy import Engine, create_engine, insert

from cem import clock
from cem.extensions import prepare_sqlite
from cem.http.server import listen, serve
from cem.ids import new_id, new_tracking_code
from cem.models import Answer, Feedback, IdempotencyKey, LedgerEntry, LedgerMove, OutboxRow

TABLES: Final = (Feedback, LedgerEntry, LedgerMove, Answer, IdempotencyKey, OutboxRow)
Waiting = tuple[dict[str, Any], str, "Future[str]"]


class GroupCommit:
    """One thread that writes whoever waits in one transaction."""

    def __init__(self, engine: Engine, site_id: UUID) -> None:
        self._engine = engine
        self._site_id = site_id
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
            now = clock.now()
            rows = [rows_of(body, key, self._site_id, now) for body, key, _ in batch]
            with self._engine.begin() as connection:
                for number, table in enumerate(TABLES):
                    connection.execute(insert(table), [each[number] for each in rows])
            for (_, _, done), each in zip(batch, rows, strict=True):
                done.set_result(str(each[0]["id"]))


def rows_of(body: dict[str, Any], key: str, site_id: UUID, now: datetime) -> tuple[dict[str, Any], ...]:
    """The rows that the hub writes for a satisfied tap, in the order of `TABLES`."""
    id, rating = new_id(now), body["rating"]
    feedback = {
        "id": id,
        "tracking_code": new_tracking_code(),
        "channel": body["channel"],
        "site_id": site_id,
        "kind": "rating",
        "kind_given": False,
        "rating_scale": rating["scale"],
        "rating_value": rating["value"],
        "occurred_at": now,
        "received_at": now,
        "local_day": now.date(),
        "local_hour": now.hour,
    }
    settled = {"how": "thanked", "evidence": {"kind": "thanks"}}
    entry = {"feedback_id": id, "state": "answered", "changed_at": now, **settled}
    move = {"id": new_id(now), "feedback_id": id, "at": now, "by": "floor", "to_state": "answered", **settled}
    answer = {
        "id": new_id(now),
        "feedback_id": id,
        "question": "rating",
        "scale": rating["scale"],
        "value": rating["value"],
        "site_id": site_id,
        "occurred_at": now,
    }
    kept = {"owner": "floor", "key": key, "body_hash": bytes(32), "feedback_id": id, "at": now}
    ids = {"feedback": str(id), "site_path": "floor/"}
    outbox = {"id": new_id(now), "kind": "feedback.stored", "version": 1, "ids": ids, "at": now}
    return feedback, entry, move, answer, kept, outbox


def main(database_url: str, port: str, site_id: str) -> None:
    engine = create_engine(database_url)
    if database_url.startswith("sqlite"):
        prepare_sqlite(engine, reading=False)
    app = Flask("floor")
    writers: list[GroupCommit] = []

    @app.get("/healthz")
    def alive() -> Any:
        return jsonify(status="alive")

    @app.post("/api/v1/feedback")
    def store() -> Any:
        if not writers:
            writers.append(GroupCommit(engine, UUID(site_id)))
        body = request.get_json()
        return jsonify(id=writers[0].store(body, request.headers["Idempotency-Key"])), 201

    serve(app.wsgi_app, listen("127.0.0.1", int(port)))


if __name__ == "__main__":
    main(*sys.argv[1:])
