"""Texts are understood in batches, by one pipeline that each worker loads once."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import TYPE_CHECKING
from uuid import UUID

from sqlalchemy import select

from cem.engine import triage
from cem.engine.outbox import Claim
from cem.extensions import db
from cem.models import Feedback, Site

if TYPE_CHECKING:
    from nlp.pipeline import Pipeline


@cache
def pipeline(pack: str) -> Pipeline:
    """The pipeline of an industry pack, kept for the life of the process."""
    from nlp.pipeline import load

    return load("fast", pack)


def run(claims: Sequence[Claim]) -> None:
    """Read the texts, think without holding a connection, then write the findings in one transaction."""
    ids = [UUID(claim.ids["feedback"]) for claim in claims]
    statement = (
        select(Feedback, Site.pack)
        .join(Site, Site.id == Feedback.site_id)
        .where(Feedback.id.in_(ids), Feedback.text.is_not(None))
    )
    by_pack: dict[str, list[tuple[UUID, object]]] = {}
    from nlp.pipeline import TextIn

    for feedback, pack in db.session.execute(statement):
        text = TextIn(feedback.text, feedback.rating, feedback.language)
        by_pack.setdefault(pack, []).append((feedback.id, text))
    db.session.remove()
    for pack, texts in by_pack.items():
        findings = pipeline(pack).analyse([text for _, text in texts])
        triage.apply([(id, found) for (id, _), found in zip(texts, findings, strict=True)])
