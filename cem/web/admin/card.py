"""The model card: what the last evaluations say, put into words for people who decide whether to trust it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any, Final

from flask_babel import gettext, lazy_gettext

from cem.dashboards import reliability
from cem.http.i18n import localized
from cem.http.words import RISKS
from cem.web.times import zone

_l = lazy_gettext
Run = dict[str, Any]

SENTIMENTS: Final[Mapping[str, Any]] = {
    "negative": _l("negative"),
    "neutral": _l("neutral"),
    "positive": _l("positive"),
}
CHALLENGES: Final[Mapping[str, Any]] = {
    "negation": _l("Negation"),
    "irony": _l("Irony"),
    "contrast": _l("Praise and blame in one sentence"),
    "emoji": _l("Emoji"),
    "slang": _l("Slang"),
    "typos": _l("Typing mistakes"),
    "code_switching": _l("Two languages in one sentence"),
    "rating_against_text": _l("Rating against text"),
    "comparative": _l("Comparisons"),
    "conditional": _l("Ifs and wishes"),
    "question": _l("Questions"),
    "quiet_risk": _l("Risks in quiet words"),
    "tap": _l("Two or three words"),
    "cantonese": _l("Cantonese"),
    "plain": _l("Plain feedback"),
    "traditional": _l("Traditional Chinese"),
}
"""Kinds of the challenge list and of the exam."""
LANGUAGES: Final[Mapping[str, Any]] = {
    "zh-Hans": _l("Simplified Chinese"),
    "zh-Hant": _l("Traditional Chinese"),
    "yue-Hant": _l("Cantonese"),
    "en": _l("English"),
}


@dataclass(frozen=True, slots=True)
class Choice:
    """One of the runs that can be looked at."""

    code: str
    profile: str
    own: bool


def page(instance: Path, profile: str, wished: str | None) -> dict[str, Any]:
    """What `admin/_card.html` shows; the wished run, else that of the profile on our own texts, else any."""
    from nlp import corpus, runs

    found = {f"{run['profile']}-{run['data']}": run for run in runs.shown(instance)}
    chosen = next((code for code in (wished, f"{profile}-own", *found) if code in found), None)
    return {
        "choices": [Choice(code, run["profile"], run["data"] == "own") for code, run in found.items()],
        "chosen": chosen,
        "run": _run(found[chosen]) if chosen else None,
        "sentences": _sentences(),
        "challenges": len(corpus.challenges()),
    }


@cache
def _sentences() -> dict[str, int]:
    from nlp import corpus
    from nlp.corpus.taught import taught

    rows = corpus.sentences()
    held_out = len(corpus.sentences("held_out"))
    train = len(rows) - held_out
    return {"all": len(rows), "held_out": held_out, "train": train, "taught": len(taught())}


def _run(run: Run) -> dict[str, Any]:
    pooled = run["pooled"]
    return run | {
        "at": datetime.fromisoformat(run["made_at"]).astimezone(zone()),
        "classes": [(SENTIMENTS[name], row) for name, row in pooled["classes"].items()],
        "confused": [(SENTIMENTS[name], pooled["confusion"][i]) for i, name in enumerate(SENTIMENTS)],
        "shown_parts": [(_part(name), row) for name, row in run["parts"].items()],
        "shown_challenges": [(CHALLENGES.get(kind, kind), row) for kind, row in run["challenges"].items()],
        "shown_exam": _exam(run.get("exam")),
        "shown_risks": [(RISKS.get(code, code), row) for code, row in run["risks"]["codes"].items()],
        "shown_topics": [(name, _topics(row["mentioned"]["classes"])) for name, row in run["topics"].items()],
        "chart": reliability.figure(pooled["bins"], list(_said(pooled["bins"]))) if pooled["bins"] else None,
    }


def _exam(exam: Run | None) -> list[tuple[Any, Run]]:
    """All of it first, then by kind; nothing of a run that is older than the exam or on files of others."""
    if not exam or not exam["n"]:
        return []
    kinds = [(CHALLENGES.get(kind, kind), row) for kind, row in exam["kinds"].items()]
    return [(gettext("All together"), exam), *kinds]


def _part(name: str) -> Any:
    kind, _, value = name.partition(":")
    if kind == "language":
        return LANGUAGES.get(value, value)
    return gettext("Other") if value == "other" else localized(_packs().get(value, {"en": value}))


def _said(bins: list[dict[str, Any]]) -> Iterator[str]:
    for each in bins:
        yield gettext(
            "Promised %(promised)s, right %(right)s, n %(n)s",
            promised=f"{100 * each['confidence']:.0f}%",
            right=f"{100 * each['accuracy']:.0f}%",
            n=each["n"],
        )


def _topics(classes: Mapping[str, Any]) -> list[tuple[str, Any]]:
    """By how often they are there; names of data sets other than ours stay what they are called there."""
    rows = sorted(classes.items(), key=lambda one: -one[1]["support"])
    return [(localized(topic_names().get(code, {"en": code})), row) for code, row in rows if row["support"]]


@cache
def topic_names() -> dict[str, Mapping[str, str]]:
    from nlp.packs import PACKS, load_pack

    return {topic.code: topic.names for pack in reversed(PACKS) for topic in load_pack(pack).topics}


@cache
def _packs() -> dict[str, dict[str, str]]:
    from nlp.packs import PACKS, load_pack

    return {code: dict(load_pack(code).names) for code in PACKS}
