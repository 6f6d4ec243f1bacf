"""One profile in a process of its own: `python -m tests.bench.alone PROFILE MODELS COUNT`.

Prints texts a second by the clock and by one core's time, and the memory that it took, as JSON.
"""

from __future__ import annotations

import json
import subprocess
import sys
import time
from pathlib import Path

import psutil

from tests.bench.texts import sentences

BATCH = 128
"""Texts that travel in one queue job."""


def measure(profile: str, models: Path, count: int) -> dict[str, float]:
    """Run it in a fresh process."""
    command = [sys.executable, "-m", "tests.bench.alone", profile, str(models), str(count)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    figures: dict[str, float] = json.loads(done.stdout)
    return figures


def main(profile: str, models: str, count: str) -> None:
    from nlp.pipeline import TextIn
    from nlp.reader import Reader
    from nlp.registry import Wish

    reader = Reader(Wish(profile, Path(models)))
    if reader.missing is not None:
        raise SystemExit(str(reader.missing))
    pipeline = reader.pipeline("restaurant")
    wanted = [TextIn(text) for text in sentences()[: int(count)]]
    pipeline.analyse(wanted[:BATCH])
    begun, spent = time.perf_counter(), time.process_time()
    for start in range(0, len(wanted), BATCH):
        pipeline.analyse(wanted[start : start + BATCH])
    took, cost = time.perf_counter() - begun, time.process_time() - spent
    rss = psutil.Process().memory_info().rss / 2**20
    print(json.dumps({"texts/s": len(wanted) / took, "per core": len(wanted) / cost, "MB": rss}))


if __name__ == "__main__":
    main(*sys.argv[1:])
