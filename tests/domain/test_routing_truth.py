"""Forty cases of triage and routing: what comes in like this becomes that, that person's, for these reasons.

The house: lin is on duty by day, zhou by night and deputy, shen heads the branch, gu the region. Five rules
are in force beside what triage does by itself; `RULES` is their document as it would be published.
"""

from __future__ import annotations

from typing import Any

import pytest

from cem.domain.ratings import Rating
from cem.domain.vocabulary import Channel, Kind, Tier
from tests.domain.routing_house import (
    DUSK,
    NIGHT,
    SOHO,
    WEEKEND,
    Decided,
    Given,
    decide,
    faces,
    words,
)

BY, LIFT = "priority_by_severity", "priority_lifted"
SHIFT, MANAGER = "owner_by_shift", "owner_by_manager"
PRESS = {"acknowledge": 5}
T: list[tuple[str, Given, Decided | tuple[Any, ...]]] = [
    # the rating
    ("the worst face is high", Given(faces(1)), ("high", "p2", "lin", ["very_dissatisfied", BY, SHIFT])),
    ("the second face is normal", Given(faces(2)), ("normal", "p3", "lin", ["dissatisfied", BY, SHIFT])),
    ("the middle face asks for no case", Given(faces(3)), (None, None, "lin", [SHIFT])),
    ("a satisfied face asks for no case", Given(faces(5)), (None, None, "lin", [SHIFT])),
    ("an NPS of 2 is high", Given(Rating("nps", 2)), ("high", "p2", "lin", ["very_dissatisfied", BY, SHIFT])),
    ("an NPS of 6 is normal", Given(Rating("nps", 6)), ("normal", "p3", "lin", ["dissatisfied", BY, SHIFT])),
    ("an NPS of 7 asks for no case", Given(Rating("nps", 7)), (None, None, "lin", [SHIFT])),
    ("a CES of 1 is high", Given(Rating("ces7", 1)), ("high", "p2", "lin", ["very_dissatisfied", BY, SHIFT])),
    # the words
    (
        "negative words are normal",
        Given(findings=words("negative")),
        ("normal", "p3", "lin", ["negative_text", BY, SHIFT]),
    ),
    (
        "doubtful words are low, and a person looks",
        Given(findings=words("negative", sure=False)),
        ("low", "p4", "lin", ["doubtful_text", BY, SHIFT]),
    ),
    ("neutral words ask for no case", Given(findings=words("neutral")), (None, None, "lin", [SHIFT])),
    (
        "praise with five stars asks for no case",
        Given(Rating("stars5", 5), words("positive")),
        (None, None, "lin", [SHIFT]),
    ),
    (
        "complaint beside five stars is normal",
        Given(Rating("stars5", 5), words("negative")),
        ("normal", "p3", "lin", ["words_against_rating", BY, SHIFT]),
    ),
    (
        "both the face and the words are among the reasons",
        Given(faces(1), words("negative")),
        ("high", "p2", "lin", ["very_dissatisfied", "negative_text", BY, SHIFT]),
    ),
    # the risk
    (
        "an injury is critical whatever the stars",
        Given(Rating("stars5", 5), words("positive", "injury")),
        ("critical", "p1", "lin", ["risk_found", BY, SHIFT]),
    ),
    (
        "food poisoning is critical",
        Given(findings=words("negative", "food_poisoning")),
        ("critical", "p1", "lin", ["risk_found", "negative_text", BY, SHIFT]),
    ),
    (
        "fraud is high",
        Given(findings=words("neutral", "fraud")),
        ("high", "p2", "lin", ["risk_found", BY, SHIFT]),
    ),
    (
        "going public is high, the region's, and promised sooner by rule",
        Given(findings=words("neutral", "media")),
        ("high", "p2", "gu", ["risk_found", BY, "owner_by_rule press", "rule_promises press"], PRESS),
    ),
    (
        "legal action at night is the region's too",
        Given(findings=words("neutral", "legal"), at=NIGHT),
        ("high", "p2", "gu", ["risk_found", BY, "owner_by_rule press", "rule_promises press"], PRESS),
    ),
    (
        "where the region's head has left, the one on duty has it",
        Given(findings=words("neutral", "media"), gone=frozenset({"gu"})),
        ("high", "p2", "lin", ["risk_found", BY, SHIFT, "rule_promises press"], PRESS),
    ),
    # the value
    (
        "tier a lifts high to p1",
        Given(faces(1), tier=Tier.A),
        ("high", "p1", "lin", ["very_dissatisfied", LIFT, SHIFT]),
    ),
    (
        "tier a lifts normal to p2",
        Given(faces(2), tier=Tier.A),
        ("normal", "p2", "lin", ["dissatisfied", LIFT, SHIFT]),
    ),
    (
        "tier a lifts doubt to p3",
        Given(findings=words("negative", sure=False), tier=Tier.A),
        ("low", "p3", "lin", ["doubtful_text", LIFT, SHIFT]),
    ),
    (
        "critical is p1 already",
        Given(findings=words("neutral", "safety"), tier=Tier.A),
        ("critical", "p1", "lin", ["risk_found", BY, SHIFT]),
    ),
    (
        "tier b lifts nothing",
        Given(faces(2), tier=Tier.B),
        ("normal", "p3", "lin", ["dissatisfied", BY, SHIFT]),
    ),
    (
        "tier c lowers nothing",
        Given(faces(1), tier=Tier.C),
        ("high", "p2", "lin", ["very_dissatisfied", BY, SHIFT]),
    ),
    # the topic
    (
        "a complaint of hygiene is raised by rule",
        Given(faces(2), words("negative", topic=("hygiene", "negative"))),
        ("high", "p2", "lin", ["rule_raised hygiene", "dissatisfied", "negative_text", BY, SHIFT]),
    ),
    (
        "praise of hygiene is not",
        Given(faces(2), words("positive", topic=("hygiene", "positive"))),
        ("normal", "p3", "lin", ["dissatisfied", BY, SHIFT]),
    ),
    (
        "a rule raises nothing that is as bad already",
        Given(faces(1), words("negative", topic=("hygiene", "negative"))),
        ("high", "p2", "lin", ["very_dissatisfied", "negative_text", BY, SHIFT]),
    ),
    (
        "hygiene in passing, in neutral words, opens a case by rule",
        Given(findings=words("neutral", topic=("hygiene", "negative"))),
        ("high", "p2", "lin", ["rule_raised hygiene", BY, SHIFT]),
    ),
    # the place
    (
        "the suite is faster for tier b, by rule",
        Given(faces(2), tier=Tier.B, touchpoint="suite"),
        (
            "high",
            "p2",
            "lin",
            ["rule_raised suite", "dissatisfied", BY, SHIFT, "rule_promises suite"],
            {"first_contact": 15},
        ),
    ),
    (
        "another branch's suite is not",
        Given(faces(2), tier=Tier.B, touchpoint="suite", path=SOHO),
        ("normal", "p3", "lin", ["dissatisfied", BY, SHIFT]),
    ),
    (
        "a complaint by phone is the head's, by rule",
        Given(channel=Channel.CALL, kind=Kind.COMPLAINT),
        ("normal", "p3", "shen", ["rule_raised complaints", BY, "owner_by_rule complaints"]),
    ),
    (
        "praise by phone is not",
        Given(channel=Channel.CALL, kind=Kind.PRAISE),
        (None, None, "lin", [SHIFT]),
    ),
    # the shift
    (
        "at night the worst face is critical, and zhou's",
        Given(faces(1), at=NIGHT),
        ("critical", "p1", "zhou", ["rule_raised night", "very_dissatisfied", BY, SHIFT]),
    ),
    (
        "a minute before the night it is not",
        Given(faces(1), at=DUSK),
        ("high", "p2", "lin", ["very_dissatisfied", BY, SHIFT]),
    ),
    (
        "at the weekend nobody is on duty: the head of the branch",
        Given(faces(1), at=WEEKEND),
        ("high", "p2", "shen", ["very_dissatisfied", BY, MANAGER]),
    ),
    (
        "where the head has left too it is the fallback's",
        Given(faces(1), at=WEEKEND, gone=frozenset({"shen"})),
        ("high", "p2", "fallback", ["very_dissatisfied", BY, "owner_by_fallback"]),
    ),
    # who it is about
    (
        "nobody owns a complaint about themselves",
        Given(faces(1), about="lin"),
        ("high", "p2", "shen", ["very_dissatisfied", BY, "owner_by_recusal"]),
    ),
    (
        "nor does whom a rule names",
        Given(channel=Channel.CALL, kind=Kind.COMPLAINT, about="shen"),
        ("normal", "p3", "lin", ["rule_raised complaints", BY, "owner_by_rule_recusal"]),
    ),
]


def test_there_are_forty() -> None:
    assert len(T) == len({sentence for sentence, _, _ in T}) == 40


@pytest.mark.parametrize(("given", "expected"), [(g, e) for _, g, e in T], ids=[s for s, _, _ in T])
def test_truth(given: Given, expected: tuple[Any, ...]) -> None:
    assert decide(given) == Decided(*expected)
