"""From a tap to an open desk: the hub's stream against a publish inside the process that has committed."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPConnection
from pathlib import Path
from statistics import median, quantiles
from urllib.parse import urlsplit
from uuid import uuid4

from tests.bench.readers import Readers
from tests.bench.sides import floor_side, hub_side
from tests.bench.table import Line
from tests.house import TOKENS, VERY_BAD

TAPS = 60
PERCENTILES = (50, 95, 99)


def measure(kind: str, folder: Path, rounds: int, streams: int) -> Iterator[Line]:
    with hub_side(kind, folder / "hub") as hub, floor_side(kind, folder / "floor", processes=1) as floor:
        told: dict[str, list[list[float]]] = {"hub": [], "floor": []}
        with reading(hub.hub.url, streams) as at_hub, reading(floor.url, streams) as at_floor:
            for _ in range(rounds):
                told["hub"].append(tapped(hub.hub.url, at_hub))
                told["floor"].append(tapped(floor.url, at_floor))
        figures = {
            f"{side} p{percent} ms": median(_percentile(each, percent) for each in found)
            for side, found in told.items()
            for percent in PERCENTILES
        }
        ratio = figures["hub p50 ms"] / figures["floor p50 ms"]
        yield Line(f"{kind}: tap to desk, {streams} streams open", figures | {"p50 ratio": ratio})


@contextmanager
def reading(url: str, streams: int) -> Iterator[Readers]:
    readers = Readers(url, "/api/v1/stream", TOKENS[0], streams)
    try:
        yield readers
    finally:
        readers.close()


def tapped(url: str, readers: Readers) -> list[float]:
    """Milliseconds from sending a tap until the last of the open streams was told of its case."""
    parts = urlsplit(url)
    client = HTTPConnection(parts.hostname or "", parts.port, timeout=30)
    headers = {"Content-Type": "application/json", "Authorization": f"Bearer {TOKENS[1]}"}
    found = []
    for _ in range(TAPS):
        begun = time.perf_counter()
        client.request(
            "POST", "/api/v1/feedback", json.dumps(VERY_BAD), headers | {"Idempotency-Key": uuid4().hex}
        )
        client.getresponse().read()
        found.append((readers.all_told() - begun) * 1000)
    client.close()
    return found


def _percentile(values: list[float], percent: int) -> float:
    return quantiles(values, n=100, method="inclusive")[percent - 1]
