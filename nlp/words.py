"""The word lists of `nlp/lexicon`, read once and folded, as one table of what each word does."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any

from nlp.matching import Matcher
from nlp.script import fold

LEXICON = Path(__file__).parent / "lexicon"
_OPINIONS = ("zh_positive", "zh_negative", "yue", "en_positive", "en_negative", "emoji")
_UNDERSCORE = re.compile(r"(?<=[a-z0-9',])_(?=[a-z0-9])")


class Role:
    """Bits, as plain integers: they are tested for every word of every text."""

    NONE = 0
    NEGATION = 1
    EXCESS_MARK = 2
    EXCESS_ADJECTIVE = 4
    FLIP = 8
    BUT = 16
    ALTHOUGH = 32
    IRREALIS = 64
    COMMA = 128
    STOP = 256
    POLITE = 512


BOUNDARY = Role.COMMA | Role.STOP | Role.BUT | Role.ALTHOUGH


@dataclass(frozen=True, slots=True)
class Word:
    """`value`: the opinion it carries. `degree`: what it multiplies the next opinion by, 0 if nothing."""

    value: float = 0.0
    degree: float = 0.0
    role: int = Role.NONE


def read_list(name: str) -> dict[str, Any]:
    """One file of `nlp/lexicon`."""
    content: dict[str, Any] = json.loads((LEXICON / f"{name}.json").read_text("utf-8"))
    return content


def split_words(lines: list[str]) -> Iterator[str]:
    """The words of a list, folded; an underscore within a phrase is a space."""
    for line in lines:
        for word in line.split():
            yield fold(_UNDERSCORE.sub(" ", word))


@cache
def lexicon() -> Matcher[Word]:
    """Opinion words, what modifies them, what bounds them, and the neutral words that hide some."""
    table: dict[str, Word] = {}
    for name in _OPINIONS:
        for word, value in _weighted(name):
            if abs(value) > abs(table.get(word, Word()).value):
                table[word] = Word(value=value)
    _add_scope(table, read_list("scope"))
    for word in neutral_words():
        table.setdefault(word, Word())
    _add_boundaries(table)
    return Matcher(table)


@cache
def neutral_words() -> tuple[str, ...]:
    """Words that contain an opinion word or a keyword without being one."""
    return tuple(word for word, _ in _weighted("neutral"))


def _weighted(name: str) -> Iterator[tuple[str, float]]:
    for group in read_list(name)["groups"]:
        for word in split_words(group["words"]):
            yield word, float(group["weight"])


def _add_scope(table: dict[str, Word], scope: dict[str, Any]) -> None:
    for factor, lines in scope["degrees"].items():
        for word in split_words(lines):
            table[word] = replace(table.get(word, Word()), degree=float(factor))
    for role, lines in _roles(scope):
        for word in split_words(lines):
            known = table.get(word, Word())
            table[word] = replace(known, role=known.role | role)


def _roles(scope: dict[str, Any]) -> Iterator[tuple[int, list[str]]]:
    yield Role.EXCESS_MARK, scope["excess"]["marks"]
    yield Role.EXCESS_ADJECTIVE, scope["excess"]["adjectives"]
    yield Role.NEGATION, scope["negations"]["strong"]
    yield Role.NEGATION, scope["negations"]["english"]
    yield Role.FLIP, scope["negations"]["flips"]
    yield Role.BUT, scope["contrast"]["but"]
    yield Role.ALTHOUGH, scope["contrast"]["although"]
    yield Role.IRREALIS, scope["irrealis"]
    yield Role.POLITE, scope["polite"]


def _add_boundaries(table: dict[str, Word]) -> None:
    for mark in ",;:，；：·—":
        table.setdefault(fold(mark), Word(role=Role.COMMA))
    for mark in ".!?。！？\n\r\u2028\u2029":
        table.setdefault(fold(mark), Word(role=Role.STOP))
    for mark in [word for word in table if word and set(word) <= set(".?!。…")]:
        table[mark] = replace(table[mark], role=Role.STOP)
