"""What a manager must hear of at once: recall first, but a dough called 死面 is no death.

Each risk has words that raise it alone, words that raise it only near another (a child and an injury), and
words that look alike and do not. A risk that is denied ("no safety problem") is dropped, unless it was a
near miss ("luckily nobody was hurt").
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any, NamedTuple

from cem.domain.findings import Risk
from nlp.matching import Matcher
from nlp.words import read_list, split_words

_SURE, _LIKELY, _NEAR_MISS = 0.9, 0.7, 0.55
_PRAISE = 0.5
_HARM = frozenset({"injury", "food_poisoning", "safety"})
_DENIAL_REACH = 3
_DENIAL_REACH_ENGLISH = 12


class _Sign(NamedTuple):
    """`codes`: risks raised alone. `likely`: the same, less surely. `parts`: groups it belongs to."""

    codes: tuple[str, ...] = ()
    likely: tuple[str, ...] = ()
    parts: tuple[str, ...] = ()
    denies: bool = False
    near_miss: bool = False


@dataclass(frozen=True, slots=True)
class _Pair:
    code: str
    first: str
    second: str
    within: int


@dataclass(frozen=True, slots=True)
class _Rules:
    signs: Matcher[_Sign]
    pairs: tuple[_Pair, ...]


def find(folded: str, score: float = 0.0) -> tuple[Risk, ...]:
    """Every risk once, with the confidence of its surest sign, in the order of its code.

    `score` is that of the whole text: the less sure signs (朋友圈, rash) say nothing among praise.
    """
    rules = _rules()
    found = [match for match in rules.signs.find(folded) if match[2] is not _NOTHING]
    if not found:
        return ()
    best: dict[str, float] = {}
    for code, confidence in (*_alone(found, folded), *_pairs(found, rules.pairs)):
        best[code] = max(best.get(code, 0.0), confidence)
    least = _LIKELY if score < _PRAISE else _SURE
    kept = (code for code in sorted(best) if best[code] >= least or best[code] == _NEAR_MISS)
    return tuple(Risk(code, best[code]) for code in kept)


_NOTHING = _Sign()
_Found = tuple[int, int, _Sign]


def _alone(found: list[_Found], folded: str) -> Iterator[tuple[str, float]]:
    near_miss = any(sign.near_miss for _, _, sign in found)
    denied_until = -1
    for start, end, sign in found:
        if sign.denies:
            reach = _DENIAL_REACH_ENGLISH if folded[start].isascii() else _DENIAL_REACH
            denied_until = end + reach
        denied = start <= denied_until and not sign.denies
        if denied and not near_miss:
            continue
        for code in sign.codes:
            yield code, _NEAR_MISS if denied else _SURE
        for code in sign.likely:
            yield code, _NEAR_MISS if denied else _LIKELY


def _pairs(found: list[_Found], pairs: tuple[_Pair, ...]) -> Iterator[tuple[str, float]]:
    """Two words that mean more together, in either order; one walk, remembering where each part was last."""
    last: dict[str, int] = {}
    for start, end, sign in found:
        for pair in pairs:
            for part, other in ((pair.first, pair.second), (pair.second, pair.first)):
                if part in sign.parts and start - last.get(other, -1_000) <= pair.within:
                    yield pair.code, _LIKELY
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
    _add(table, raw["denials"], _Sign(denies=True))
    _add(table, raw["near_misses"], _Sign(near_miss=True))
    for word in split_words(raw["harmless"]):
        table[word] = _NOTHING
    return _Rules(Matcher(table), tuple(_pair(pair) for pair in raw["pairs"]))


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


def _pair(raw: dict[str, Any]) -> _Pair:
    return _Pair(raw["risk"], raw["parts"][0], raw["parts"][1], int(raw["within"]))
