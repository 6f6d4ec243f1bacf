"""How long a hub that has run before takes to be ready, and what it then holds in memory."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path
from statistics import median

import psutil

from tests.bench.table import Line
from tests.hub import Hub, hub


def measure(folder: Path, rounds: int) -> Iterator[Line]:
    with hub(folder, CEM_SANDBOX="0") as running:
        warm: list[float] = []
        for _ in range(rounds):
            running.stop()
            begun = time.perf_counter()
            running.start()
            warm.append(time.perf_counter() - begun)
        yield Line("start: an existing instance with the demo company", {"seconds": median(warm)})
        yield Line("memory: the whole hub, idle", {"MB (proportional)": megabytes(running)})


def megabytes(running: Hub) -> float:
    assert running.process is not None
    everybody = [psutil.Process(running.process.pid), *running.family()]
    return sum(one.memory_full_info().pss for one in everybody) / 1e6
