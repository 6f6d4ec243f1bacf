"""What the database itself refuses: history that changes, and words of customers that are edited.

The same triggers follow `create_all` and every run of the migrations, so no migration names them: SQLite's
batch mode drops them silently, and each run ends by making anew what does not stand.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Any, Final, Literal

from sqlalchemy import Connection, MetaData, Table, event, inspect, text


@dataclass(frozen=True, slots=True)
class Trigger:
    """Refuses `on` at `table`, always or where `when` holds (of OLD and NEW; valid on both databases)."""

    table: str
    on: Literal["UPDATE", "DELETE"]
    says: str
    when: str | None = None

    @property
    def name(self) -> str:
        return f"tr_{self.table}_{self.on.lower()}"


def _changes(*columns: str) -> str:
    """Whether one of these is changed. Compared as text: PostgreSQL cannot compare JSON."""
    return " OR ".join(f"CAST(OLD.{c} AS text) IS DISTINCT FROM CAST(NEW.{c} AS text)" for c in columns)


_SEALED: Final = (
    "OLD.number IS NOT NULL OR OLD.hash IS NOT NULL OR NEW.number IS NULL OR NEW.hash IS NULL OR "
    + _changes("id", "at", "actor", "action", "subject", "details")
)
"""An audit row may change once: when its number and its hash are given."""

_EDITED: Final = "(OLD.text IS DISTINCT FROM NEW.text AND (OLD.text IS NULL OR NEW.text IS DISTINCT FROM ''))"
"""A text may only be erased. What was erased is an empty text; NULL says that nothing was ever written."""

_ENDED: Final = (
    _changes("id", "at", "by", "feedback_id", "case_id", "host", "model", "sent")
    + " OR (OLD.ended_at IS NOT NULL AND ("
    + _changes("received", "outcome", "details", "milliseconds", "ended_at")
    + " OR (OLD.answer IS DISTINCT FROM NEW.answer AND NEW.answer IS DISTINCT FROM '')))"
    + " OR (OLD.request <> NEW.request AND NEW.request <> '')"
)
"""A call gets its end once; after that its words may be erased, and nothing else."""

TRIGGERS: Final = (
    *(
        Trigger(table, on, "history is only appended to")
        for table in (
            "ledger_move",
            "case_event",
            "breach",
            "breach_end",
            "correction",
            "assistant_switch",
            "recourse",
        )
        for on in ("UPDATE", "DELETE")
    ),
    Trigger("audit", "DELETE", "history is only appended to"),
    Trigger("audit", "UPDATE", "an audit row is sealed once and never changed", _SEALED),
    Trigger("assistant_call", "DELETE", "history is only appended to"),
    Trigger("assistant_call", "UPDATE", "a call is ended once, and only its words are ever erased", _ENDED),
    *(
        Trigger(table, "DELETE", "what a customer said is kept, and its entry with it")
        for table in ("feedback", "answer", "ledger_entry")
    ),
    Trigger(
        "feedback",
        "UPDATE",
        "what a customer said is erased or left as it is",
        f"{_EDITED} OR {_changes('rating_scale', 'rating_value')}",
    ),
    Trigger(
        "answer",
        "UPDATE",
        "what a customer said is erased or left as it is",
        f"{_EDITED} OR {_changes('question', 'scale', 'value', 'choices')}",
    ),
)

FORGETS: Final = "tr_feedback_erased"
"""Erasing a text erases what was made of it, whoever erases it."""
_ERASED: Final = "NEW.text = '' AND OLD.text IS DISTINCT FROM NEW.text"
_FORGET: Final = {
    "meaning": "DELETE FROM meaning WHERE feedback_id = OLD.id",
    "assistant_call": (
        "UPDATE assistant_call SET request = '', answer = '' WHERE feedback_id = OLD.id"
        " OR case_id IN (SELECT case_id FROM ledger_entry WHERE feedback_id = OLD.id)"
    ),
}
"""By the table that holds it."""

_CREATES: Final = re.compile(r"CREATE TRIGGER (\w+)")
_REFUSE: Final = """
CREATE OR REPLACE FUNCTION answered_refuse() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN RAISE EXCEPTION USING ERRCODE = 'integrity_constraint_violation', MESSAGE = TG_ARGV[0]; END $$
"""


def install(connection: Connection) -> None:
    """Make every trigger anew on the tables that exist. Harmless to repeat.

    On PostgreSQL nothing is done where they all stand as they should: to make one takes a lock on its table,
    and a command beside a running hub, locking one table after the other, could meet it in a deadlock.
    """
    present = set(inspect(connection).get_table_names())
    on_postgresql = connection.dialect.name == "postgresql"
    statements = list(_statements(present, on_postgresql))
    if not statements or (on_postgresql and _stand(connection, statements)):
        return
    for statement in statements:
        connection.execute(text(statement))
    if on_postgresql:
        connection.execute(text(f"COMMENT ON FUNCTION answered_refuse() IS '{_mark(statements)}'"))


def _statements(present: Collection[str], on_postgresql: bool) -> Iterator[str]:
    for trigger in TRIGGERS:
        if trigger.table in present:
            yield from _on_postgresql(trigger) if on_postgresql else _on_sqlite(trigger)
    if "feedback" in present:
        yield from _forgetting(present, on_postgresql)


def _stand(connection: Connection, statements: Collection[str]) -> bool:
    """Whether these very statements made what is there, and none of it was taken away."""
    told = connection.scalar(text("SELECT obj_description(to_regproc('answered_refuse'), 'pg_proc')"))
    there = set(connection.scalars(text("SELECT tgname FROM pg_trigger WHERE NOT tgisinternal")))
    made = {found[1] for statement in statements if (found := _CREATES.match(statement))}
    return told == _mark(statements) and made <= there


def _mark(statements: Collection[str]) -> str:
    return hashlib.sha256("\n".join(statements).encode()).hexdigest()


def attach(metadata: MetaData) -> None:
    """Let `create_all` make the triggers of each table with it."""
    for trigger in TRIGGERS:
        event.listen(metadata.tables[trigger.table], "after_create", _follower(trigger))
    event.listen(metadata, "after_create", _follow_with_forgetting)


def _follower(trigger: Trigger) -> Any:
    def follow(_table: Table, connection: Connection, **_: Any) -> None:
        _install(connection, trigger)

    return follow


def _follow_with_forgetting(_metadata: MetaData, connection: Connection, **_: Any) -> None:
    for statement in _forgetting(_FORGET, connection.dialect.name == "postgresql"):
        connection.execute(text(statement))


def _install(connection: Connection, trigger: Trigger) -> None:
    statements = _on_postgresql if connection.dialect.name == "postgresql" else _on_sqlite
    for statement in statements(trigger):
        connection.execute(text(statement))


def _forgetting(present: Collection[str], on_postgresql: bool) -> Iterator[str]:
    forget = "; ".join(statement for table, statement in _FORGET.items() if table in present)
    if forget:
        yield from _forgetting_on_postgresql(forget) if on_postgresql else _forgetting_on_sqlite(forget)


def _forgetting_on_sqlite(forget: str) -> Iterator[str]:
    yield f"DROP TRIGGER IF EXISTS {FORGETS}"
    when = f"FOR EACH ROW WHEN {_ERASED}"
    yield f"CREATE TRIGGER {FORGETS} AFTER UPDATE ON feedback {when} BEGIN {forget}; END"


def _forgetting_on_postgresql(forget: str) -> Iterator[str]:
    yield (
        "CREATE OR REPLACE FUNCTION answered_forget() RETURNS trigger LANGUAGE plpgsql AS"
        f" $$ BEGIN {forget}; RETURN NULL; END $$"
    )
    yield f"DROP TRIGGER IF EXISTS {FORGETS} ON feedback"
    yield (
        f"CREATE TRIGGER {FORGETS} AFTER UPDATE ON feedback FOR EACH ROW WHEN ({_ERASED})"
        " EXECUTE FUNCTION answered_forget()"
    )


def _on_sqlite(trigger: Trigger) -> Iterator[str]:
    when = f"WHEN {trigger.when}" if trigger.when else ""
    yield f"DROP TRIGGER IF EXISTS {trigger.name}"
    yield (
        f"CREATE TRIGGER {trigger.name} BEFORE {trigger.on} ON {trigger.table} FOR EACH ROW {when}"
        f" BEGIN SELECT RAISE(ABORT, '{trigger.says}'); END"
    )


def _on_postgresql(trigger: Trigger) -> Iterator[str]:
    when = f"WHEN ({trigger.when})" if trigger.when else ""
    yield _REFUSE
    yield f"DROP TRIGGER IF EXISTS {trigger.name} ON {trigger.table}"
    yield (
        f"CREATE TRIGGER {trigger.name} BEFORE {trigger.on} ON {trigger.table} FOR EACH ROW {when}"
        f" EXECUTE FUNCTION answered_refuse('{trigger.says}')"
    )
    if trigger.on == "DELETE":
        yield f"DROP TRIGGER IF EXISTS {trigger.name}_all ON {trigger.table}"
        yield (
            f"CREATE TRIGGER {trigger.name}_all BEFORE TRUNCATE ON {trigger.table} FOR EACH STATEMENT"
            f" EXECUTE FUNCTION answered_refuse('{trigger.says}')"
        )
