"""A hub in one file: its database as of one instant, and the files without which it cannot be read.

The queue server's data stays behind: it only repeats what the database holds.
"""

from __future__ import annotations

import io
import json
import os
import shutil
import sqlite3
import tarfile
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from flask import Flask
from sqlalchemy import Connection, text

from cem import database
from cem.extensions import db, migrate
from cem.settings import Settings

FILES: Final = ("secret-key", "demo-sign-ins.txt", "sandbox-clock")
DATABASE: Final = "answered.db"
MANIFEST: Final = "manifest.json"


class CannotRestore(Exception):
    """Why this file cannot come back here, and what to do."""


def write(app: Flask, path: Path) -> None:
    """Write the archive beside its place first, so that a backup that broke off never looks like one."""
    settings: Settings = app.extensions["cem_settings"]
    beside = path.with_name(path.name + ".part")
    beside.touch(mode=0o600)
    with tarfile.open(beside, "w:gz") as tar:
        rows = _from_sqlite if settings.on_sqlite else _from_postgresql
        rows(tar, settings)
        for name in FILES:
            if (settings.instance / name).is_file():
                _add(tar, name, (settings.instance / name).read_bytes())
    beside.replace(path)


@contextmanager
def opened(path: Path) -> Iterator[Archive]:
    """Raises `CannotRestore` for what is no backup."""
    try:
        with tarfile.open(path, "r:gz") as tar:
            manifest = json.loads(_read(tar, MANIFEST))
            yield Archive(tar, manifest["database"], manifest["revision"])
    except (OSError, tarfile.TarError, KeyError, ValueError, EOFError) as error:
        raise CannotRestore(f"{path} is no whole backup of a hub ({error}).") from error


@dataclass(slots=True)
class Archive:
    """A backup that is being read. `revision` is the version of the schema it was made with."""

    tar: tarfile.TarFile
    dialect: str
    revision: str

    def put_files(self, instance: Path) -> None:
        """The key and its like, before the settings are read. Nothing that is there is overwritten."""
        if (instance / DATABASE).exists():
            raise CannotRestore(f"{instance} holds a hub already; move it away, or set CEM_INSTANCE.")
        instance.mkdir(parents=True, exist_ok=True)
        there = set(self.tar.getnames())
        for name in FILES:
            if name in there:
                if (instance / name).exists() and (instance / name).read_bytes() != _read(self.tar, name):
                    raise CannotRestore(f"{instance / name} is another hub's; set CEM_INSTANCE.")
                (instance / name).touch(mode=0o600)
                (instance / name).write_bytes(_read(self.tar, name))

    def put_rows(self, app: Flask) -> None:
        """The database, then brought to today's version."""
        settings: Settings = app.extensions["cem_settings"]
        here = "sqlite" if settings.on_sqlite else "postgresql"
        if here != self.dialect:
            raise CannotRestore(f"This backup is of a {self.dialect} database; set CEM_DATABASE_URL to one.")
        if settings.on_sqlite:
            self._to_sqlite(Path(settings.database_url.removeprefix("sqlite:///")))
        else:
            self._to_postgresql(app)
        database.upgrade(app)

    def _to_sqlite(self, path: Path) -> None:
        if path.exists():
            raise CannotRestore(f"{path} is there already; move it away first.")
        member = self.tar.extractfile(DATABASE)
        assert member is not None
        beside = path.with_name(path.name + ".part")
        with beside.open("wb") as file:
            shutil.copyfileobj(member, file)
            file.flush()
            os.fsync(file.fileno())
        beside.replace(path)

    def _to_postgresql(self, app: Flask) -> None:
        from alembic import command

        with app.app_context():
            command.upgrade(migrate.get_config(), self.revision)
            with db.engines[None].begin() as connection:
                if connection.execute(text("SELECT 1 FROM site LIMIT 1")).first():
                    raise CannotRestore(
                        "This database holds a hub already; give CEM_DATABASE_URL an empty one."
                    )
                connection.execute(text("DELETE FROM counter"))
                connection.execute(text("DELETE FROM revision"))
                for name in json.loads(_read(self.tar, "tables.json")):
                    self._copy(connection, name)

    def _copy(self, connection: Connection, table: str) -> None:
        member = self.tar.extractfile(f"tables/{table}")
        assert member is not None
        with _cursor(connection) as cursor, cursor.copy(f'COPY "{table}" FROM STDIN (FORMAT BINARY)') as copy:
            while portion := member.read(1 << 20):
                copy.write(portion)


def _from_sqlite(tar: tarfile.TarFile, settings: Settings) -> None:
    path = settings.database_url.removeprefix("sqlite:///")
    with tempfile.TemporaryDirectory(dir=settings.instance, prefix="backup-") as folder:
        copy = Path(folder) / DATABASE
        with sqlite3.connect(path) as source, sqlite3.connect(copy) as target:
            source.backup(target)
            target.execute("PRAGMA journal_mode=DELETE")
            revision = target.execute("SELECT version_num FROM alembic_version").fetchone()[0]
        source.close()
        target.close()
        _add(tar, MANIFEST, json.dumps({"database": "sqlite", "revision": revision}).encode())
        tar.add(copy, DATABASE)


def _from_postgresql(tar: tarfile.TarFile, settings: Settings) -> None:
    """Every table as PostgreSQL's own binary copy, all of one snapshot."""
    with db.engines[None].connect().execution_options(isolation_level="REPEATABLE READ") as connection:
        revision = connection.execute(text("SELECT version_num FROM alembic_version")).scalar_one()
        _add(tar, MANIFEST, json.dumps({"database": "postgresql", "revision": revision}).encode())
        tables = [table.name for table in _in_order()]
        _add(tar, "tables.json", json.dumps(tables).encode())
        for name in tables:
            with tempfile.TemporaryFile(dir=settings.instance) as file:
                statement = f'COPY "{name}" TO STDOUT (FORMAT BINARY)'
                with _cursor(connection) as cursor, cursor.copy(statement) as copy:
                    for portion in copy:
                        file.write(portion)
                member = tarfile.TarInfo(f"tables/{name}")
                member.size = file.tell()
                file.seek(0)
                tar.addfile(member, file)


def _in_order() -> list[Any]:
    """Parents before children; feedback and ledger_entry need each other, and are checked at the commit."""
    return list(db.metadata.sorted_tables)


def _cursor(connection: Connection) -> Any:
    return connection.connection.cursor()


def _add(tar: tarfile.TarFile, name: str, content: bytes) -> None:
    member = tarfile.TarInfo(name)
    member.size, member.mode = len(content), 0o600
    tar.addfile(member, io.BytesIO(content))


def _read(tar: tarfile.TarFile, name: str) -> bytes:
    member = tar.extractfile(name)
    if member is None:
        raise ValueError(f"{name} is no file")
    return member.read()
