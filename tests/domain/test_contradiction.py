"""Where words and rating contradict each other: both ways, how sure that is, and what it causes."""

from __future__ import annotations

import pytest

from cem.domain.contradiction import FLAG, contradiction, flags
from cem.domain.findings import Findings, Label, Risk, Sentiment, Topic
from cem.domain.ratings import SCALES, Rating
from cem.domain.severity import triage
from cem.domain.vocabulary import Severity


def read(score: float, label: Label, *topics: Label, abstained: bool = False, risk: str = "") -> Findings:
    sentiment = Sentiment(label, {"negative": -1, "neutral": 0, "positive": 1}[label], score, 0.9, abstained)
    found = tuple(Topic(f"topic-{i}", each, 0.9, ()) for i, each in enumerate(topics))
    return Findings("en", sentiment, found, (Risk(risk, 0.9),) if risk else (), "normal", (), "test@1")


BAD, UNSURE = read(-0.9, "negative", "negative"), read(-0.6, "negative", abstained=True)
GOOD, NEITHER = read(0.9, "positive", "positive"), read(-0.2, "neutral")


@pytest.mark.parametrize(
    ("scale", "value", "findings", "words", "doubtful"),
    [
        ("stars5", 5, BAD, "complaint", False),
        ("faces5", 4, UNSURE, "complaint", True),
        ("nps", 8, BAD, "complaint", False),
        ("ces7", 6, BAD, "complaint", False),
        ("stars5", 5, read(-0.4, "neutral", "negative", abstained=True), "complaint", True),
        ("stars5", 5, read(-0.4, "neutral", risk="injury"), "complaint", True),
        ("stars5", 1, GOOD, "praise", True),
        ("nps", 2, GOOD, "praise", True),
    ],
)
def test_a_complaint_beside_a_good_rating_and_praise_beside_a_bad_one(
    scale: str, value: int, findings: Findings, words: str, doubtful: bool
) -> None:
    found = contradiction(Rating(scale, value), findings)
    assert found and (found.words, found.doubtful) == (words, doubtful)
    assert found.reason.code == "words_against_rating" and found.reason.args["value"] == value


@pytest.mark.parametrize(
    ("scale", "value", "findings"),
    [
        ("stars5", 5, GOOD),
        ("stars5", 1, BAD),
        ("stars5", 3, BAD),
        ("stars5", 5, NEITHER),
        ("nps", 6, GOOD),
        ("stars5", 5, read(-0.4, "neutral", "negative", "positive")),
        ("stars5", 5, read(0.3, "neutral", "negative")),
        ("stars5", 1, read(0.9, "positive", "positive", "negative")),
        ("stars5", 1, read(0.5, "positive", abstained=True)),
        ("stars5", 1, read(0.9, "positive", risk="injury")),
    ],
)
def test_what_agrees_or_takes_no_side_is_left_alone(scale: str, value: int, findings: Findings) -> None:
    assert contradiction(Rating(scale, value), findings) is None


def test_without_a_rating_or_without_words_nothing_is_contradicted() -> None:
    assert contradiction(None, BAD) is None and contradiction(Rating("stars5", 5), None) is None


@pytest.mark.parametrize("scale", SCALES)
def test_the_sides_of_a_scale_are_within_what_is_satisfied_and_dissatisfied(scale: str) -> None:
    for value in range(SCALES[scale].low, SCALES[scale].high + 1):
        rating = Rating(scale, value)
        assert rating.satisfied or contradiction(rating, BAD) is None
        assert rating.dissatisfied or contradiction(rating, GOOD) is None


def test_a_complaint_beside_five_stars_is_routed_as_a_complaint_and_says_why() -> None:
    for findings, severity in ((BAD, Severity.NORMAL), (UNSURE, Severity.LOW)):
        found = triage(Rating("stars5", 5), findings)
        assert found and (found.severity, found.reason.code) == (severity, "words_against_rating")


def test_praise_beside_a_bad_rating_lowers_nothing() -> None:
    found = triage(Rating("stars5", 1), GOOD)
    assert found and (found.severity, found.reason.code) == (Severity.HIGH, "very_dissatisfied")


def test_other_flags_stay_and_the_own_one_comes_and_goes() -> None:
    five = Rating("stars5", 5)
    assert flags(["suspect"], five, BAD) == ["suspect", FLAG]
    assert flags(["suspect", FLAG], five, BAD) == ["suspect", FLAG]
    assert flags(["suspect", FLAG], five, GOOD) == ["suspect"]
    assert flags([FLAG], five, GOOD) is None and flags(None, five, GOOD) is None
