"""A program that calls the API with a token of its own."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

from flask import Flask
from sqlalchemy import event, insert
from werkzeug.test import TestResponse

from cem import clock
from cem.domain.vocabulary import Scope
from cem.extensions import READING, db
from cem.http.auth import hash_token
from cem.ids import new_id, new_token
from cem.models import ApiToken

API = "/api/v1"


@dataclass
class Caller:
    app: Flask
    token: str

    def get(self, path: str, **query: Any) -> TestResponse:
        return self.request("GET", path, query_string=query or None)

    def post(self, path: str, body: Any = None, **more: Any) -> TestResponse:
        return (
            self.request("POST", path, json=body, **more) if body is not None else self.request("POST", path)
        )

    def send(self, body: Any, key: str | None = None) -> TestResponse:
        """Feedback under a key: a new one where none is given."""
        return self.post("/feedback", body, headers={"Idempotency-Key": key or str(uuid4())})

    def request(self, method: str, path: str, **more: Any) -> TestResponse:
        headers = {"Authorization": f"Bearer {self.token}"} | more.pop("headers", {})
        client = self.app.test_client(use_cookies=False)
        with self.app.app_context():  # a session of its own, as every request of a server has
            return client.open(f"{API}{path}", method=method, headers=headers, **more)


def caller(app: Flask, scope: Scope = Scope.ADMIN, path: str = "group/") -> Caller:
    """A program with a new token for a part of the place tree."""
    token = new_token()
    row = {"name": "test", "token_hash": hash_token(token), "scope": scope, "site_path": path}
    with db.engines[None].begin() as connection:
        connection.execute(insert(ApiToken), [row | {"id": new_id(clock.now()), "created_at": clock.now()}])
    return Caller(app, token)


def feedback(**more: Any) -> dict[str, Any]:
    return {"channel": "api", "site": "bund", "rating": {"scale": "csat5", "value": 5}} | more


@contextmanager
def queries_counted() -> Iterator[list[str]]:
    """What the database is asked meanwhile, but for tokens: they are remembered, though only for a second."""
    asked: list[str] = []
    engines = [db.engines[key] for key in (None, READING) if key in db.engines]

    def note(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        if "FROM api_token" not in statement:
            asked.append(statement)

    for engine in engines:
        event.listen(engine, "before_cursor_execute", note)
    yield asked
    for engine in engines:
        event.remove(engine, "before_cursor_execute", note)
