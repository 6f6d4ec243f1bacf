"""What a correction changed, finding by finding: codes and sides, never words. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any

from cem.domain.findings import Findings

Change = dict[str, Any]
"""`what` (sentiment, topic, risk, urgency, language, pii), `code` of one among several, `from`, `to`."""


def changes(before: Findings, after: Findings) -> list[Change]:
    """Nothing where a person found that the reading was right."""
    return [
        change
        for change in (*_single(before, after), *_several(before, after))
        if change["from"] != change["to"]
    ]


def _single(before: Findings, after: Findings) -> Iterator[Change]:
    yield {"what": "sentiment", "from": before.sentiment.level, "to": after.sentiment.level}
    yield {"what": "urgency", "from": before.urgency, "to": after.urgency}
    yield {"what": "language", "from": before.language, "to": after.language}


def _several(before: Findings, after: Findings) -> Iterator[Change]:
    for what, was, now in (
        ("topic", _topics(before), _topics(after)),
        ("risk", _risks(before), _risks(after)),
        ("pii", _pii(before), _pii(after)),
    ):
        for code in sorted(was.keys() | now.keys()):
            yield {"what": what, "code": code, "from": was.get(code), "to": now.get(code)}


def _topics(findings: Findings) -> dict[str, Any]:
    return {topic.code: topic.sentiment for topic in findings.topics}


def _risks(findings: Findings) -> dict[str, Any]:
    return {risk.code: True for risk in findings.risks}


def _pii(findings: Findings) -> dict[str, Any]:
    """How many places of each kind."""
    return dict(Counter(pii.kind for pii in findings.pii))
