"""How Alembic reaches the database: one transaction for the whole run, triggers made anew at its end."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Literal

from alembic import context
from alembic.autogenerate.api import AutogenContext
from sqlalchemy import NUMERIC, Connection, text
from sqlalchemy.types import TypeEngine

from cem.extensions import db
from cem.models import triggers
from cem.models.sealed import Sealed
from cem.models.types import Code, Id, UtcDateTime

ADVISORY_LOCK = 0x616E7377  # "answ": two hubs that start at once migrate one after the other


@contextmanager
def _connection() -> Iterator[Connection]:
    """A connection of its own, closed afterwards: SQLite's has no foreign keys while tables are copied."""
    with db.engines[None].connect() as connection:
        connection.detach()
        sqlite = connection.dialect.name == "sqlite"
        if sqlite:
            connection.connection.cursor().execute("PRAGMA foreign_keys=OFF")
        with connection.begin():
            if not sqlite:
                connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": ADVISORY_LOCK})
            yield connection
            if sqlite and connection.execute(text("PRAGMA foreign_key_check")).first():
                raise RuntimeError("the migration would leave a row that points to nothing")


def _plain(kind: str, thing: Any, _context: AutogenContext) -> str | Literal[False]:
    """Write our types as plain ones, so that old migrations never depend on today's code."""
    if kind != "type":
        return False
    written = {
        Id: 'sa.BINARY(16).with_variant(sa.Uuid(), "postgresql")',
        UtcDateTime: "sa.DateTime(timezone=True)",
        Sealed: "sa.LargeBinary()",
        Code: "sa.String(32)",
    }
    return written.get(type(thing), False)


def _differs(
    _context: object, _inspected: object, _column: object, found: TypeEngine[Any], wanted: TypeEngine[Any]
) -> bool | None:
    """SQLite calls a type that it does not know NUMERIC, so ids seem to differ. None: compare as usual."""
    return False if isinstance(wanted, Id) and isinstance(found, NUMERIC) else None


with _connection() as connection:
    context.configure(
        connection=connection,
        target_metadata=db.metadata,
        render_as_batch=True,
        render_item=_plain,
        compare_type=_differs,
    )
    context.run_migrations()
    triggers.install(connection)
