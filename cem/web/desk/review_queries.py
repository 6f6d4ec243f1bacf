"""The texts that could be looked at, and how many a person has looked at today."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import Row, select

from cem.domain.contradiction import contradiction
from cem.domain.findings import Findings
from cem.domain.ratings import Rating
from cem.domain.review import Candidate
from cem.extensions import db
from cem.models import CorrectionRow, Feedback, FindingsRow, Site, findings_that_hold
from nlp import second_opinion
from nlp.registry import FAST

LOOKED_BACK: Final = timedelta(days=30)
MOST: Final = 400
"""The newest texts that are chosen from: enough for a month of one branch, and a page's time."""


def candidates(path: str, now: datetime, username: str) -> list[Candidate]:
    """What nobody has looked at, of this part of the company. Nobody judges what is said about themselves."""
    statement = (
        select(
            Feedback.id,
            Feedback.text,
            Feedback.rating_scale,
            Feedback.rating_value,
            findings_that_hold().label("findings"),
        )
        .join(Site, Site.id == Feedback.site_id)
        .where(
            Feedback.received_at >= now - LOOKED_BACK,
            Feedback.text.is_not(None) & (Feedback.text != ""),
            Feedback.staff.is_distinct_from(username),
            Site.path.startswith(path, autoescape=True),
            findings_that_hold(FindingsRow.corrected_by).is_(None),
        )
        .order_by(Feedback.received_at.desc())
        .limit(MOST)
    )
    rows = [row for row in db.session.execute(statement) if row.findings is not None]
    return _with_second_opinions(rows)


def done_today(by: str, since: datetime) -> Counter[str]:
    """How many of each share this person has looked at, less what they took back."""
    c = CorrectionRow
    taken_back = select(c.undoes).where(c.undoes.is_not(None))
    rows = select(c.why).where(c.by == by, c.at >= since, c.why.is_not(None), c.id.not_in(taken_back))
    return Counter(why for why in db.session.scalars(rows) if why)


def _with_second_opinions(rows: Sequence[Row[Any]]) -> list[Candidate]:
    found = [(row, Findings.from_dict(row.findings)) for row in rows]
    both = [(row, each) for row, each in found if not each.model.startswith(f"{FAST}@")]
    words = second_opinion.of_words([(row.text, each.language) for row, each in both])
    said = {row.id: score for (row, _), score in zip(both, words, strict=True)}
    return [_candidate(row, each, said.get(row.id)) for row, each in found]


def _candidate(row: Row[Any], findings: Findings, words: float | None) -> Candidate:
    sentiment = findings.sentiment
    rating = Rating(row.rating_scale, row.rating_value) if row.rating_scale is not None else None
    against = contradiction(rating, findings)
    return Candidate(
        row.id, sentiment.score, sentiment.confidence, words, against.reason if against else None
    )
