"""Senders that never give up: each sends one feedback after the other, again and again until it is stored."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.client import HTTPException
from itertools import count
from typing import Any
from uuid import UUID

from tests.house import TOKENS
from tests.hub import Hub
from tests.processes.eventually import eventually

Body = Callable[[int], dict[str, Any]]


@dataclass
class Storm:
    """What was sent, and what the hub has said about it."""

    sent: dict[str, dict[str, Any]] = field(default_factory=dict)
    acknowledged: dict[str, UUID] = field(default_factory=dict)
    seconds: list[float] = field(default_factory=list)
    refused: list[tuple[int, bytes]] = field(default_factory=list)
    unanswered: int = 0
    over: threading.Event = field(default_factory=threading.Event)

    def reaches(self, count: int, within: float = 60.0) -> None:
        eventually(lambda: len(self.acknowledged) >= count, within=within)

    def slowest(self) -> float:
        return max(self.seconds)


@contextmanager
def storm(hub: Hub, body: Body, name: str, *, senders: int = 4, pause: float = 0.1) -> Iterator[Storm]:
    """Senders at work, `pause` seconds between two of each; on leaving, each finishes what it has begun."""
    blowing = Storm()
    threads = [
        threading.Thread(target=_send, args=(hub, body, f"{name}-{number}", TOKENS[number], blowing, pause))
        for number in range(senders)
    ]
    for thread in threads:
        thread.start()
    try:
        yield blowing
    finally:
        blowing.over.set()
        for thread in threads:
            thread.join(90)
    assert not any(thread.is_alive() for thread in threads), "a sender was never answered"
    assert not blowing.refused, blowing.refused[:3]


def _send(hub: Hub, body: Body, name: str, token: str, blowing: Storm, pause: float) -> None:
    for number in count():
        if blowing.over.wait(pause):
            return
        key, what = f"{name}-{number}", body(number)
        blowing.sent[key] = what
        while key not in blowing.acknowledged and not blowing.refused:
            _try(hub, key, what, token, blowing)


def _try(hub: Hub, key: str, what: dict[str, Any], token: str, blowing: Storm) -> None:
    begun = time.monotonic()
    try:
        answer = hub.post("/api/v1/feedback", what, token, Idempotency_Key=key)
    except (HTTPException, OSError):
        blowing.unanswered += 1
        return
    if answer.status in (200, 201):
        blowing.acknowledged[key] = UUID(answer.json["id"])
        blowing.seconds.append(time.monotonic() - begun)
    elif answer.status not in (429, 503):
        blowing.refused.append((answer.status, answer.body))


def nothing_lost_nothing_doubled(hub: Hub, stored: set[UUID], blowing: Storm) -> None:
    """Every key is one feedback, and is that same one when it is sent once more."""
    ids = list(blowing.acknowledged.values())
    assert set(blowing.sent) == set(blowing.acknowledged)
    assert len(set(ids)) == len(ids)
    assert set(ids) <= stored
    for key in list(blowing.sent)[::25]:
        again = hub.post("/api/v1/feedback", blowing.sent[key], _owner_of(key), Idempotency_Key=key)
        assert (again.status, UUID(again.json["id"])) == (200, blowing.acknowledged[key])


def _owner_of(key: str) -> str:
    return TOKENS[int(key.split("-")[-2])]
