"""A correction in words, for the history of a case: who, what, and from what to what."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask_babel import gettext

from cem.domain.changes import Change
from cem.http.labels import LANGUAGES, LEVELS, PRIVATE, SIDES, URGENCIES
from cem.http.topic_words import all_topics
from cem.http.words import RISKS


def corrected(name: str, details: Mapping[str, Any], pack: str) -> str:
    changes = details["changes"]
    if not changes:
        return gettext("%(name)s looked at the reading and found it right", name=name)
    return gettext("%(name)s corrected %(what)s", name=name, what=_joined(changes, pack))


def taken_back(name: str, details: Mapping[str, Any], pack: str) -> str:
    changes = details["changes"]
    if not changes:
        return gettext("%(name)s took the correction back", name=name)
    return gettext("%(name)s took the correction back: %(what)s", name=name, what=_joined(changes, pack))


def _joined(changes: list[Change], pack: str) -> str:
    return gettext("; ").join(_one(change, pack) for change in changes)


def _one(change: Change, pack: str) -> str:
    was, now = change["from"], change["to"]
    match change["what"]:
        case "sentiment":
            return gettext("the sentiment: %(was)s → %(now)s", was=LEVELS[was], now=LEVELS[now])
        case "topic":
            topic = all_topics(pack).get(change["code"], change["code"])
            was, now = SIDES[was or "none"], SIDES[now or "none"]
            return gettext("the topic “%(topic)s”: %(was)s → %(now)s", topic=topic, was=was, now=now)
        case "risk" if now:
            return gettext("the risks: %(risk)s is there", risk=RISKS.get(change["code"], change["code"]))
        case "risk":
            return gettext("the risks: %(risk)s is not there", risk=RISKS.get(change["code"], change["code"]))
        case "urgency":
            return gettext("the urgency: %(was)s → %(now)s", was=URGENCIES[was], now=URGENCIES[now])
        case "language":
            was, now = LANGUAGES.get(was, was), LANGUAGES.get(now, now)
            return gettext("the language: %(was)s → %(now)s", was=was, now=now)
    kind = PRIVATE.get(change["code"], change["code"])
    return gettext("the personal data: %(kind)s, %(was)s → %(now)s", kind=kind, was=was or 0, now=now or 0)
