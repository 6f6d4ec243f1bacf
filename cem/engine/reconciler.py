"""The reconciler proves the ledger every few minutes; what it found is kept with its time, for a watchdog.

What it looks at is what `cem verify` looks at, but for the chain of the audit trail, which takes long.
"""

from __future__ import annotations

from typing import Any, Final

from sqlalchemy import func, insert, select, update

from cem import clock
from cem.domain import proof as rules
from cem.domain.actors import HUB
from cem.domain.proof import Proof
from cem.domain.reasons import Reason
from cem.engine import verify
from cem.engine.transaction import Tx, transaction
from cem.extensions import db
from cem.models import LedgerEntry, Reconciliation

LEDGER: Final = "ledger"
KEPT: Final = 100


def reconcile_if_due() -> bool:
    """Run where it is time. Whether it ran."""
    db.session.rollback()
    ran_at = db.session.scalar(select(Reconciliation.ran_at).where(Reconciliation.name == LEDGER))
    if not rules.is_due(ran_at, clock.now()):
        return False
    reconcile()
    return True


def reconcile() -> list[Reason]:
    """Prove the sum, and that nothing owed lacks an owner, a live due time or a next step. What is wrong.

    It reads first and writes one row: whoever stores feedback meanwhile waits for nothing.
    """
    db.session.rollback()
    found = verify.unproved()
    with transaction() as tx:
        _keep(tx, found)
    return found


def standing() -> Proof:
    """What is proved now: one row is read."""
    row = db.session.execute(
        select(Reconciliation.ran_at, Reconciliation.faults, Reconciliation.wrong_since).where(
            Reconciliation.name == LEDGER
        )
    ).one_or_none()
    if row is None:
        first = db.session.scalar(select(func.min(LedgerEntry.changed_at)))
        return rules.proof(None, 0, None, clock.now(), owing_since=first)
    return rules.proof(row.ran_at, row.faults, row.wrong_since, clock.now())


def found() -> list[Reason]:
    """What it found when it ran last."""
    kept = db.session.scalar(select(Reconciliation.found).where(Reconciliation.name == LEDGER))
    return [Reason.from_dict(raw) for raw in kept or ()]


def _keep(tx: Tx, found: list[Reason]) -> None:
    """A change for the worse or for the better is kept in the audit trail too."""
    row = tx.session.get(Reconciliation, LEDGER)
    was_wrong = row is not None and row.wrong_since is not None
    since = (row.wrong_since if row else None) or tx.now
    values: dict[str, Any] = {
        "ran_at": tx.now,
        "faults": len(found),
        "found": [reason.as_dict() for reason in found[:KEPT]],
        "wrong_since": since if found else None,
    }
    if row is None:
        tx.session.execute(insert(Reconciliation), [{"name": LEDGER, **values}])
    else:
        tx.session.execute(update(Reconciliation).where(Reconciliation.name == LEDGER).values(**values))
    if bool(found) is not was_wrong:
        codes = sorted({reason.code for reason in found})
        tx.audit(str(HUB), "ledger.wrong" if found else "ledger.proved", faults=len(found), codes=codes)
