"""Forty cases of triage and routing: what comes in like this becomes that, that person's, for these reasons.

The house: lin is on duty by day, zhou by night and deputy, shen heads the branch, gu the region. Five rules
are in force beside what triage does by itself; `RULES` is their document as it would be published.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from cem.domain import rules_document
from cem.domain.escalation import Ladder
from cem.domain.findings import Findings, Risk, Sentiment, Topic
from cem.domain.ratings import Rating
from cem.domain.reasons import Reason
from cem.domain.roster import Roster
from cem.domain.routing import holders, route, route_by_rules
from cem.domain.rules import Signal, judge
from cem.domain.severity import priority, triage
from cem.domain.vocabulary import Channel, Kind, Tier

ROSTER = Roster.from_document(
    {
        "timezone": "Asia/Shanghai",
        "shifts": [
            {"user": "lin", "weekdays": [0, 1, 2, 3, 4], "start": "07:00", "end": "22:00"},
            {"user": "zhou", "weekdays": [0, 1, 2, 3, 4], "start": "22:00", "end": "07:00"},
        ],
        "fallback": "fallback",
        "manager": "shen",
        "deputy": "zhou",
        "region": "gu",
    }
)
RULES = rules_document.read(
    {
        "rules": [
            {"name": "hygiene", "when": {"topics": ["hygiene"]}, "then": {"severity": "high"}},
            {
                "name": "press",
                "when": {"risks": ["media", "legal"]},
                "then": {"owner": {"post": "region"}, "promises": {"acknowledge": 5}},
            },
            {
                "name": "night",
                "when": {"hours": {"start": "22:00", "end": "07:00"}, "ratings": ["very_dissatisfied"]},
                "then": {"severity": "critical"},
            },
            {
                "name": "complaints",
                "when": {"kinds": ["complaint"], "channels": ["complaint", "call"]},
                "then": {"severity": "normal", "owner": {"user": "shen"}},
            },
            {
                "name": "suite",
                "when": {"sites": ["bund"], "touchpoints": ["suite"], "tiers": ["a", "b"]},
                "then": {"severity": "high", "promises": {"first_contact": 15}},
            },
            {
                "name": "switched off",
                "enabled": False,
                "when": {},
                "then": {"severity": "critical"},
            },
        ]
    },
    version=3,
)
DAY, NIGHT, DUSK = (2026, 11, 23, 10, 0), (2026, 11, 23, 23, 30), (2026, 11, 23, 21, 59)
WEEKEND = (2026, 11, 28, 10, 0)
BUND, SOHO = "group/east/bund/", "group/west/soho/"


def faces(value: int) -> Rating:
    return Rating("faces5", value)


def words(label: str, *risks: str, topic: tuple[str, str] | None = None, sure: bool = True) -> Findings:
    score = {"negative": -0.7, "neutral": 0.1, "positive": 0.7}[label]
    about = (Topic(topic[0], topic[1], 0.9, ()),) if topic else ()  # type: ignore[arg-type]
    sentiment = Sentiment(label, round(score * 2), score, 0.9, not sure)  # type: ignore[arg-type]
    return Findings("en", sentiment, about, tuple(Risk(code, 0.9) for code in risks), "normal", (), "t@1")


@dataclass(frozen=True)
class Given:
    rating: Rating | None = None
    findings: Findings | None = None
    tier: Tier = Tier.UNKNOWN
    at: tuple[int, ...] = DAY
    channel: Channel = Channel.KIOSK
    kind: Kind = Kind.RATING
    path: str = BUND
    touchpoint: str | None = None
    about: str | None = None
    gone: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Decided:
    severity: str | None
    priority: str | None
    owner: str
    reasons: list[str]
    promises: dict[str, int] = field(default_factory=dict)


def decide(given: Given) -> Decided:
    """The whole way from a signal to a decision, as the engine goes it."""
    now = datetime(*given.at, tzinfo=ZoneInfo("Asia/Shanghai"))  # type: ignore[arg-type, misc]
    signal = Signal(
        given.channel, given.kind, given.path, now, given.rating, given.findings, given.tier, given.touchpoint
    )
    verdict = judge(RULES, signal, triage(given.rating, given.findings))
    recused, guidance = frozenset({given.about} if given.about else ()), verdict.guidance

    def active(user: str) -> bool:
        return user not in given.gone

    owner = route(ROSTER, Ladder(), now, active, recused)
    if guidance.owner is not None:
        people = holders(guidance.owner, ROSTER, now, active)
        owner = route_by_rules(guidance, people, owner, active, given.about)
    found = verdict.triage
    if found is None:
        return Decided(None, None, owner.owner, [_said(owner.reason)])
    rank, why = priority(found.severity, given.tier)
    reasons = [found.reason, *found.also, why, owner.reason, *guidance.promise_reasons]
    promises = {kind.value: int(each.total_seconds() // 60) for kind, each in guidance.promises.items()}
    return Decided(found.severity.value, rank.value, owner.owner, [_said(each) for each in reasons], promises)


def _said(reason: Reason) -> str:
    return f"{reason.code} {reason.args['rule']}" if "rule" in reason.args else reason.code


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
        ("normal", "p3", "lin", ["negative_text", BY, SHIFT]),
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
