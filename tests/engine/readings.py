"""What understanding might have said, and who was told, where a test is about what follows from it."""

from __future__ import annotations

from datetime import timedelta

from cem.domain.findings import Findings, Label, Risk, Sentiment
from cem.engine import triage
from cem.engine.intake_lookup import Receipt
from cem.extensions import db
from cem.models import Delivery
from tests.world import MONDAY, World


def findings(
    label: Label = "negative", *risks: str, abstained: bool = False, model: str = "test@1"
) -> Findings:
    level = {"negative": -1, "neutral": 0, "positive": 1}[label]
    sentiment = Sentiment(label, level, level * 0.9, 0.95, abstained)
    found = tuple(Risk(code, 0.9) for code in risks)
    return Findings("zh-Hans", sentiment, (), found, "high" if risks else "normal", (), model)


def read(receipt: Receipt, *risks: str, label: Label = "negative", abstained: bool = False) -> int:
    """The text of this feedback has been understood."""
    return triage.apply([(receipt.feedback_id, findings(label, *risks, abstained=abstained))])


def pages(world: World) -> list[tuple[str, str, int]]:
    """Who was paged, how, and how many minutes after the start."""
    db.session.rollback()
    rows = db.session.scalars(
        db.select(Delivery)
        .where(Delivery.kind.in_(["page", "escalation"]), Delivery.sent_at.is_not(None))
        .order_by(Delivery.sent_at, Delivery.id)
    )
    return [(row.to, row.kind.value, (row.sent_at - MONDAY) // timedelta(minutes=1)) for row in rows]
