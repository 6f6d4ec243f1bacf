"""How bad it is, and how urgent for this customer. Value lifts, never lowers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from cem.domain.contradiction import contradiction
from cem.domain.findings import Findings
from cem.domain.ratings import Rating
from cem.domain.reasons import Reason
from cem.domain.vocabulary import Priority, RiskCode, Severity, Tier

CRITICAL_RISKS: Final = frozenset(
    {
        RiskCode.SAFETY,
        RiskCode.INJURY,
        RiskCode.FOOD_POISONING,
        RiskCode.MINORS,
        RiskCode.SELF_HARM,
    }
)
_ORDER: Final = (Severity.CRITICAL, Severity.HIGH, Severity.NORMAL, Severity.LOW)


@dataclass(frozen=True, slots=True)
class Triage:
    """`reason` decided; `also` is whatever else speaks for a case, each with its own reason."""

    severity: Severity
    reason: Reason
    also: tuple[Reason, ...] = ()


def triage(rating: Rating | None, findings: Findings | None) -> Triage | None:
    """The severity that a feedback asks for, with its reasons; None where it asks for no case."""
    found = [each for each in (_by_risk(findings), _by_rating(rating), _by_text(rating, findings)) if each]
    if not found:
        return None
    first, *others = sorted(found, key=lambda each: _ORDER.index(each.severity))
    return Triage(first.severity, first.reason, tuple(each.reason for each in others))


def _by_risk(findings: Findings | None) -> Triage | None:
    if findings is None or not findings.risks:
        return None
    codes = sorted(risk.code for risk in findings.risks)
    critical = [code for code in codes if code in CRITICAL_RISKS]
    severity = Severity.CRITICAL if critical else Severity.HIGH
    return Triage(severity, Reason("risk_found", {"risks": critical or codes}))


def _by_rating(rating: Rating | None) -> Triage | None:
    if rating is None or not rating.dissatisfied:
        return None
    args = {"scale": rating.scale, "value": rating.value}
    if rating.very_dissatisfied:
        return Triage(Severity.HIGH, Reason("very_dissatisfied", args))
    return Triage(Severity.NORMAL, Reason("dissatisfied", args))


def _by_text(rating: Rating | None, findings: Findings | None) -> Triage | None:
    """A doubtful reading is not trusted with an alarm, but a person looks at it: a case of low severity.
    A good rating takes nothing from what the words say; the reason names that they contradict each other."""
    against = contradiction(rating, findings)
    if against is not None and against.words == "complaint":
        return Triage(Severity.LOW if against.doubtful else Severity.NORMAL, against.reason)
    if findings is None or findings.sentiment.label != "negative":
        return None
    args = {"model": findings.model}
    if findings.sentiment.abstained:
        return Triage(Severity.LOW, Reason("doubtful_text", args))
    return Triage(Severity.NORMAL, Reason("negative_text", args))


def worse(a: Severity, b: Severity) -> bool:
    """Whether `a` is worse than `b`."""
    return _ORDER.index(a) < _ORDER.index(b)


def ranks(severity: Severity, tier: Tier) -> tuple[Priority, ...]:
    """The priority, and behind it the one that it was lifted from, if it was."""
    found, plain = priority(severity, tier)[0], priority(severity, Tier.UNKNOWN)[0]
    return (found,) if found is plain else (found, plain)


def priority(severity: Severity, tier: Tier) -> tuple[Priority, Reason]:
    """p1 to p4 from the severity; tier a lifts by one level, nothing lowers."""
    level = _ORDER.index(severity)
    lifted = max(level - 1, 0) if tier is Tier.A else level
    reason = Reason(
        "priority_lifted" if lifted != level else "priority_by_severity",
        {"severity": severity.value, "tier": tier.value},
    )
    return tuple(Priority)[lifted], reason
