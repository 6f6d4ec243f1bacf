"""Findings as the pipeline would give them."""

from __future__ import annotations

from cem.domain.findings import Findings, Sentiment, Topic


def reading(*spans: tuple[int, int, str]) -> Findings:
    """Each span (start, end, sentiment) is a topic of its own; one complaint makes the whole negative."""
    topics = tuple(
        Topic("service", sentiment, 0.9, ((start, end),))  # type: ignore[arg-type]
        for start, end, sentiment in spans
    )
    negative = any(topic.sentiment == "negative" for topic in topics)
    sentiment = (
        Sentiment("negative", -1, -0.8, 0.9, False) if negative else Sentiment("positive", 1, 0.8, 0.9, False)
    )
    return Findings("en", sentiment, topics, (), "normal", (), "test@1")
