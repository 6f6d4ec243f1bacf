"""What the words are about, by the names of the site's pack."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

from cem.domain.findings import Findings
from cem.http.i18n import localized
from nlp import packs


def topic_words(pack: str, findings: Findings) -> Iterator[tuple[str, str]]:
    """(name, sentiment), complaints first."""
    names = _names(pack)
    order = ("negative", "neutral", "positive")
    for topic in sorted(findings.topics, key=lambda one: order.index(one.sentiment)):
        yield localized(names.get(topic.code, {"en": topic.code})), topic.sentiment


def topic_name(pack: str, code: str) -> dict[str, str]:
    """The names of one topic; of one that the pack does not know, its code."""
    return _names(pack).get(code, {"en": code})


def all_topics(pack: str) -> dict[str, str]:
    """The name of every topic of the pack, by its code."""
    return {code: localized(names) for code, names in _names(pack).items()}


@cache
def _names(pack: str) -> dict[str, dict[str, str]]:
    return {row["code"]: row["names"] for row in packs.topics(pack)}
