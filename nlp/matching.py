"""Finding many words in a text at once: the longest at each place, from left to right, in linear time."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from string import ascii_lowercase
from typing import Generic, TypeVar

from ahocorasick_rs import AhoCorasick

T = TypeVar("T")

_LATIN = re.compile(r"[a-z0-9]+(?:'[a-z]+)?")
_STRETCHED = re.compile(r"([a-z])\1\1+")
_THREE_ALIKE = AhoCorasick(3 * letter for letter in ascii_lowercase)


def is_latin(character: str) -> bool:
    return "a" <= character <= "z" or "0" <= character <= "9"


class Matcher(Generic[T]):
    """Looks words up in folded text. A word of Latin letters matches whole words only."""

    def __init__(self, words: Mapping[str, T]) -> None:
        self._latin = _Latin({word: value for word, value in words.items() if is_latin(word[0])})
        self._others = _Others({word: value for word, value in words.items() if not is_latin(word[0])})

    def find(self, text: str) -> list[tuple[int, int, T]]:
        """Start, end and value of every match, in order; no two overlap."""
        found = self._others.find(text)
        latin = self._latin.find(text)
        if latin and found:
            return _without_overlaps(sorted(found + latin, key=_place))
        return found or latin


class _Others(Generic[T]):
    """Words that may stand anywhere: Chinese ones, emoji, punctuation."""

    def __init__(self, words: Mapping[str, T]) -> None:
        self._values = list(words.values())
        self._automaton = AhoCorasick(words)
        self._beginnings = _beginnings(list(words))

    def find(self, text: str) -> list[tuple[int, int, T]]:
        """很 + 好吃 rather than 很好 + 吃: a shorter word, if the one after it reaches further."""
        every = self._automaton.find_matches_as_indexes(text, overlapping=True)
        longest = {start: (end, word) for word, start, end in every}  # they come by their end
        found: list[tuple[int, int, T]] = []
        end = 0
        for start in sorted(longest):
            if start < end:
                continue
            end, word = longest[start]
            for shorter, length in self._beginnings.get(word, ()):
                after = longest.get(start + length)
                if after and after[0] > end:
                    end, word = start + length, shorter
                    break
            found.append((start, end, self._values[word]))
        return found


class _Latin(Generic[T]):
    """Words that begin with a Latin letter or a digit; anything may follow (must-try, k歌)."""

    def __init__(self, words: Mapping[str, T]) -> None:
        self._values = words
        self._lengths = _lengths(words)

    def find(self, text: str) -> list[tuple[int, int, T]]:
        found: list[tuple[int, int, T]] = []
        end = 0
        for start, word, plain in _latin_words(text):
            if start < end:
                continue
            lengths = self._lengths.get(word)
            if lengths is None:
                value = self._first(plain) if plain else None
                if value is not None:
                    end = start + len(word)
                    found.append((start, end, value))
                continue
            for length in lengths:
                value = self._values.get(text[start : start + length])
                if value is not None and _is_whole(text, start + length):
                    end = start + length
                    found.append((start, end, value))
                    break
        return found

    def _first(self, words: tuple[str, ...]) -> T | None:
        return next((self._values[word] for word in words if word in self._values), None)


@lru_cache(maxsize=1)
def _latin_words(text: str) -> tuple[tuple[int, str, tuple[str, ...]], ...]:
    """Where each begins, itself, what it may stand for; kept, as several lists are looked up in a text."""
    words = [(match.start(), match.group(), ()) for match in _LATIN.finditer(text)]
    if words and _THREE_ALIKE.find_matches_as_indexes(text):
        return tuple((start, word, _drawn_out(word)) for start, word, _ in words)
    return tuple(words)


def _drawn_out(word: str) -> tuple[str, ...]:
    """Sooo goooood: what is drawn out stands for the same word, with two letters or with one."""
    if len(word) < 4 or not _STRETCHED.search(word):
        return ()
    return _STRETCHED.sub(r"\1\1", word), _STRETCHED.sub(r"\1", word)


def _beginnings(words: Sequence[str]) -> dict[int, tuple[tuple[int, int], ...]]:
    """For each word that begins with others of the list: these by their number and length, longest first."""
    number = {word: index for index, word in enumerate(words)}
    found = {
        index: tuple((number[word[:end]], end) for end in range(len(word) - 1, 0, -1) if word[:end] in number)
        for index, word in enumerate(words)
    }
    return {index: shorter for index, shorter in found.items() if shorter}


def _lengths(words: Iterable[str]) -> dict[str, tuple[int, ...]]:
    """By the Latin word that they begin with; the longest first."""
    lengths: defaultdict[str, set[int]] = defaultdict(set)
    for word in words:
        lengths[_LATIN.match(word).group()].add(len(word))  # type: ignore[union-attr]
    return {first: tuple(sorted(found, reverse=True)) for first, found in lengths.items()}


def _is_whole(text: str, end: int) -> bool:
    if end >= len(text):
        return end == len(text)
    return not (is_latin(text[end]) and is_latin(text[end - 1]))


def _place(match: tuple[int, int, T]) -> tuple[int, int]:
    return match[0], -match[1]


def _without_overlaps(matches: list[tuple[int, int, T]]) -> list[tuple[int, int, T]]:
    kept: list[tuple[int, int, T]] = []
    end = 0
    for match in matches:
        if match[0] >= end:
            kept.append(match)
            end = match[1]
    return kept
