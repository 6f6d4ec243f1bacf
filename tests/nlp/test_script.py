from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from nlp.script import fold, traditional

ANY_TEXT = st.text(st.characters(), max_size=200)
"""Everything Python can hold in a string: emoji, combining marks, control characters, lone surrogates."""


@given(ANY_TEXT)
def test_folding_keeps_every_position(text: str) -> None:
    folded = fold(text)
    assert len(folded) == len(text)
    assert all(fold(character) == folded[place] for place, character in enumerate(text))


@given(ANY_TEXT)
def test_folding_twice_changes_nothing_more(text: str) -> None:
    assert fold(fold(text)) == fold(text)


@given(st.text(st.sampled_from(sorted(traditional())), max_size=50))
def test_every_traditional_character_becomes_one_simplified_character(text: str) -> None:
    assert len(fold(text)) == len(text)
    assert not set(fold(text)) & {"", " "}


def test_the_same_words_in_both_scripts_are_the_same_to_the_machine() -> None:
    assert fold("服務員態度很差，這個麵條鹹") == fold("服务员态度很差，这个面条咸")


def test_full_width_letters_and_capitals_become_small_letters() -> None:
    assert fold("ＷｉＦｉ　ＯＫ") == "wifi ok"


def test_a_decomposed_accent_stays_where_it_is() -> None:
    assert fold("cafe\u0301 好吃") == "cafe\u0301 好吃"
