"""One rule in words: when it holds, and what it does; and the choices that its form offers."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import timedelta
from typing import Any, Final

from flask_babel import gettext, lazy_gettext

from cem.domain.rules import Owner, Rule, When
from cem.domain.vocabulary import Tier
from cem.engine.organisation import Place
from cem.http.i18n import localized
from cem.http.labels import CHANNELS, SEVERITIES
from cem.http.promise_words import PROMISES, listed, minutes
from cem.http.words import RISKS
from nlp import packs

_l = lazy_gettext

KINDS: Final[Mapping[str, Any]] = {
    "rating": _l("Rating"),
    "review": _l("Review"),
    "complaint": _l("Complaint"),
    "question": _l("Question"),
    "praise": _l("Praise"),
    "idea": _l("Idea"),
}
RATINGS: Final[Mapping[str, Any]] = {
    "very_dissatisfied": _l("very dissatisfied"),
    "dissatisfied": _l("dissatisfied"),
    "middling": _l("in between"),
    "satisfied": _l("satisfied"),
    "none": _l("no rating"),
}
SENTIMENTS: Final[Mapping[str, Any]] = {
    "negative": _l("negative"),
    "neutral": _l("neutral"),
    "positive": _l("positive"),
}
TIERS: Final[Mapping[str, Any]] = {"a": "A", "b": "B", "c": "C", "unknown": _l("unknown")}
POSTS: Final[Mapping[str, Any]] = {
    "duty": _l("Whoever is on duty"),
    "deputy": _l("The deputy"),
    "manager": _l("The manager of the site"),
    "region": _l("The head of the region"),
}
WEEKDAYS: Final = (
    _l("Mon"),
    _l("Tue"),
    _l("Wed"),
    _l("Thu"),
    _l("Fri"),
    _l("Sat"),
    _l("Sun"),
)
CONDITIONS: Final[Mapping[str, Any]] = {
    "channels": _l("Channel"),
    "kinds": _l("Kind"),
    "sites": _l("Place"),
    "ratings": _l("Rating"),
    "sentiments": _l("Words"),
    "topics": _l("Complains about"),
    "risks": _l("Risk"),
    "tiers": _l("Tier"),
    "weekdays": _l("Weekday"),
}


def choices(places: Iterable[Place]) -> dict[str, list[tuple[str, Any]]]:
    """(value, word) of every condition, in the order of the form."""
    here = list(places)
    return {
        "channels": list(CHANNELS.items()),
        "kinds": list(KINDS.items()),
        "sites": [(place.code, localized(place.name)) for place in here],
        "ratings": list(RATINGS.items()),
        "sentiments": list(SENTIMENTS.items()),
        "topics": _topics({place.pack for place in here}),
        "risks": list(RISKS.items()),
        "tiers": [(tier.value, TIERS[tier.value]) for tier in Tier],
        "weekdays": [(str(day), word) for day, word in enumerate(WEEKDAYS)],
    }


def when_said(rule: Rule, words: Mapping[str, list[tuple[str, Any]]]) -> str:
    """The conditions as a sentence."""
    when = rule.when
    said = [
        gettext("%(what)s: %(values)s", what=CONDITIONS[name], values=_listed(when, name, words[name]))
        for name in CONDITIONS
        if getattr(when, name)
    ]
    if when.touchpoints:
        said.append(gettext("Touchpoint: %(values)s", values=listed(sorted(when.touchpoints))))
    if when.hours:
        hours = f"{when.hours.start:%H:%M}–{when.hours.end:%H:%M}"
        said.append(gettext("between %(hours)s on the clock there", hours=hours))
    return " · ".join(said) or gettext("Always")


def then_said(rule: Rule, names: Mapping[str, str], sites: Mapping[str, str]) -> str:
    """The effects as a sentence."""
    then, said = rule.then, []
    if then.severity:
        said.append(gettext("at least %(severity)s", severity=SEVERITIES[then.severity.value]))
    if then.owner:
        said.append(gettext("goes to: %(owner)s", owner=owner_said(then.owner, names, sites)))
    for kind, target in then.promises.items():
        said.append(f"{PROMISES[kind.value]} ≤ {minutes(target // timedelta(minutes=1))}")
    return " · ".join(said)


def owner_said(owner: Owner, names: Mapping[str, str], sites: Mapping[str, str]) -> str:
    if owner.user is not None:
        return names.get(owner.user, "")
    post = str(POSTS[owner.post or "duty"])
    return f"{post} ({sites.get(owner.site, owner.site)})" if owner.site else post


def _listed(when: When, name: str, words: list[tuple[str, Any]]) -> str:
    chosen = {str(value) for value in getattr(when, name)}
    known: Callable[[str], bool] = chosen.__contains__
    return listed(word for value, word in words if known(value))


def _topics(of_packs: Iterable[str]) -> list[tuple[str, Any]]:
    found = {row["code"]: localized(row["names"]) for pack in sorted(of_packs) for row in packs.topics(pack)}
    return sorted(found.items(), key=lambda pair: pair[1])


def whole(rule: Rule, when: str, then: str) -> str:
    """The rule with its name, on one line."""
    said = gettext("“%(name)s”: %(when)s → %(then)s", name=rule.name, when=when, then=then)
    return said if rule.enabled else gettext("%(rule)s (switched off)", rule=said)
