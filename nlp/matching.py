"""Finding many words in a text at once: the longest at each place, from left to right, in linear time."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Generic, TypeVar

T = TypeVar("T")

_LATIN = re.compile(r"[a-z0-9]+(?:'[a-z]+)?")
_LATIN_FIRST = re.compile(r"[a-z0-9]")
_STRETCHED = re.compile(r"([a-z])\1\1+")


def is_latin(character: str) -> bool:
    return "a" <= character <= "z" or "0" <= character <= "9"


class Matcher(Generic[T]):
    """Looks words up in folded text. A word of Latin letters matches whole words only.

    At each place at most as many lookups as the words beginning there have lengths: no backtracking.
    """

    def __init__(self, words: Mapping[str, T]) -> None:
        self._values = dict(words)
        self._by_character = _lengths((word[0], word) for word in words if not is_latin(word[0]))
        self._by_word = _lengths(
            (_LATIN.match(word).group(), word)  # type: ignore[union-attr]
            for word in words
            if is_latin(word[0])
        )

    def find(self, text: str) -> list[tuple[int, int, T]]:
        """Start, end and value of every match, in order; matches of one script never overlap."""
        found = self._characters(text)
        if self._by_word and _LATIN_FIRST.search(text):
            latin = self._latin(text)
            if latin and found:
                return _without_overlaps(sorted(found + latin, key=_place))
            return found or latin
        return found

    def _characters(self, text: str) -> list[tuple[int, int, T]]:
        found: list[tuple[int, int, T]] = []
        end, size = 0, len(text)
        lengths_of, value_of = self._by_character.get, self._values.get
        for start, character in enumerate(text):
            lengths = lengths_of(character)
            if lengths is None or start < end:
                continue
            for length in lengths:
                value = value_of(text[start : start + length])
                if value is not None and start + length <= size:
                    end = start + length
                    if length > 1 and length != lengths[-1]:
                        end, value = self._shorter(text, start, lengths, end, value)
                    found.append((start, end, value))
                    break
        return found

    def _shorter(self, text: str, start: int, lengths: tuple[int, ...], end: int, value: T) -> tuple[int, T]:
        """很 + 好吃 rather than 很好 + 吃: a shorter word, if the one after it reaches further than `end`."""
        for length in lengths:
            middle = start + length
            if middle >= end:
                continue
            first = self._values.get(text[start:middle])
            if first is not None and self._reaches(text, middle, end):
                return middle, first
        return end, value

    def _reaches(self, text: str, start: int, beyond: int) -> bool:
        for length in self._by_character.get(text[start], ()):
            if start + length <= beyond:
                return False
            if start + length <= len(text) and text[start : start + length] in self._values:
                return True
        return False

    def _latin(self, text: str) -> list[tuple[int, int, T]]:
        found: list[tuple[int, int, T]] = []
        end = 0
        for match in _LATIN.finditer(text):
            start = match.start()
            if start < end:
                continue
            lengths = self._by_word.get(match.group())
            if lengths is None:
                value = self._stretched(match.group())
                if value is not None:
                    end = match.end()
                    found.append((start, end, value))
                continue
            for length in lengths:
                value = self._values.get(text[start : start + length])
                if value is not None and _is_whole(text, start + length):
                    end = start + length
                    found.append((start, end, value))
                    break
        return found

    def _stretched(self, word: str) -> T | None:
        """Sooo goooood: what is drawn out stands for the same word."""
        if len(word) < 4 or not _STRETCHED.search(word):
            return None
        twice = self._values.get(_STRETCHED.sub(r"\1\1", word))
        return self._values.get(_STRETCHED.sub(r"\1", word)) if twice is None else twice


def _lengths(keyed: Iterable[tuple[str, str]]) -> dict[str, tuple[int, ...]]:
    lengths: defaultdict[str, set[int]] = defaultdict(set)
    for key, word in keyed:
        lengths[key].add(len(word))
    return {key: tuple(sorted(found, reverse=True)) for key, found in lengths.items()}


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
