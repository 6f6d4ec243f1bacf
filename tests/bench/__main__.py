"""`make bench`: prints the table and writes instance/bench.json. `--long` takes more rounds.

`make bench CHAOS=30` (`--chaos 30`) instead lets processes be killed for so many minutes on each database.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from pathlib import Path

from tests.bench import alike, chaos, jobs, push, sides, start, submissions, sweep
from tests.bench.table import Line, write
from tests.hub import ROOT

PARTS = ("submissions", "push", "jobs", "sweep", "similar", "models", "start")


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.add_argument("--long", action="store_true", help="more and longer rounds")
    parser.add_argument("--only", choices=PARTS, action="append", help="only this part (may be repeated)")
    parser.add_argument("--database", choices=sides.DATABASES, action="append", help="only this database")
    parser.add_argument("--chaos", type=float, metavar="MINUTES", help="chaos for so long on each database")
    args = parser.parse_args()
    lines = []
    with sides.workplace() as folder:
        try:
            databases = args.database or sides.DATABASES
            found = measured(folder, args.only or PARTS, databases, args.long)
            if args.chaos:
                found = (
                    line for kind in databases for line in chaos.measure(kind, folder / kind, args.chaos)
                )
            for line in found:
                print(line, flush=True)
                lines.append(line)
        finally:
            sides.stop_servers(folder)
    write(lines, ROOT / "instance" / "bench.json")
    return 0


def measured(folder: Path, parts: tuple[str, ...], databases: tuple[str, ...], long: bool) -> Iterator[Line]:
    rounds, seconds = (7, 6.0) if long else (3, 1.5)
    for kind in databases:
        if "submissions" in parts:
            yield from submissions.measure(kind, folder / f"submissions-{kind}", rounds, seconds)
        if "push" in parts:
            yield from push.measure(kind, folder / f"push-{kind}", rounds, streams=200 if long else 50)
        if "jobs" in parts:
            yield from jobs.measure(kind, folder / f"jobs-{kind}", rounds, texts=4_000 if long else 1_000)
        if "sweep" in parts:
            yield from sweep.measure(kind, folder / f"sweep-{kind}", rounds, 1_000_000 if long else 200_000)
        if "similar" in parts:
            yield from alike.measure(kind, folder / f"similar-{kind}", rounds, 100_000)
        if "models" in parts:
            yield from jobs.standard(kind, folder / f"standard-{kind}", rounds, texts=1_000 if long else 300)
    if "models" in parts:
        yield from jobs.profiles(folder, texts=1_000 if long else 500)
    if "start" in parts:
        yield from start.measure(folder / "start", rounds)


if __name__ == "__main__":
    raise SystemExit(main())
