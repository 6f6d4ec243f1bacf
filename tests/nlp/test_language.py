from __future__ import annotations

import pytest

from nlp.language import detect


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("服务员态度很差，等了半天", "zh-Hans"),
        ("服務員態度很差，等了半天", "zh-Hant"),
        ("呢間嘢好好食，下次再嚟", "yue-Hant"),
        ("唔使排隊，職員好有禮貌", "yue-Hant"),
        ("The waiter ignored us all evening", "en"),
        ("老板人很 nice，下次还会来吃饭", "zh-Hans"),
        ("The 小笼包 here is the best I have had", "en"),
        ("唔，还行吧，说不上好", "zh-Hans"),
        ("とても美味しかったです", "ja"),
        ("음식이 정말 맛있어요", "ko"),
        ("以后常来", "zh-Hans"),
        ("", "und"),
        ("👍", "und"),
        ("12345", "und"),
    ],
)
def test_a_text_is_in_the_language_that_most_of_it_is_in(text: str, language: str) -> None:
    assert detect(text) == language


def test_a_hint_decides_where_the_characters_cannot() -> None:
    assert detect("好吃", "zh-Hant") == "zh-Hant"
    assert detect("👍", "en") == "en"


def test_a_hint_never_overrules_what_is_written() -> None:
    assert detect("服务员态度很差", "zh-Hant") == "zh-Hans"
    assert detect("Very slow today", "zh-Hans") == "en"
