"""The sentences and the challenge list of our own: every line is read, and a wrong one says what is wrong."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest

from nlp import corpus

SENTENCE: dict[str, Any] = {
    "text": "Soup was cold, and nobody said sorry.",
    "level": -1,
    "language": "en",
    "industry": "restaurant",
    "aspects": {"food_taste": "negative", "staff_attitude": "negative"},
    "risks": [],
    "part": "train",
}
CHALLENGE: dict[str, Any] = {
    "id": "x-1",
    "text": "Not bad",
    "kind": "negation",
    "expected": {"label": "positive"},
    "why": "the negation of a bad word",
}


def test_every_line_is_read_and_a_fifth_is_held_out() -> None:
    everything = corpus.sentences()
    held_out = corpus.sentences("held_out")
    assert len(everything) == len(held_out) + len(corpus.sentences("train"))
    assert 0.18 <= len(held_out) / len(everything) <= 0.22


def test_no_sentence_stands_there_twice() -> None:
    texts = Counter(row.text for row in (*corpus.sentences(), *corpus.challenges()))
    assert [text for text, count in texts.items() if count > 1] == []


def test_the_cases_of_the_challenge_list_have_names_of_their_own() -> None:
    names = [case.id for case in corpus.challenges()]
    assert len(set(names)) == len(names)


def test_a_level_says_the_sentiment() -> None:
    said = [corpus.as_sentence(SENTENCE | {"level": level}).sentiment for level in (-2, -1, 0, 1, 2)]
    assert said == ["negative", "negative", "neutral", "positive", "positive"]


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ({"text": ""}, "1 to 300 characters"),
        ({"text": "x" * 301}, "1 to 300 characters"),
        ({"level": 3}, "level is one of"),
        ({"language": "fr"}, "language is one of"),
        ({"industry": "circus"}, "industry is one of"),
        ({"aspects": {"room_view": "positive"}}, "no topic of restaurant"),
        ({"aspects": {"food_taste": "good"}}, "no topic of restaurant"),
        ({"risks": ["boredom"]}, "boredom"),
        ({"part": "test"}, "part is one of"),
        ({"mood": "bad"}, "mood"),
    ],
)
def test_a_wrong_sentence_says_what_is_wrong(wrong: dict[str, Any], told: str) -> None:
    with pytest.raises(ValueError, match=told):
        corpus.as_sentence(SENTENCE | wrong)


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ({"kind": "riddle"}, "kind is one of"),
        ({"expected": {"label": "bad"}}, "label is one of"),
        ({"expected": {"label": "positive", "risks": ["boredom"]}}, "boredom"),
        ({"rating": {"scale": "stars5", "value": 9}}, "from 1 to 5"),
    ],
)
def test_a_wrong_challenge_says_what_is_wrong(wrong: dict[str, Any], told: str) -> None:
    with pytest.raises(ValueError, match=told):
        corpus.as_challenge(CHALLENGE | wrong)
