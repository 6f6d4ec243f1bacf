"""Durable submissions: the hub's whole path against the floor, in turn, on the same server and database."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from statistics import median
from typing import Any, Final
from uuid import uuid4

from tests.bench import load
from tests.bench.load import Result
from tests.bench.sides import Side, floor_side, hub_side, web_of, web_processes
from tests.bench.table import Line
from tests.bench.texts import send
from tests.house import SATISFIED, TOKENS, VERY_BAD, House
from tests.processes.eventually import eventually

CONNECTIONS: Final = 16
PATH: Final = "/api/v1/feedback"
CASES: Final = (("satisfied", False), ("very bad", False), ("satisfied", True))
"""What is sent, and whether the workers have texts to understand meanwhile."""
BODIES: Final = {"satisfied": SATISFIED, "very bad": VERY_BAD}


@dataclass
class Pair:
    """The rounds of one comparison."""

    hub: list[Result] = field(default_factory=list)
    floor: list[Result] = field(default_factory=list)

    def line(self, name: str) -> Line:
        hub, floor = (median(each.per_second for each in side) for side in (self.hub, self.floor))
        return Line(
            name,
            {
                "hub/s": hub,
                "floor/s": floor,
                "hub p50 ms": _percentile(self.hub, 50),
                "hub p99 ms": _percentile(self.hub, 99),
                "floor p50 ms": _percentile(self.floor, 50),
                "floor p99 ms": _percentile(self.floor, 99),
                "hub CPU ms": median(each.cpu_ms for each in self.hub),
                "floor CPU ms": median(each.cpu_ms for each in self.floor),
                "ratio": hub / floor,
                "p99 ratio": _percentile(self.hub, 99) / _percentile(self.floor, 99),
            },
        )


def measure(kind: str, folder: Path, rounds: int, seconds: float) -> Iterator[Line]:
    """The lines of one database."""
    beside = floor_side(kind, folder / "floor", web_processes(kind))
    with hub_side(kind, folder / "hub") as hub, beside as floor:
        web = web_of(hub)
        for side in (web, floor):
            load.run(side.url, request(SATISFIED), connections=CONNECTIONS, seconds=0.5)  # warm
        for what, busy in CASES:
            pair = Pair()
            for _ in range(rounds):
                quiet(hub)
                with working(hub, busy):
                    pair.hub.append(fired(web, what, seconds))
                    pair.floor.append(fired(floor, what, seconds))
            yield pair.line(f"{kind}: {what} taps, workers {'busy' if busy else 'idle before'}")


def fired(side: Side, what: str, seconds: float) -> Result:
    before = side.cpu_seconds()
    result = load.run(side.url, request(BODIES[what]), connections=CONNECTIONS, seconds=seconds)
    if set(result.statuses) != {201}:
        raise RuntimeError(f"{side.url} answered {result.statuses}")
    return replace(result, cpu_seconds=side.cpu_seconds() - before)


def request(body: dict[str, Any]) -> load.Request:
    """A new key for each; each connection has a token of its own."""
    raw = json.dumps(body).encode()
    run = uuid4().hex

    def one(number: int) -> bytes:
        token = TOKENS[number // load.APART % len(TOKENS)]
        headers = {"Authorization": f"Bearer {token}", "Idempotency-Key": f"{run}-{number}"}
        return load.post(PATH, raw, headers)

    return one


def quiet(hub: House, within: float = 120.0) -> None:
    """Wait until the workers have done everything."""
    eventually(lambda: hub.left_to_do() == 0, within=within, every=0.2)


@contextmanager
def working(hub: House, busy: bool) -> Iterator[None]:
    """Keep the NLP worker at work with texts, where wanted."""
    over = threading.Event()
    feeding = threading.Thread(target=_feed, args=(hub, over))
    if busy:
        feeding.start()
        eventually(lambda: hub.at_work("analyse"), within=10)
    try:
        yield
    finally:
        over.set()
        if busy:
            feeding.join()


def _feed(hub: House, over: threading.Event) -> None:
    while not over.is_set():
        if hub.left_to_do() < 300:
            send(hub.hub, 300)
        over.wait(0.1)


def _percentile(results: list[Result], percent: int) -> float:
    return median(each.percentile(percent) for each in results)
