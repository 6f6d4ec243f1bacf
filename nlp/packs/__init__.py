"""What each industry talks about: a hierarchy of topics with their names and the words that name them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

PACKS = ("restaurant", "hotel", "bank", "retail")
EVERYWHERE = "everywhere"
"""What is spoken of in every industry: those one might go to instead, and what one had expected."""
_FOLDER = Path(__file__).parent


@dataclass(frozen=True, slots=True)
class PackTopic:
    """`keywords` name the topic alone, `with_opinion` only where the clause says something good or bad.

    In a pattern "…" stands for up to six characters of the same clause. `asap` is the aspect of the ASAP
    data set that the topic stands for, where it stands for one.
    """

    code: str
    parent: str | None
    names: Mapping[str, str]
    asap: str | None
    keywords: tuple[str, ...]
    with_opinion: tuple[str, ...]
    patterns: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Pack:
    code: str
    names: Mapping[str, str]
    topics: tuple[PackTopic, ...]
    ignore: tuple[str, ...]


@cache
def load_pack(code: str) -> Pack:
    """Raises `ValueError` for a pack that does not exist."""
    if code not in PACKS:
        raise ValueError(f"unknown pack {code!r}, there are {', '.join(PACKS)}")
    raw, everywhere = _read(code), _read(EVERYWHERE)
    return Pack(
        code=raw["pack"],
        names=raw["names"],
        topics=tuple(_topic(topic) for topic in (*raw["topics"], *everywhere["topics"])),
        ignore=_words(raw["ignore"]),
    )


def topics(code: str) -> list[dict[str, Any]]:
    """The hierarchy as `cem topics --pack P --json` prints it; `asap` for the restaurant pack only."""
    listed = []
    for topic in load_pack(code).topics:
        row: dict[str, Any] = {"code": topic.code, "parent": topic.parent, "names": dict(topic.names)}
        if code == "restaurant":
            row["asap"] = topic.asap
        listed.append(row)
    return listed


def _read(name: str) -> dict[str, Any]:
    raw: dict[str, Any] = json.loads((_FOLDER / f"{name}.json").read_text("utf-8"))
    return raw


def _topic(raw: dict[str, Any]) -> PackTopic:
    return PackTopic(
        code=raw["code"],
        parent=raw["parent"],
        names=raw["names"],
        asap=raw.get("asap"),
        keywords=_in_all_languages(raw.get("keywords", {})),
        with_opinion=_in_all_languages(raw.get("with_opinion", {})),
        patterns=tuple(raw.get("patterns", ())),
    )


def _in_all_languages(lists: dict[str, list[str]]) -> tuple[str, ...]:
    chinese, english = _words(lists.get("zh", [])), _words(lists.get("en", []))
    return chinese + tuple(form for word in english for form in _forms(word.replace("_", " ")))


def _words(lines: list[str]) -> tuple[str, ...]:
    return tuple(word for line in lines for word in line.split())


def _forms(word: str) -> tuple[str, ...]:
    """An English word and its plural."""
    if word.endswith("y") and word[-2:-1] not in "aeiou":
        return word, word[:-1] + "ies"
    if word.endswith(("s", "x", "ch", "sh")):
        return word, word + "es"
    return word, word + "s"
