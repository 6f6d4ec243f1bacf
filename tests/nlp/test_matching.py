"""Many words are found in a text at once: which of them win where they overlap."""

from __future__ import annotations

from itertools import pairwise
from time import process_time

import pytest

from nlp.matching import Matcher
from nlp.script import fold

WORDS = ("很", "很好", "好吃", "吃", "好", "good", "goods", "good value", "so", "五star", "!", "must-try")


def found(text: str) -> list[str]:
    folded = fold(text)
    matches = Matcher({word: word for word in WORDS}).find(folded)
    assert all(start < end for start, end, _ in matches)
    assert all(one[1] <= other[0] for one, other in pairwise(matches))
    return [folded[start:end] for start, end, _ in matches]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("很好！", ["很好", "!"]),
        ("很好吃", ["很", "好吃"]),
        ("很很好吃吃", ["很", "很", "好吃", "吃"]),
        ("很好吃" * 3, ["很", "好吃"] * 3),
    ],
)
def test_the_longest_wins_unless_a_shorter_one_lets_the_next_reach_further(
    text: str, words: list[str]
) -> None:
    assert found(text) == words


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Good, goods, goodness", ["good", "goods"]),
        ("good value", ["good value"]),
        ("good values", ["good"]),
        ("Ｇｏｏｄ吃", ["good", "吃"]),
        ("so's good", ["good"]),
        ("a must-try", ["must-try"]),
        ("五star五stars", ["五star", "五star"]),
    ],
)
def test_latin_words_are_whole_words_and_phrases_are_preferred(text: str, words: list[str]) -> None:
    assert found(text) == words


def test_what_is_drawn_out_stands_for_the_same_word() -> None:
    assert found("sooooo gooood") == ["sooooo", "gooood"]


def test_half_a_character_hides_nothing_beside_it() -> None:
    assert found("\ud83d很好\udc4d！") == ["很好", "!"]


def test_time_grows_with_the_text_where_every_word_gives_way_to_a_shorter_one() -> None:
    matcher = Matcher({word: word for word in WORDS})
    begun = process_time()
    assert len(matcher.find("很好吃" * 30_000)) == 60_000
    assert process_time() - begun < 2.0
