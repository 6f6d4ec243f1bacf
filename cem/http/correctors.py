"""Who corrected a reading last, for every page that shows it."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from sqlalchemy import select

from cem.domain import corrections
from cem.extensions import db
from cem.http.words import person
from cem.models import CorrectionRow

Line = tuple[str, datetime]


def last_lines(feedback: Collection[UUID]) -> dict[UUID, Line]:
    """Who corrected these texts last, and when, of the corrections that hold."""
    c = CorrectionRow
    rows = db.session.scalars(select(c).where(c.feedback_id.in_(feedback)).order_by(c.version)).all()
    found: dict[UUID, Line] = {}
    for id in {row.feedback_id for row in rows}:
        lines = {row.id: row for row in rows if row.feedback_id == id}
        if holding := corrections.standing([row.logged for row in lines.values()]):
            last = lines[holding[-1].id]
            found[id] = person(last.by), last.at
    return found
