"""Texts of one sender that say almost the same are flagged; a person may say that many hands wrote them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final
from uuid import UUID

from sqlalchemy import select, update

from cem.domain import coordination
from cem.domain.actors import Actor
from cem.domain.coordination import WITHIN, Alike, Said, alike
from cem.domain.reasons import NotFound, Reason
from cem.engine import triage
from cem.engine.rows import Rows
from cem.engine.transaction import Tx, transaction
from cem.extensions import db
from cem.models import AlikeRow, Feedback, Meaning, Site

MOST: Final = 200
"""Texts of one sender that are looked through: the newest."""


@dataclass(frozen=True, slots=True)
class Group:
    """What is known of texts that are alike, for those who may see some of them."""

    id: UUID
    reason: Reason
    whole: bool
    """Whether all of them lie below the path that was asked for."""


def look(ids: Sequence[UUID], sent_with: Mapping[UUID, Sequence[UUID]]) -> int:
    """Look at texts that were just understood. `sent_with`: what came from the same address lately, itself
    among them. How many were flagged anew. May be repeated."""
    f = Feedback
    columns = (f.id, f.text, f.received_at, f.customer_id, f.attributes, f.site_id, f.channel)
    rows = db.session.execute(select(*columns).where(f.id.in_(ids), f.text != "")).all()
    found = [each for row in rows if (each := _alike(row, sent_with.get(row.id, ()))) is not None]
    db.session.rollback()
    return sum(_flag(each) for each in found)


def part(group_id: UUID, path: str, by: Actor) -> int:
    """A person says that different people wrote them: no longer flagged, for good. How many there were."""
    group = of_group(group_id, path)
    if group is None or not group.whole:
        raise NotFound
    with transaction() as tx:
        here = (AlikeRow.group_id == group_id, AlikeRow.parted_at.is_(None))
        ids = tx.session.scalars(select(AlikeRow.feedback_id).where(*here)).all()
        tx.session.execute(update(AlikeRow).where(*here).values(parted_at=tx.now, parted_by=str(by)))
        _mark(tx, ids, flagged=False)
        tx.audit(str(by), "feedback.not_alike", group_id, count=len(ids))
        return len(ids)


def group_of(feedback: Sequence[UUID]) -> Group | None:
    """The group that one of these texts is in."""
    id = db.session.scalar(
        select(AlikeRow.group_id)
        .where(AlikeRow.feedback_id.in_(feedback), AlikeRow.parted_at.is_(None))
        .limit(1)
    )
    return of_group(id, "") if id else None


def of_group(group_id: UUID, path: str) -> Group | None:
    """How many texts a group has and what they have in common; None where none is below this path."""
    statement = (
        select(AlikeRow.common, Feedback.received_at, Site.path)
        .join(Feedback, Feedback.id == AlikeRow.feedback_id)
        .join(Site, Site.id == Feedback.site_id)
        .where(AlikeRow.group_id == group_id, AlikeRow.parted_at.is_(None))
        .order_by(Feedback.received_at)
    )
    rows = db.session.execute(statement).all()
    if not any(row.path.startswith(path) for row in rows):
        return None
    hours = -(-(rows[-1].received_at - rows[0].received_at) // timedelta(hours=1))
    args = {"count": len(rows), "hours": max(1, hours), "common": rows[0].common}
    return Group(group_id, Reason("texts_alike", args), all(row.path.startswith(path) for row in rows))


def _alike(row: Any, sent_with: Sequence[UUID]) -> Alike | None:
    near = _of_one_sender(row, sent_with)
    if len(near) + 1 < coordination.AT_LEAST:
        return None
    from nlp.similar import pieces  # heavy, and most people write once

    others = [
        Said(each.id, each.received_at, pieces(each.text or ""), common) for each, common in near.values()
    ]
    one = Said(row.id, row.received_at, pieces(row.text or ""))
    return alike(one, others, _cosines(row.id, [other.id for other in others]))


def _of_one_sender(row: Any, sent_with: Sequence[UUID]) -> dict[UUID, tuple[Feedback, str]]:
    """What came within a week from the same customer, under the same name in the same channel, or from the
    same address, with what they have in common."""
    ways: list[tuple[str, Any]] = []
    if row.customer_id is not None:
        ways.append(("customer", Feedback.customer_id == row.customer_id))
    if author := (row.attributes or {}).get("author"):
        named = Feedback.attributes["author"].as_string() == str(author)
        ways.append(("author", (Feedback.site_id == row.site_id) & (Feedback.channel == row.channel) & named))
    if sent_with:
        ways.append(("address", Feedback.id.in_(sent_with)))
    found: dict[UUID, tuple[Feedback, str]] = {}
    for common, which in ways:
        statement = select(Feedback).where(
            which,
            Feedback.id != row.id,
            Feedback.text != "",
            Feedback.received_at >= row.received_at - WITHIN,
            Feedback.received_at <= row.received_at + WITHIN,
        )
        for other in db.session.scalars(statement.order_by(Feedback.received_at.desc()).limit(MOST)):
            found.setdefault(other.id, (other, common))
    return found


def _cosines(id: UUID, others: Sequence[UUID]) -> list[float | None]:
    """Of the newest vectors that can be compared with this one's."""
    from nlp.similar import unpack

    newest = select(Meaning).where(Meaning.feedback_id == id).order_by(Meaning.at.desc()).limit(1)
    own = db.session.scalar(newest)
    if own is None:
        return [None] * len(others)
    rows = select(Meaning.feedback_id, Meaning.vector).where(
        Meaning.feedback_id.in_(others), Meaning.space == own.space
    )
    known = {each.feedback_id: each.vector for each in db.session.execute(rows)}
    vector = unpack([own.vector])[0]
    return [float(unpack([known[other]])[0] @ vector) if other in known else None for other in others]


def _flag(found: Alike) -> int:
    """In one short transaction. A text that is in a group stays there; one that was parted stays so."""
    with transaction() as tx:
        triage.locked(tx, found.ids)
        here = select(AlikeRow).where(AlikeRow.feedback_id.in_(found.ids))
        known = {row.feedback_id: row for row in tx.session.scalars(here)}
        if any(row.parted_at for row in known.values()):
            return 0
        group = min((row.group_id for row in known.values()), default=found.ids[0])
        fresh = [id for id in found.ids if id not in known]
        rows = Rows()
        for id in fresh:
            row = {"feedback_id": id, "group_id": group, "common": found.common, "at": tx.now}
            rows.add(AlikeRow, row | {"parted_at": None, "parted_by": None})
        rows.write(tx.connection, (AlikeRow,))
        _mark(tx, fresh, flagged=True)
        if fresh:
            tx.audit("hub", "feedback.alike", group, count=len(fresh), common=found.common)
        return len(fresh)


def _mark(tx: Tx, ids: Sequence[UUID], *, flagged: bool) -> None:
    for id, row in triage.locked(tx, ids).items():
        values = {"flags": coordination.flags(row.flags, flagged)}
        tx.session.execute(update(Feedback).where(Feedback.id == id).values(**values))
