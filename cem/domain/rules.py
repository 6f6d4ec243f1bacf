"""Rules that people write: what comes in like this is worse, is somebody's, or is answered sooner.

A rule only ever lifts: it raises the severity, names an owner, shortens promises. What it would lower is
refused when it is written (`rules_document`), and what it names here never wins over something worse.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from types import MappingProxyType
from typing import Final

from cem.domain.findings import Findings
from cem.domain.ratings import Rating
from cem.domain.reasons import Reason
from cem.domain.severity import Triage, worse
from cem.domain.vocabulary import Channel, Kind, PromiseKind, Severity, Tier

NO_RATING, VERY_DISSATISFIED, DISSATISFIED, MIDDLING, SATISFIED = (
    "none",
    "very_dissatisfied",
    "dissatisfied",
    "middling",
    "satisfied",
)
RATINGS: Final = (VERY_DISSATISFIED, DISSATISFIED, MIDDLING, SATISFIED, NO_RATING)
POSTS: Final = ("duty", "deputy", "manager", "region")
Targets = Mapping[PromiseKind, timedelta]
NOTHING: Final[Targets] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Signal:
    """All that triage goes by: what came in where, from whom, at which local time, and what was understood.

    `path` names the place and all above it (`group/east/bund/`); `at` stands in the zone of the place.
    """

    channel: Channel
    kind: Kind
    path: str
    at: datetime
    rating: Rating | None = None
    findings: Findings | None = None
    tier: Tier = Tier.UNKNOWN
    touchpoint: str | None = None

    @property
    def topics(self) -> frozenset[str]:
        """What is complained of; what is praised or only named is not."""
        found = self.findings.topics if self.findings else ()
        return frozenset(topic.code for topic in found if topic.sentiment == "negative")

    @property
    def risks(self) -> frozenset[str]:
        return frozenset(risk.code for risk in self.findings.risks) if self.findings else frozenset()

    @property
    def sentiment(self) -> str | None:
        """None where nothing was read, or the reading is in doubt."""
        if self.findings is None or self.findings.sentiment.abstained:
            return None
        return self.findings.sentiment.label


@dataclass(frozen=True, slots=True)
class Hours:
    """From `start` to before `end` on the wall of the place; over midnight where `end` is not later."""

    start: time
    end: time

    def hold(self, at: time) -> bool:
        if self.start < self.end:
            return self.start <= at < self.end
        return at >= self.start or at < self.end


@dataclass(frozen=True, slots=True)
class When:
    """Every condition that is given has to hold; of one condition, any of its values. None given: always."""

    channels: frozenset[str] = frozenset()
    kinds: frozenset[str] = frozenset()
    sites: frozenset[str] = frozenset()
    touchpoints: frozenset[str] = frozenset()
    ratings: frozenset[str] = frozenset()
    sentiments: frozenset[str] = frozenset()
    topics: frozenset[str] = frozenset()
    risks: frozenset[str] = frozenset()
    tiers: frozenset[str] = frozenset()
    weekdays: frozenset[int] = frozenset()
    hours: Hours | None = None

    def holds(self, signal: Signal) -> bool:
        return (
            _one_of(self.channels, signal.channel)
            and _one_of(self.kinds, signal.kind)
            and _any_of(self.sites, frozenset(signal.path.split("/")))
            and _one_of(self.touchpoints, signal.touchpoint)
            and _one_of(self.ratings, rated(signal.rating))
            and _one_of(self.sentiments, signal.sentiment)
            and _any_of(self.topics, signal.topics)
            and _any_of(self.risks, signal.risks)
            and _one_of(self.tiers, signal.tier)
            and (not self.weekdays or signal.at.weekday() in self.weekdays)
            and (self.hours is None or self.hours.hold(signal.at.time()))
        )


@dataclass(frozen=True, slots=True)
class Owner:
    """A person (`user`), or whoever holds a post (`duty`, `deputy`, `manager`, `region`) at `site`, which is
    the place of the feedback where none is named."""

    user: str | None = None
    post: str | None = None
    site: str | None = None


@dataclass(frozen=True, slots=True)
class Then:
    """At least this severity; this owner; promises at least as soon as these, in the priority's hours."""

    severity: Severity | None = None
    owner: Owner | None = None
    promises: Targets = field(default_factory=lambda: NOTHING)


@dataclass(frozen=True, slots=True)
class Rule:
    """`version` is that of the published rules in which it stands; 0 in a draft."""

    name: str
    when: When
    then: Then
    enabled: bool = True
    version: int = 0

    def reason(self, code: str, **args: object) -> Reason:
        return Reason(code, {"rule": self.name, "version": self.version, **args})


Rules = tuple[Rule, ...]
"""In the order in which people put them; those of the places above come first."""


@dataclass(frozen=True, slots=True)
class Guidance:
    """What the rules that hold say beside the severity. The first owner counts, and the soonest promise."""

    owner: Owner | None = None
    owner_reason: Reason | None = None
    promises: Targets = field(default_factory=lambda: NOTHING)
    promise_reasons: tuple[Reason, ...] = ()


UNGUIDED: Final = Guidance()


@dataclass(frozen=True, slots=True)
class Verdict:
    """A triage that the rules may have raised, None where neither it nor they ask for a case; and what else
    the rules say."""

    triage: Triage | None
    guidance: Guidance = UNGUIDED


def judge(rules: Rules, signal: Signal, base: Triage | None) -> Verdict:
    """What the rules make of a signal that triage has looked at."""
    holding = [rule for rule in rules if rule.enabled and rule.when.holds(signal)]
    return Verdict(_raised(holding, base), _guidance(holding)) if holding else Verdict(base)


def _guidance(holding: list[Rule]) -> Guidance:
    named = next((rule for rule in holding if rule.then.owner), None)
    promises: dict[PromiseKind, timedelta] = {}
    for rule in holding:
        for kind, target in rule.then.promises.items():
            promises[kind] = min(target, promises.get(kind, target))
    sooner = [rule for rule in holding if any(promises[k] == t for k, t in rule.then.promises.items())]
    return Guidance(
        owner=named.then.owner if named else None,
        owner_reason=named.reason("owner_by_rule") if named else None,
        promises=MappingProxyType(promises),
        promise_reasons=tuple(rule.reason("rule_promises", **_minutes(rule)) for rule in sooner),
    )


def rated(rating: Rating | None) -> str:
    """Which of `RATINGS` a rating is."""
    if rating is None:
        return NO_RATING
    if rating.very_dissatisfied:
        return VERY_DISSATISFIED
    if rating.dissatisfied:
        return DISSATISFIED
    return SATISFIED if rating.satisfied else MIDDLING


def _raised(holding: list[Rule], base: Triage | None) -> Triage | None:
    """The worst severity that anything asks for; everything else that raised stays among the reasons."""
    found = base
    for rule in holding:
        asked = rule.then.severity
        if asked is not None and (found is None or worse(asked, found.severity)):
            because = rule.reason("rule_raised", severity=asked.value)
            before = (found.reason, *found.also) if found else ()
            found = Triage(asked, because, before)
    return found


def _minutes(rule: Rule) -> dict[str, object]:
    minutes = {kind.value: target // timedelta(minutes=1) for kind, target in rule.then.promises.items()}
    return {"minutes": minutes}


def _one_of(wanted: frozenset[str], given: str | None) -> bool:
    return not wanted or given in wanted


def _any_of(wanted: frozenset[str], given: frozenset[str]) -> bool:
    return not wanted or not wanted.isdisjoint(given)
