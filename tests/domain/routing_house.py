"""The house in which the forty cases of triage and routing are decided, and the way to a decision."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from zoneinfo import ZoneInfo

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
        return Decided(None, None, owner.owner, [said(owner.reason)])
    rank, why = priority(found.severity, given.tier)
    reasons = [found.reason, *found.also, why, owner.reason, *guidance.promise_reasons]
    promises = {kind.value: int(each.total_seconds() // 60) for kind, each in guidance.promises.items()}
    return Decided(found.severity.value, rank.value, owner.owner, [said(each) for each in reasons], promises)


def said(reason: Reason) -> str:
    return f"{reason.code} {reason.args['rule']}" if "rule" in reason.args else reason.code
