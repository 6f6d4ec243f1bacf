"""A database with very many open cases, made by copying one real case inside the database."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Connection, Table, text

from cem.extensions import db
from cem.models import Case, Feedback, LedgerEntry, Promise
from tests.world import World

NUMBERS: Final = {
    "sqlite": "CREATE TEMP TABLE copies AS WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n"
    " WHERE i < :count) SELECT i, randomblob(16) AS fid, randomblob(16) AS cid, randomblob(16) AS pid FROM n",
    "postgresql": "CREATE TEMP TABLE copies AS SELECT i, gen_random_uuid() AS fid, gen_random_uuid() AS cid,"
    " gen_random_uuid() AS pid FROM generate_series(1, :count) AS i",
}
LATER: Final = {
    "sqlite": "datetime('now', '+30 days') || '.000000'",
    "postgresql": "now() + interval '30 days'",
}
TABLES: Final[tuple[tuple[Any, Mapping[str, str]], ...]] = (
    (Feedback, {"id": "fid", "tracking_code": "'copy' || i", "source_id": "NULL"}),
    (Case, {"id": "cid", "number": "i + 1000", "feedback_id": "fid", "next_step_at": "LATER"}),
    (Promise, {"id": "pid", "case_id": "cid", "due_at": "LATER", "warn_at": "LATER"}),
    (LedgerEntry, {"feedback_id": "fid", "case_id": "cid", "due_at": "LATER", "next_step_at": "LATER"}),
)


def fill(world: World, count: int) -> None:
    """So many open cases of which nothing is due for a month, each with feedback, entry and a promise."""
    receipt = world.tap(1)
    world.settle()
    copied(world.case(receipt), TABLES, count, world.promise(receipt, "resolve"))


def copied(
    case: Case, tables: Sequence[tuple[Any, Mapping[str, str]]], count: int, promise: Promise | None = None
) -> None:
    """So many copies of the rows around one case, with what is changed in each table."""
    only = {
        Feedback: ("id", case.feedback_id),
        Case: ("id", case.id),
        Promise: ("id", promise.id if promise else case.id),
        LedgerEntry: ("feedback_id", case.feedback_id),
    }
    db.session.rollback()
    with db.engines[None].connect() as connection:
        _foreign_keys(connection, on=False)
        with connection.begin():
            connection.execute(text(NUMBERS[connection.dialect.name]), {"count": count})
            for model, changed in tables:
                column, value = only[model]
                _copy(connection, model.__table__, changed, column, value)
        _foreign_keys(connection, on=True)
    with db.engines[None].connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.exec_driver_sql("ANALYZE")


def _copy(connection: Connection, table: Table, changed: Mapping[str, str], column: str, value: UUID) -> None:
    later = LATER[connection.dialect.name]
    values = [changed.get(each.name, f't."{each.name}"').replace("LATER", later) for each in table.columns]
    names = ", ".join(f'"{each.name}"' for each in table.columns)
    bound = value.bytes if connection.dialect.name == "sqlite" else value
    source = f'FROM copies, "{table.name}" t WHERE t."{column}" = :value'
    statement = f'INSERT INTO "{table.name}" ({names}) SELECT {", ".join(values)} {source}'
    connection.execute(text(statement), {"value": bound})


def _foreign_keys(connection: Connection, *, on: bool) -> None:
    """The copies are whole by the way they are made; to check each of them would take most of the time."""
    if connection.dialect.name == "sqlite":
        connection.connection.dbapi_connection.execute(f"PRAGMA foreign_keys={'ON' if on else 'OFF'}")  # type: ignore[union-attr]
