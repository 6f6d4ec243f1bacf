"""How bad, and how urgent for whom."""

import pytest

from cem.domain.findings import Findings, Risk, Sentiment
from cem.domain.ratings import Rating
from cem.domain.severity import priority, triage
from cem.domain.vocabulary import Priority, Severity, Tier


def reading(label: str = "neutral", *risks: str, abstained: bool = False) -> Findings:
    score = {"negative": -0.7, "neutral": 0.1, "positive": 0.7}[label]
    sentiment = Sentiment(label, round(score * 2), score, 0.9, abstained)  # type: ignore[arg-type]
    return Findings("en", sentiment, (), tuple(Risk(code, 0.9) for code in risks), "normal", (), "test@1")


@pytest.mark.parametrize(
    ("rating", "findings", "expected"),
    [
        (Rating("faces5", 1), None, Severity.HIGH),
        (Rating("faces5", 2), None, Severity.NORMAL),
        (Rating("faces5", 3), None, None),
        (Rating("nps", 2), None, Severity.HIGH),
        (Rating("nps", 3), None, Severity.NORMAL),
        (Rating("nps", 6), None, Severity.NORMAL),
        (Rating("nps", 7), None, None),
        (Rating("ces7", 1), None, Severity.HIGH),
        (Rating("ces7", 3), None, Severity.NORMAL),
        (Rating("ces7", 4), None, None),
        (None, reading("negative"), Severity.NORMAL),
        (None, reading("negative", abstained=True), Severity.LOW),
        (None, reading("neutral"), None),
        (None, reading("positive"), None),
        (None, reading("positive", "media"), Severity.HIGH),
        (None, reading("neutral", "food_poisoning"), Severity.CRITICAL),
        (Rating("stars5", 5), reading("positive", "injury"), Severity.CRITICAL),
        (Rating("stars5", 5), reading("negative"), Severity.NORMAL),
        (Rating("faces5", 1), reading("positive"), Severity.HIGH),
        (Rating("faces5", 2), reading("negative", "legal"), Severity.HIGH),
    ],
)
def test_the_worst_sign_decides(
    rating: Rating | None, findings: Findings | None, expected: Severity | None
) -> None:
    found = triage(rating, findings)
    assert (found and found.severity) == expected


def test_a_critical_risk_is_named_before_a_lesser_one() -> None:
    found = triage(None, reading("negative", "media", "minors"))
    assert found is not None
    assert found.reason.args == {"risks": ["minors"]}


@pytest.mark.parametrize("severity", list(Severity))
def test_value_lifts_by_one_level_and_never_lowers(severity: Severity) -> None:
    order = list(Priority)
    plain, _ = priority(severity, Tier.UNKNOWN)
    lifted, reason = priority(severity, Tier.A)
    assert order.index(lifted) == max(order.index(plain) - 1, 0)
    assert reason.code == ("priority_by_severity" if lifted == plain else "priority_lifted")
    assert {priority(severity, tier)[0] for tier in (Tier.B, Tier.C)} == {plain}
