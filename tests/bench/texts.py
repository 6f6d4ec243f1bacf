"""Texts for the benchmarks, all different: what the demo company's customers write, and our own sentences."""

from __future__ import annotations

import json
from functools import cache
from http.client import HTTPConnection
from importlib.resources import files
from random import Random
from uuid import uuid4

from tests.house import TOKENS
from tests.hub import Hub

LETTERS, ABOUT = 40, 15
"""Code points of a text of usual length, and how far one may be from that."""


@cache
def _pool() -> tuple[str, ...]:
    lines = (files("cem.demo") / "texts.jsonl").read_text(encoding="utf-8").splitlines()
    return tuple(json.loads(line)["text"] for line in lines)


def texts(count: int) -> list[str]:
    pool = _pool()
    return [f"{pool[number % len(pool)]} ({uuid4().hex[:6]})" for number in range(count)]


@cache
def sentences() -> tuple[str, ...]:
    """Whole texts of about 40 code points, no two alike, in all languages, in an order by chance.

    As many as there are: what is cut off or put together is easier or harder to read than what people write.
    """
    from nlp import corpus
    from nlp.corpus.taught import taught

    own = {*_pool(), *(row.text for row in corpus.sentences()), *(row.text for row in taught())}
    near = sorted(text for text in own if abs(len(text) - LETTERS) <= ABOUT)
    Random(LETTERS).shuffle(near)
    return tuple(near)


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
