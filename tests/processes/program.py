"""A Python program of its own, started, asked and killed like a hub."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import psutil

from tests.processes.eventually import eventually

ROOT = Path(__file__).resolve().parents[2]


class Program:
    """A running script; its standard output goes to a file that can be read meanwhile."""

    def __init__(self, process: subprocess.Popen[bytes], output: Path) -> None:
        self.process = process
        self.output = output

    @property
    def pid(self) -> int:
        return self.process.pid

    def said(self) -> str:
        return self.output.read_text(encoding="utf-8")

    def hears(self, number: signal.Signals) -> None:
        os.kill(self.pid, number)

    def ends(self, within: float = 10.0) -> int:
        return self.process.wait(within)

    def family(self) -> list[psutil.Process]:
        return psutil.Process(self.pid).children(recursive=True)


@contextmanager
def program(script: str, tmp_path: Path, **environ: str) -> Iterator[Program]:
    """Run the source text `script` from the repository's root; whatever is left of it is killed."""
    output = tmp_path / "said.txt"
    with output.open("wb") as sink:
        process = subprocess.Popen(
            [sys.executable, "-u", "-c", script],
            cwd=ROOT,
            env={**os.environ, **environ},
            stdout=sink,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    running = Program(process, output)
    try:
        yield running
    finally:
        _kill_what_is_left(running)
        process.wait()


def _kill_what_is_left(running: Program) -> None:
    """Each one may end by itself at any moment: that is what was wanted."""
    with suppress(psutil.NoSuchProcess):
        for one in running.family():
            with suppress(psutil.NoSuchProcess):
                one.kill()
    running.process.kill()


def all_gone(processes: list[psutil.Process], within: float = 5.0) -> None:
    """Fails when one of them still runs after that time."""
    eventually(
        lambda: not [one for one in processes if one.is_running() and not _is_dead(one)], within=within
    )


def _is_dead(process: psutil.Process) -> bool:
    try:
        return process.status() == psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return True
