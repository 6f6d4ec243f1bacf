"""Commands run in this process, each time as anew, against a real database."""

from __future__ import annotations

import io
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text

from cem import cli, clock
from cem.engine import organisation, transaction


@dataclass(frozen=True)
class Ran:
    """What a command left: its exit status and what it printed."""

    status: int
    out: str
    err: str


Cem = Callable[..., Ran]


@pytest.fixture
def instance(tmp_path: Path) -> Path:
    return tmp_path / "instance"


@pytest.fixture
def cem(
    database_url: str,
    instance: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> Iterator[Cem]:
    """`cem("sites", "--json")`, on an empty database of each kind."""
    monkeypatch.setenv("CEM_INSTANCE", str(instance))
    monkeypatch.setenv("CEM_DATABASE_URL", database_url)
    transaction._listeners.clear()
    organisation.forget()

    def run(*argv: object, stdin: bytes = b"") -> Ran:
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(stdin)))
        capsys.readouterr()
        try:
            status = cli.main([str(each) for each in argv])
        except SystemExit as leaving:  # argparse
            status = int(leaving.code or 0)
        printed = capsys.readouterr()
        return Ran(status, printed.out, printed.err)

    yield run
    clock.unshare()


@pytest.fixture
def founded(cem: Cem) -> Cem:
    """A hub with an organisation of its own: the group and its first branch, branch-1."""
    assert cem("init", "--pack", "hotel", "--name", "Harbour").status == 0
    return cem


AppRows = Callable[..., list[tuple[object, ...]]]


@pytest.fixture
def app_rows(database_url: str) -> Iterator[AppRows]:
    """Look into the database behind the hub's back; `unguarded` names a table whose triggers are dropped."""
    engine = create_engine(database_url)

    def ask(statement: str, unguarded: str | None = None) -> list[tuple[object, ...]]:
        with engine.begin() as connection:
            if unguarded:
                on = f" ON {unguarded}" if engine.dialect.name == "postgresql" else ""
                connection.execute(text(f"DROP TRIGGER tr_{unguarded}_update{on}"))
            result = connection.execute(text(statement))
            return [tuple(row) for row in result] if result.returns_rows else []

    yield ask
    engine.dispose()
