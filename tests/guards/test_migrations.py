"""The migrations lead to exactly what the models say, on both databases, triggers and all."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from alembic import command
from flask import Flask
from sqlalchemy import Engine, create_engine, inspect, text

from cem import database
from cem.app import create_app
from cem.extensions import db, migrate
from cem.models import triggers
from tests.conftest import Databases
from tests.world import settings_for

MORE = "The models have changed: write a migration (flask db migrate), or correct the one that is there."


@pytest.fixture
def fresh(request: pytest.FixtureRequest, databases: Databases, tmp_path: Path) -> str:
    """An empty database."""
    return databases.empty(request.param, tmp_path)


both = pytest.mark.parametrize("fresh", ["sqlite", "postgresql"], indirect=True)


@pytest.fixture
def fresh_app(fresh: str, tmp_path: Path) -> Iterator[Flask]:
    app = create_app(settings_for(tmp_path / "instance", fresh))
    yield app
    with app.app_context():
        for engine in db.engines.values():
            engine.dispose()


@both
def test_migrating_makes_what_the_models_describe(fresh_app: Flask, databases: Databases) -> None:
    database.upgrade(fresh_app)
    with fresh_app.app_context():
        migrated = described(db.engines[None])
        other = create_engine(
            databases.empty(db.engines[None].dialect.name, fresh_app.extensions["cem_settings"].instance)
        )
    db.metadata.create_all(other)
    made = described(other)
    other.dispose()
    for what, expected in made.items():
        assert migrated[what] == expected, MORE
    assert migrated.keys() == made.keys(), MORE


@both
def test_migrating_can_be_taken_back_and_done_again(fresh_app: Flask) -> None:
    database.upgrade(fresh_app)
    with fresh_app.app_context():
        command.downgrade(migrate.get_config(), "base")
        assert set(inspect(db.engines[None]).get_table_names()) == {"alembic_version"}
    database.upgrade(fresh_app)
    database.upgrade(fresh_app)


@both
def test_the_numbers_that_a_hub_counts_with_are_there_from_the_start(fresh_app: Flask) -> None:
    database.upgrade(fresh_app)
    with fresh_app.app_context(), db.engines[None].connect() as connection:
        counters = connection.execute(text("SELECT name, value FROM counter ORDER BY name")).all()
        revisions = connection.execute(text("SELECT name, value FROM revision")).all()
    assert [tuple(row) for row in counters] == [("audit", 0), ("case", 0)]
    assert [tuple(row) for row in revisions] == [("organisation", 1)]


@pytest.mark.parametrize("fresh", ["postgresql"], indirect=True)
def test_a_command_beside_a_hub_waits_for_no_table_that_it_writes_to(fresh_app: Flask) -> None:
    database.upgrade(fresh_app)
    with fresh_app.app_context():
        engine = db.engines[None]
        with engine.begin() as hub:
            hub.execute(text("DELETE FROM recourse WHERE false"))
            hub.execute(text("UPDATE feedback SET language = language WHERE false"))
            with engine.begin() as command:
                command.execute(text("SET LOCAL lock_timeout = '100ms'"))
                triggers.install(command)


@pytest.mark.parametrize("fresh", ["postgresql"], indirect=True)
def test_a_trigger_that_was_taken_away_is_there_again_after_the_next_start(fresh_app: Flask) -> None:
    database.upgrade(fresh_app)
    with fresh_app.app_context():
        engine = db.engines[None]
        before = dict(_as_written(engine))
        with engine.begin() as somebody:
            somebody.execute(text("DROP TRIGGER tr_feedback_erased ON feedback"))
    database.upgrade(fresh_app)
    assert dict(_as_written(engine)) == before


@both
@pytest.mark.kill
def test_processes_that_migrate_at_once_wait_for_one_another(fresh: str, tmp_path: Path) -> None:
    program = (
        "import sys; from pathlib import Path; from cem import database; from cem.app import create_app\n"
        "from tests.world import settings_for\n"
        "database.upgrade(create_app(settings_for(Path(sys.argv[1]), sys.argv[2])))"
    )
    arguments = [sys.executable, "-c", program, str(tmp_path / "instance"), fresh]
    hubs = [subprocess.Popen(arguments, stderr=subprocess.PIPE, text=True) for _ in range(3)]
    said = [hub.communicate(timeout=60)[1] for hub in hubs]
    assert [hub.returncode for hub in hubs] == [0, 0, 0], said


def described(engine: Engine) -> dict[Any, Any]:
    """Everything a schema says, by the name of what says it."""
    return dict(_tables(engine)) | dict(_as_written(engine))


def _tables(engine: Engine) -> Iterator[tuple[Any, Any]]:
    seen = inspect(engine)
    for table in seen.get_table_names():
        if table == "alembic_version":
            continue
        for column in seen.get_columns(table):
            shown = (str(column["type"]), column["nullable"], column.get("default"))
            yield (table, "column", column["name"]), shown
        for kind, found in (
            ("key", [seen.get_pk_constraint(table)]),
            ("foreign key", seen.get_foreign_keys(table)),
            ("unique", seen.get_unique_constraints(table)),
            ("check", seen.get_check_constraints(table)),
        ):
            for each in found:
                yield (table, kind, each["name"]), {k: v for k, v in each.items() if k != "comment"}


def _as_written(engine: Engine) -> Iterator[tuple[Any, Any]]:
    """Indexes with their WHERE, triggers with their words, as the database itself writes them."""
    statements = {
        "sqlite": (
            "SELECT name, sql FROM sqlite_master WHERE type IN ('index', 'trigger') AND sql IS NOT NULL",
        ),
        "postgresql": (
            "SELECT indexname, indexdef FROM pg_indexes WHERE schemaname = 'public'"
            " AND tablename <> 'alembic_version'",
            "SELECT tgname, pg_get_triggerdef(oid) FROM pg_trigger WHERE NOT tgisinternal",
        ),
    }
    with engine.connect() as connection:
        for statement in statements[engine.dialect.name]:
            for name, words in connection.execute(text(statement)):
                yield ("written", name), " ".join(words.replace('"', "").split())
