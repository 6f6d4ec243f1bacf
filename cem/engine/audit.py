"""The audit trail is numbered and chained by one sealer, so that writers never wait for one another."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from sqlalchemy import func, select, update

from cem.domain import chain
from cem.domain.actors import Actor
from cem.engine.transaction import transaction
from cem.extensions import db
from cem.models import AuditRow, Counter

AT_ONCE: Final = 200


def record(actor: Actor, action: str, subject: object = None, **details: Any) -> None:
    """Keep what was done, or tried, outside of any other change: a sign-in, a refused look."""
    with transaction() as tx:
        tx.audit(str(actor), action, subject, **details)


def seal() -> int:
    """Number and chain the oldest unsealed rows. How many. Two sealers at once wait for one another."""
    if db.session.scalar(select(AuditRow.id).where(AuditRow.number.is_(None)).limit(1)) is None:
        return 0
    with transaction() as tx:
        tx.session.execute(select(Counter).where(Counter.name == "audit").with_for_update())
        last = tx.session.execute(
            select(AuditRow.number, AuditRow.hash)
            .where(AuditRow.number.is_not(None))
            .order_by(AuditRow.number.desc())
            .limit(1)
        ).one_or_none()
        number, previous = (last.number, bytes(last.hash)) if last else (0, chain.GENESIS)
        rows = tx.session.scalars(
            select(AuditRow).where(AuditRow.number.is_(None)).order_by(AuditRow.id).limit(AT_ONCE)
        ).all()
        for row in rows:
            number += 1
            previous = chain.seal(previous, number, content(row))
            tx.session.execute(
                update(AuditRow)
                .where(AuditRow.id == row.id, AuditRow.number.is_(None))
                .values(number=number, hash=previous)
                .execution_options(synchronize_session=False)
            )
        return len(rows)


def content(row: AuditRow) -> dict[str, Any]:
    """Everything a row says, in a form that both databases give back alike."""
    return {
        "id": str(row.id),
        "at": row.at.isoformat(),
        "actor": row.actor,
        "action": row.action,
        "subject": row.subject,
        "details": row.details,
    }


def first_break() -> int | None:
    """The number at which the chain was broken; None where it is whole."""
    return chain.first_break(_links())


def count() -> int:
    return int(db.session.scalar(select(func.count()).select_from(AuditRow)) or 0)


def _links() -> Iterator[chain.Link]:
    rows = db.session.scalars(
        select(AuditRow)
        .where(AuditRow.number.is_not(None))
        .order_by(AuditRow.number)
        .execution_options(yield_per=1000)
    )
    for row in rows:
        yield chain.Link(row.number or 0, content(row), bytes(row.hash or b""))
