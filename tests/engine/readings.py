"""What understanding might have said, where a test is about what follows from it."""

from __future__ import annotations

from cem.domain.findings import Findings, Label, Risk, Sentiment
from cem.engine import triage
from cem.engine.intake_lookup import Receipt


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
