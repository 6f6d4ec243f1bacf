"""Half an hour of chaos on each database: see tests/kill/chaos.py. It fails where anything is lost."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from tests.bench.sides import migrated
from tests.bench.table import Line
from tests.house import house
from tests.kill.chaos import chaos


def measure(kind: str, folder: Path, minutes: float) -> Iterator[Line]:
    with migrated(kind, folder) as url, house(url, folder) as running:
        happened = chaos(running, minutes * 60, seed=1)
        figures = {"minutes": minutes, "stored/s": happened.stored / (minutes * 60)}
        figures |= {"killed": sum(happened.kills.values()), "taken": happened.taken}
        yield Line(f"{kind}: chaos, and nothing was lost", figures)
