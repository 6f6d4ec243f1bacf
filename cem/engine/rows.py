"""Many rows, written by few statements: for intake and triage, where every millisecond is somebody's wait.

SQLAlchemy compiles each INSERT once; after that a row costs only the conversion of its values.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, TypeVar

from sqlalchemy import Connection, Dialect, insert
from sqlalchemy.orm import DeclarativeBase

from cem.engine.transaction import Event, outbox_row
from cem.models import OutboxRow

Row = dict[str, Any]
Table = type[DeclarativeBase]
_Answer = TypeVar("_Answer")
_Binder = Callable[[Any], Any] | None


@dataclass(slots=True)
class Rows:
    """Rows by table, in the order in which they may be inserted, and the events to tell after the commit."""

    tables: dict[Table, list[Row]] = field(default_factory=dict)
    events: list[Event] = field(default_factory=list)
    _known: dict[Hashable, Any] = field(default_factory=dict)

    def once(self, key: Hashable, work_out: Callable[[], _Answer]) -> _Answer:
        """What is the same for many of these rows is worked out once: a storm asks it a hundred times."""
        if key not in self._known:
            self._known[key] = work_out()
        answer: _Answer = self._known[key]
        return answer

    def add(self, table: Table, row: Row) -> None:
        self.tables.setdefault(table, []).append(row)

    def say(self, now: datetime, kind: str, **ids: Any) -> None:
        row, event = outbox_row(now, kind, ids)
        self.add(OutboxRow, row)
        self.events.append(event)

    def write(self, connection: Connection, order: Sequence[Table]) -> None:
        """Insert them, parents first. All rows of a table name the same columns."""
        for table in order:
            if rows := self.tables.get(table):
                _insert_for(table, tuple(rows[0]), connection.dialect).run(connection, rows)


@dataclass(frozen=True, slots=True)
class _Insert:
    """One compiled INSERT, and what turns each value into what the driver takes."""

    sql: str
    columns: tuple[tuple[str, _Binder], ...]
    defaults: Row
    positional: bool

    def run(self, connection: Connection, rows: Sequence[Row]) -> None:
        connection.exec_driver_sql(self.sql, [self._bound(row) for row in rows])

    def _bound(self, row: Row) -> Any:
        if self.defaults:
            row = self.defaults | row
        values = [bind(row[name]) if bind else row[name] for name, bind in self.columns]
        if self.positional:
            return tuple(values)
        return {name: value for (name, _), value in zip(self.columns, values, strict=True)}


_compiled: dict[tuple[str, Table, tuple[str, ...]], _Insert] = {}
"""By the dialect's name, the table and the columns given."""


def _insert_for(table: Table, names: tuple[str, ...], dialect: Dialect) -> _Insert:
    key = (dialect.name, table, names)
    if key not in _compiled:
        _compiled[key] = _compile(table, names, dialect)
    return _compiled[key]


def _compile(table: Table, names: tuple[str, ...], dialect: Dialect) -> _Insert:
    columns = {column.key: column for column in table.__table__.columns}
    defaults = {
        name: column.default.arg
        for name, column in columns.items()
        if name not in names and column.default is not None and column.default.is_scalar
    }
    compiled: Any = insert(table).compile(dialect=dialect, column_keys=[*names, *defaults])
    order = compiled.positiontup if compiled.positional else [*names, *defaults]
    binders = tuple(
        (name, columns[name].type.dialect_impl(dialect).bind_processor(dialect)) for name in order
    )
    return _Insert(str(compiled), binders, defaults, compiled.positional)
