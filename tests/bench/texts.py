"""Texts for the benchmarks, all different: what the demo company's customers write."""

from __future__ import annotations

import json
from functools import cache
from http.client import HTTPConnection
from importlib.resources import files
from uuid import uuid4

from tests.house import TOKENS
from tests.hub import Hub


@cache
def _pool() -> tuple[str, ...]:
    lines = (files("cem.demo") / "texts.jsonl").read_text(encoding="utf-8").splitlines()
    return tuple(json.loads(line)["text"] for line in lines)


def texts(count: int) -> list[str]:
    pool = _pool()
    return [f"{pool[number % len(pool)]} ({uuid4().hex[:6]})" for number in range(count)]


def send(hub: Hub, count: int) -> None:
    """Store so many texts by POST /feedback/batch."""
    lines = ({"key": uuid4().hex, "channel": "api", "site": "bund", "text": text} for text in texts(count))
    body = "\n".join(json.dumps(line, ensure_ascii=False) for line in lines).encode()
    headers = {"Authorization": f"Bearer {TOKENS[-1]}", "Content-Type": "application/x-ndjson"}
    client = HTTPConnection("127.0.0.1", hub.port, timeout=60)
    client.request("POST", "/api/v1/feedback/batch", body, headers)
    answer = client.getresponse()
    stored = [each["status"] for each in json.loads(answer.read())["results"]]
    client.close()
    if stored != [201] * count:
        raise RuntimeError(f"{answer.status}: {sorted(set(stored))}")
