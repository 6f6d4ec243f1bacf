"""Rows without which the hub cannot count: they come with their tables, by `create_all` and by migration."""

from __future__ import annotations

from typing import Any, Final

from sqlalchemy import Connection, MetaData, Table, event

COUNTERS: Final = ({"name": "case", "value": 0}, {"name": "audit", "value": 0})
REVISIONS: Final = ({"name": "organisation", "value": 1},)


def attach(metadata: MetaData) -> None:
    """Let `create_all` insert them."""
    for name, rows in (("counter", COUNTERS), ("revision", REVISIONS)):
        event.listen(metadata.tables[name], "after_create", _follower(rows))


def _follower(rows: tuple[dict[str, Any], ...]) -> Any:
    def follow(table: Table, connection: Connection, **_: Any) -> None:
        connection.execute(table.insert(), list(rows))

    return follow
