"""A small client of the hub's public HTTP interface, on one connection that is kept open."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from typing import Any, Final
from urllib.parse import quote, urlencode, urlsplit

TRIES: Final = 3
ADVANCE_SECONDS: Final = 300.0


class Answered(Exception):
    """The hub said no. `status` and `code` say how."""

    def __init__(self, status: int, body: Any) -> None:
        error = body.get("error", {}) if isinstance(body, dict) else {}
        super().__init__(f"{status}: {error.get('message', body)}")
        self.status = status
        self.code = str(error.get("code", ""))


class Hub:
    """`get` and `post` answer the parsed JSON. Raises `Answered` for 4xx and 5xx."""

    def __init__(self, url: str, token: str) -> None:
        self._parts = urlsplit(url)
        self._headers = {"Authorization": f"Bearer {token}"}
        self._connection = self._connect()

    def get(self, path: str, **query: str) -> Any:
        return self._call("GET", f"/api/v1{path}?{urlencode(query)}" if query else f"/api/v1{path}")

    def all(self, path: str, **query: str) -> Iterator[Any]:
        """Every item of a paged list."""
        page: dict[str, Any] = {"next": ""}
        while page["next"] is not None:
            cursor = {"cursor": page["next"]} if page["next"] else {}
            page = self.get(path, limit="500", **query, **cursor)
            yield from page["items"]

    def post(self, path: str, body: Mapping[str, Any], key: str | None = None) -> Any:
        """`key` makes it safe to send again where the answer got lost."""
        headers = {"Idempotency-Key": key} if key else {}
        return self._call("POST", f"/api/v1{path}", json.dumps(body).encode(), headers)

    def _call(
        self, method: str, path: str, body: bytes | None = None, headers: Mapping[str, str] | None = None
    ) -> Any:
        sent = {**self._headers, **(headers or {})} | ({"Content-Type": "application/json"} if body else {})
        for attempt in range(TRIES):
            try:
                self._connection.request(method, quote(path, safe="/?=&%:+"), body, sent)
                response = self._connection.getresponse()
                return _parsed(response.status, response.read())
            except (HTTPException, OSError):
                self._connection.close()
                self._connection = self._connect()
                repeatable = method == "GET" or "Idempotency-Key" in sent
                if attempt == TRIES - 1 or not repeatable:
                    raise
        raise AssertionError("the last try returned or raised")

    def _connect(self) -> HTTPConnection:
        kind = HTTPSConnection if self._parts.scheme == "https" else HTTPConnection
        return kind(self._parts.hostname or "127.0.0.1", self._parts.port, timeout=ADVANCE_SECONDS)


def _parsed(status: int, raw: bytes) -> Any:
    body = json.loads(raw) if raw else None
    if status >= 400:
        raise Answered(status, body)
    return body
