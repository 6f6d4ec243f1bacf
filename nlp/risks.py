"""What a manager must hear of at once: recall first, but a dough called 死面 is no death.

Each risk has words that raise it alone, words that raise it only near another (a child and an injury), and
words that look alike and do not. A risk that is denied ("no safety problem") is dropped, unless it was a
near miss ("luckily nobody was hurt").
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, NamedTuple

from cem.domain.findings import Risk
from nlp.backends.base import Suspicion
from nlp.matching import Matcher
from nlp.words import read_list, split_words

_SURE, _TOGETHER, _LIKELY, _NEAR_MISS = 0.9, 0.8, 0.7, 0.55
_PRAISE = 0.5
_SUSPECTED, _SUSPECTED_IN_PRAISE = -2.6, 0.9
"""Strengths of a suspicion, chosen so that 95 of 100 risks that are told in fresh words are noticed."""
_TOLD = 6
"""Letters: fewer tell no story that lies near another."""
_HARM = frozenset({"injury", "food_poisoning", "safety"})
_DENIAL_REACH = 3
_DENIAL_REACH_ENGLISH = 12
_ASKED = re.compile(r"[^。!！.;；\n]{0,40}?(?:吗|嘛|是什么|\?|？)")
"""Isn't this fraud? 这不是骗人吗: what is denied in a question is meant."""
_ENGLISH_IS_LONGER = 3
"""How many letters say what a Chinese character says; `within` counts Chinese characters."""


class _Sign(NamedTuple):
    """`codes`: risks raised alone. `likely`: the same, less surely. `parts`: groups it belongs to."""

    codes: tuple[str, ...] = ()
    likely: tuple[str, ...] = ()
    parts: tuple[str, ...] = ()
    denies: bool = False
    near_miss: bool = False


@dataclass(frozen=True, slots=True)
class _Together:
    """Words of all `others` no further than `within` before a word of the part that this is listed under."""

    code: str
    others: frozenset[str]
    within: int
    sure: float


@dataclass(frozen=True, slots=True)
class _Rules:
    signs: Matcher[_Sign]
    together: Mapping[str, tuple[_Together, ...]]


def find(folded: str, score: float = 0.0, suspicion: Suspicion | None = None) -> tuple[Risk, ...]:
    """Every risk once, with the confidence of its surest sign, in the order of its code.

    `score` is that of the whole text: the less sure signs (朋友圈, rash) say nothing among praise.
    `suspicion` is what a reader of meanings adds: it raises what no word tells, and without it the less sure
    words raise nothing either.
    """
    best = _said(folded)
    if not best and suspicion is None:
        return ()
    least = _LIKELY if score < _PRAISE and suspicion is None else _TOGETHER
    kept = {code: sure for code, sure in best.items() if sure >= least or sure == _NEAR_MISS}
    needed = _SUSPECTED if score < _PRAISE else _SUSPECTED_IN_PRAISE
    if suspicion and suspicion.strength >= needed and sum(map(str.isalnum, folded)) >= _TOLD:
        kept |= {code: max(kept.get(code, 0.0), _LIKELY) for code in suspicion.codes}
    return tuple(Risk(code, kept[code]) for code in sorted(kept))


def _said(folded: str) -> dict[str, float]:
    rules = _rules()
    found = [match for match in rules.signs.find(folded) if match[2] is not _NOTHING]
    best: dict[str, float] = {}
    for raised in (_alone(found, folded), _in_company(found, folded, rules.together)) if found else ():
        for code, sure in raised:
            if sure > best.get(code, 0.0):
                best[code] = sure
    return best


_NOTHING = _Sign()
_Found = tuple[int, int, _Sign]


def _alone(found: list[_Found], folded: str) -> Iterator[tuple[str, float]]:
    near_miss = any(sign.near_miss for _, _, sign in found)
    denied_until = -1
    for start, end, sign in found:
        if sign.denies and not _ASKED.match(folded, start):
            reach = _DENIAL_REACH_ENGLISH if folded[start].isascii() else _DENIAL_REACH
            denied_until = end + reach
        denied = start <= denied_until and not sign.denies
        if denied and not near_miss:
            continue
        for code in sign.codes:
            yield code, _NEAR_MISS if denied else _SURE
        for code in sign.likely:
            yield code, _NEAR_MISS if denied else _LIKELY


def _in_company(
    found: list[_Found], folded: str, together: Mapping[str, tuple[_Together, ...]]
) -> Iterator[tuple[str, float]]:
    """Words that mean more together, in any order; one walk, remembering where each part was last."""
    last: dict[str, int] = {}
    for start, end, sign in found:
        wider = _ENGLISH_IS_LONGER if folded[start].isascii() else 1
        for part in sign.parts if last else ():
            for rule in together.get(part, ()):
                reach = start - rule.within * wider
                if last.keys() >= rule.others and all(last[other] >= reach for other in rule.others):
                    yield rule.code, rule.sure
        for part in sign.parts:
            last[part] = end


@cache
def _rules() -> _Rules:
    raw = read_list("risks")
    table: dict[str, _Sign] = {}
    for code, lists in raw["risks"].items():
        parts = ("harm",) if code in _HARM else ()
        _add(table, lists.get("words", []), _Sign(codes=(code,), parts=parts))
        _add(table, lists.get("likely", []), _Sign(likely=(code,), parts=parts))
    for name, words in raw["parts"].items():
        _add(table, words, _Sign(parts=(name,)))
        _add(table, [form for word in split_words(words) for form in _forms(word)], _Sign(parts=(name,)))
    _add(table, raw["denials"], _Sign(denies=True))
    _add(table, raw["near_misses"], _Sign(near_miss=True))
    for word in split_words(raw["harmless"]):
        table[word] = _NOTHING
    return _Rules(Matcher(table), _together(raw["pairs"]))


def _add(table: dict[str, _Sign], lines: list[str], sign: _Sign) -> None:
    for word in split_words(lines):
        known = table.get(word, _NOTHING)
        table[word] = _Sign(
            known.codes + sign.codes,
            known.likely + sign.likely,
            known.parts + sign.parts,
            known.denies or sign.denies,
            known.near_miss or sign.near_miss,
        )


def _forms(word: str) -> tuple[str, ...]:
    """The toddler's mouth, the toddlers: other forms of an English word."""
    if not (word.isascii() and word.replace(" ", "").isalpha()):
        return ()
    word = word.replace(" ", "_")
    return (f"{word}'s",) if word.endswith("s") else (f"{word}'s", f"{word}s")


def _together(pairs: list[dict[str, Any]]) -> dict[str, tuple[_Together, ...]]:
    listed: defaultdict[str, list[_Together]] = defaultdict(list)
    for pair in pairs:
        for part in pair["parts"]:
            others = frozenset(pair["parts"]) - {part}
            sure = _LIKELY if pair.get("likely") else _TOGETHER
            listed[part].append(_Together(pair["risk"], others, int(pair["within"]), sure))
    return {part: tuple(rules) for part, rules in listed.items()}
