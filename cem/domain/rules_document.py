"""The rules as a JSON document, versioned with the other rules of a place; read strictly, written back equal.

    {"rules": [{"name": "Hygiene at night", "enabled": true,
                "when": {"topics": ["hygiene"], "hours": {"start": "22:00", "end": "07:00"}, ...},
                "then": {"severity": "high", "owner": {"post": "manager", "site": "bund"},
                         "promises": {"acknowledge": 10}}}]}

Durations are whole minutes. `Refused` says why a rule may not stand: it would lower, or is slower than the
floor, or favours less valued customers.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any, Final

from cem.domain.localtime import wall_time
from cem.domain.promises import DEFAULT_POLICY
from cem.domain.reasons import Invalid, Refused
from cem.domain.rules import (
    DISSATISFIED,
    POSTS,
    RATINGS,
    VERY_DISSATISFIED,
    Hours,
    Owner,
    Rule,
    Rules,
    Then,
    When,
)
from cem.domain.severity import CRITICAL_RISKS, worse
from cem.domain.submission import N_
from cem.domain.vocabulary import Channel, Kind, Priority, PromiseKind, RiskCode, Severity, Tier

LONGEST_NAME: Final = 80
SENTIMENTS: Final = ("negative", "neutral", "positive")
_KNOWN: Final[dict[str, Sequence[str] | None]] = {
    "channels": tuple(Channel),
    "kinds": tuple(Kind),
    "sites": None,
    "touchpoints": None,
    "ratings": RATINGS,
    "sentiments": SENTIMENTS,
    "topics": None,
    "risks": tuple(RiskCode),
    "tiers": tuple(Tier),
}
"""The conditions with the values that there are; None where places and packs say which."""


def read(document: Any, version: int = 0) -> Rules:
    """Raises `Invalid` with the field that is wrong, or `Refused` where a rule may not stand."""
    listed = document.get("rules") if isinstance(document, Mapping) else None
    if not isinstance(listed, Sequence) or isinstance(listed, str):
        raise Invalid({"rules": [N_("This is a list.")]})
    rules = tuple(_rule(raw, version) for raw in listed)
    names = [rule.name for rule in rules]
    if len(set(names)) < len(names):
        raise Invalid({"name": [N_("Another rule has this name already.")]})
    for rule in rules:
        refuse_lowering(rule)
    return rules


def write(rules: Rules) -> dict[str, Any]:
    return {"rules": [_rule_written(rule) for rule in rules]}


def refuse_lowering(rule: Rule) -> None:
    """Value lifts, never lowers; nothing falls below what triage gives; nobody falls below the floor."""
    asked = rule.then.severity
    given = _given_anyway(rule.when)
    if asked is not None and given is not None and worse(given, asked):
        raise Refused("rule_lowers", rule=rule.name, severity=asked.value, given=given.value)
    floor = DEFAULT_POLICY[Priority.P4]
    slower = [kind.value for kind, target in rule.then.promises.items() if target > floor.target(kind)]
    if slower:
        raise Refused("rule_slower_than_floor", rule=rule.name, promises=slower)
    tiers = rule.when.tiers & {Tier.A, Tier.B, Tier.C}
    forgotten = [tier.value for tier in (Tier.A, Tier.B) if tiers and tier < max(tiers) and tier not in tiers]
    if forgotten:
        raise Refused("rule_value_lowers", rule=rule.name, tier=max(tiers), tiers=forgotten)


def _given_anyway(when: When) -> Severity | None:
    """The least severity that triage gives to everything for which these conditions hold."""
    given: list[Severity] = []
    if when.risks:
        critical = all(code in CRITICAL_RISKS for code in when.risks)
        given.append(Severity.CRITICAL if critical else Severity.HIGH)
    if when.ratings and when.ratings <= {VERY_DISSATISFIED}:
        given.append(Severity.HIGH)
    elif when.ratings and when.ratings <= {VERY_DISSATISFIED, DISSATISFIED}:
        given.append(Severity.NORMAL)
    if when.sentiments == {"negative"}:
        given.append(Severity.NORMAL)
    return min(given, key=tuple(Severity).index, default=None)


def _rule(raw: Any, version: int) -> Rule:
    if not isinstance(raw, Mapping):
        raise Invalid({"rules": [N_("A rule has a name, conditions and effects.")]})
    name = raw.get("name")
    if not isinstance(name, str) or not name.strip():
        raise Invalid({"name": [N_("Give the rule a name that colleagues understand.")]})
    if len(name) > LONGEST_NAME:
        raise Invalid({"name": [N_("This name is too long.")]})
    then = _then(raw.get("then", {}))
    if then.severity is None and then.owner is None and not then.promises:
        raise Invalid({"then": [N_("Say what the rule does: raise it, name an owner, or promise sooner.")]})
    enabled = raw.get("enabled", True)
    return Rule(name.strip(), _when(raw.get("when", {})), then, bool(enabled), version)


def _when(raw: Any) -> When:
    if not isinstance(raw, Mapping) or not set(raw) <= {*_KNOWN, "weekdays", "hours"}:
        raise Invalid({"when": [N_("There is no such condition.")]})
    chosen = {name: _values(raw.get(name, ()), name, known) for name, known in _KNOWN.items()}
    return When(**chosen, weekdays=_weekdays(raw.get("weekdays", ())), hours=_hours(raw.get("hours")))


def _values(raw: Any, name: str, known: Sequence[str] | None) -> frozenset[str]:
    if not isinstance(raw, Sequence) or isinstance(raw, str) or not all(isinstance(v, str) for v in raw):
        raise Invalid({name: [N_("This is a list.")]})
    if known is not None and not set(raw) <= set(known):
        raise Invalid({name: [N_("There is no such choice.")]})
    return frozenset(raw)


def _weekdays(raw: Any) -> frozenset[int]:
    if not isinstance(raw, Sequence) or not all(isinstance(day, int) and 0 <= day <= 6 for day in raw):
        raise Invalid({"weekdays": [N_("Weekdays go from 0 (Monday) to 6.")]})
    return frozenset(raw)


def _hours(raw: Any) -> Hours | None:
    if raw is None:
        return None
    try:
        hours = Hours(wall_time(raw["start"]), wall_time(raw["end"]))
    except (KeyError, TypeError, ValueError, AttributeError, Invalid) as error:
        raise Invalid({"hours": [N_("Give both hours, like 22:00 and 07:00.")]}) from error
    if hours.start == hours.end:
        raise Invalid({"hours": [N_("The hours begin and end at different times.")]})
    return hours


def _then(raw: Any) -> Then:
    if not isinstance(raw, Mapping) or not set(raw) <= {"severity", "owner", "promises"}:
        raise Invalid({"then": [N_("There is no such effect.")]})
    severity = raw.get("severity")
    if severity is not None and severity not in tuple(Severity):
        raise Invalid({"severity": [N_("There is no such choice.")]})
    promises = raw.get("promises") or {}
    return Then(
        Severity(severity) if severity else None,
        _owner(raw.get("owner")),
        {PromiseKind(kind): _target(kind, minutes) for kind, minutes in promises.items()},
    )


def _owner(raw: Any) -> Owner | None:
    if not raw:
        return None
    user, post, site = (raw.get(name) for name in ("user", "post", "site"))
    if (user is None) == (post is None) or (post is not None and post not in POSTS):
        raise Invalid({"owner": [N_("Name a person or a post.")]})
    return Owner(user, post, site)


def _target(kind: str, minutes: Any) -> timedelta:
    if kind not in tuple(PromiseKind) or isinstance(minutes, bool) or not isinstance(minutes, int):
        raise Invalid({"promises": [N_("Give whole minutes above 0.")]})
    if minutes <= 0:
        raise Invalid({kind: [N_("Give whole minutes above 0.")]})
    return timedelta(minutes=minutes)


def _rule_written(rule: Rule) -> dict[str, Any]:
    when: dict[str, Any] = {
        name: sorted(values) for name in (*_KNOWN, "weekdays") if (values := getattr(rule.when, name))
    }
    if hours := rule.when.hours:
        when["hours"] = {"start": f"{hours.start:%H:%M}", "end": f"{hours.end:%H:%M}"}
    return {"name": rule.name, "enabled": rule.enabled, "when": when, "then": _then_written(rule.then)}


def _then_written(then: Then) -> dict[str, Any]:
    written: dict[str, Any] = {}
    if then.severity:
        written["severity"] = then.severity.value
    if then.owner:
        named = {"user": then.owner.user, "post": then.owner.post, "site": then.owner.site}
        written["owner"] = {name: value for name, value in named.items() if value}
    if then.promises:
        written["promises"] = {k.value: t // timedelta(minutes=1) for k, t in then.promises.items()}
    return written
