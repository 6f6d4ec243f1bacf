"""A text that names its own rating says nothing with that, and every position in it stays where it was."""

from __future__ import annotations

import pytest

from cem.domain.ratings import Rating
from nlp.pipeline import TextIn
from nlp.texts import without_rating
from tests.nlp.conftest import Reader


@pytest.mark.parametrize(
    "text",
    [
        "五星，可是等了两小时",
        "給了五顆星，等了兩個鐘頭",
        "满分好评",
        "Five stars, but slow",
        "I give it 5 out of 5",
    ],
)
def test_what_only_repeats_the_rating_is_blank(text: str) -> None:
    blank = without_rating(text)
    assert blank != text and len(blank) == len(text)
    assert all(a in (b, " ") for a, b in zip(blank, text, strict=True))


@pytest.mark.parametrize(
    "text", ["五星级酒店", "等了五星期", "a five star hotel", "5/10 came late", "五个人"]
)
def test_what_only_looks_like_a_rating_stays(text: str) -> None:
    assert without_rating(text) == text


def test_the_words_count_and_not_the_stars_that_they_repeat(read: Reader) -> None:
    texts = ["五星，可是等了两小时", "五星，可是等了兩個鐘頭", "Five stars, but we waited two hours"]
    found = read.pipeline.analyse([TextIn(text, Rating("stars5", 5)) for text in texts])
    assert [each.sentiment.label for each in found] == ["negative"] * 3
