"""Loading the demo company: one transaction, so that a start that was killed begins again from nothing."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import Connection, insert, select, update
from sqlalchemy.orm import DeclarativeBase
from tqdm import tqdm

from cem import clock
from cem.demo import content
from cem.demo.customers import customers
from cem.demo.history import history
from cem.domain import chain
from cem.engine import audit, organisation
from cem.engine.rows import Rows
from cem.engine.transaction import audit_row
from cem.extensions import db
from cem.models import (
    Answer,
    AuditRow,
    Breach,
    Case,
    CaseEvent,
    Contact,
    Counter,
    Delivery,
    Feedback,
    FindingsRow,
    LedgerEntry,
    LedgerMove,
    Note,
    Promise,
    Reply,
    Touchpoint,
)
from cem.settings import Settings
from cem.setup import guests, is_empty, sign_ins
from cem.setup.company import Company, write_company
from cem.setup.letters import Letters
from cem.setup.past import Past, number_in_order, people_by_id, read

SEED: Final = 7
ORDER: Final[tuple[type[DeclarativeBase], ...]] = (
    *guests.ORDER,
    Feedback,
    Case,
    LedgerEntry,
    LedgerMove,
    Answer,
    Promise,
    Note,
    CaseEvent,
    Contact,
    Reply,
    Breach,
    Delivery,
    FindingsRow,
    AuditRow,
)
AT_ONCE: Final = 500


def load(settings: Settings) -> bool:
    """Load the demo company into an empty hub. False where somebody has set it up already."""
    if not is_empty():
        return False
    db.session.rollback()
    passwords = sign_ins.kept(settings.instance)
    hashes = sign_ins.hashed(passwords)
    with db.engines[None].begin() as connection:
        _Load(connection, write_company(connection, hashes, clock.now())).run()
    organisation.forget()
    return True


@dataclass(slots=True)
class _Load:
    """One load on its way, in a transaction that its caller commits."""

    connection: Connection
    company: Company

    def run(self) -> None:
        until, rows = clock.now(), Rows()
        known = guests.add_guests(rows, customers(SEED, until), self.company.sites)
        here = organisation.current(self.connection)
        letters = Letters(people_by_id(here, content.people()), self._touchpoints())
        tiers = {facts.id: facts.tier for facts in known.customers.values()}
        told = list(history(SEED, until))
        packs = {place.code: place.pack for place in content.places()}
        past = Past(rows, here, known, letters, tiers, [])
        past.tell(told, dict(read(told, packs)), until)
        last = number_in_order(rows)
        self.connection.execute(update(Counter).where(Counter.name == "case").values(value=last))
        rows.tables[Delivery] = letters.rows(past.unseen())
        rows.add(AuditRow, audit_row(until, "hub", "demo.loaded", None, {"feedback": len(told)}))
        rows.tables[AuditRow] = list(_sealed(rows.tables[AuditRow]))
        self._insert(rows)

    def _touchpoints(self) -> dict[Any, dict[str, str]]:
        return {row.id: row.name for row in self.connection.execute(select(Touchpoint.id, Touchpoint.name))}

    def _insert(self, rows: Rows) -> None:
        """Parents before children, in portions, with a bar where somebody is looking."""
        total = sum(len(rows.tables.get(table, ())) for table in ORDER)
        with tqdm(total=total, desc="Demo company", unit=" rows", disable=None, leave=False) as bar:
            for table in ORDER:
                for portion in _portions(rows.tables.get(table, [])):
                    self.connection.execute(insert(table), portion)
                    bar.update(len(portion))


def _portions(rows: list[dict[str, Any]]) -> Iterable[list[dict[str, Any]]]:
    """Rows with the same columns each: a statement for many takes its columns from the first."""
    columns = dict.fromkeys(name for row in rows for name in row)
    whole = [{name: row.get(name) for name in columns} for row in rows]
    return (whole[start : start + AT_ONCE] for start in range(0, len(whole), AT_ONCE))


def _sealed(rows: list[dict[str, Any]]) -> Iterable[dict[str, Any]]:
    """The trail, numbered and chained as the sealer does it."""
    previous = chain.GENESIS
    for number, row in enumerate(sorted(rows, key=lambda row: row["id"]), 1):
        previous = chain.seal(previous, number, audit.content(AuditRow(**row)))
        yield row | {"number": number, "hash": previous}
