from __future__ import annotations

from time import process_time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nlp.pipeline import TextIn, load
from nlp.texts import MAX_CHARS
from tests.nlp.conftest import Reader

PIPELINE = load()
WORDS = st.sampled_from(
    [
        "好吃",
        "不",
        "很",
        "但是",
        "服务员",
        "态度差",
        "👍🏽",
        "👨\u200d👩\u200d👧",
        "é",
        "�",
        "\x00",
        "，",
        "。",
        " ",
        "\n",
        "good",
        "not ",
        "but ",
        "food",
        "terrible ",
        "13812345678",
        "a@b.com",
        "等了",
        "两小时",
        "拉肚子",
        "離",
        "近",
        "太",
        "鹹",
        "？？",
        "…",
        "İ",
        "ﬁ",
    ]
)
SECONDS = 10
"""For 100,000 characters on a slow, busy machine; a quadratic step would take minutes."""


@settings(max_examples=300, deadline=None)
@given(st.one_of(st.text(st.characters(), max_size=120), st.lists(WORDS, max_size=40).map("".join)))
def test_spans_are_always_inside_the_text_and_say_something(text: str) -> None:
    found = PIPELINE.analyse([TextIn(text)])[0]
    spans = [span for topic in found.topics for span in topic.spans] + [pii.span for pii in found.pii]
    assert all(0 <= start < end <= len(text) for start, end in spans)
    assert all(topic.spans for topic in found.topics)
    assert (found.sentiment.score == 0) == (not text or text.isspace())


@settings(max_examples=100, deadline=None)
@given(st.lists(WORDS, max_size=12).map("".join), st.text(st.sampled_from("😀🎉 \u0301"), max_size=8))
def test_what_stands_before_a_text_moves_its_spans_by_its_own_length(text: str, before: str) -> None:
    alone = PIPELINE.analyse([TextIn("。" + text)])[0].pii
    moved = PIPELINE.analyse([TextIn(before + "。" + text)])[0].pii
    assert [(p.span[0] + len(before), p.span[1] + len(before)) for p in alone] == [p.span for p in moved]


@pytest.mark.parametrize(
    "piece",
    [
        "哈",
        "不",
        "很",
        "好吃，",
        "味道好服务差",
        "good service bad food ",
        "but ",
        "?",
        "1",
        "1 ",
        "@",
        "a@",
        "a.b@",
        "�",
        "\x00",
        "👨\u200d👩\u200d👧",
        "离",
        "微信",
        "vx",
        "京a",
        "(1)",
        "孩子受伤",
        "没有",
        "等了",
        " ",
        "\n",
        "é",
    ],
)
def test_the_longest_text_is_answered_in_bounded_time(read: Reader, piece: str) -> None:
    text = (piece * (MAX_CHARS // len(piece) + 1))[:MAX_CHARS]
    began = process_time()
    found = read(text)
    assert process_time() - began < SECONDS
    assert sum(len(topic.spans) for topic in found.topics) < 1_000


def test_a_million_times_ha_is_refused_in_words(read: Reader) -> None:
    with pytest.raises(ValueError, match="at most 100,000 characters, this one has 1,000,000"):
        read("哈" * 1_000_000)


@pytest.mark.parametrize("thing", [None, 3, b"bytes", ["a"]])
def test_what_is_no_text_is_refused_in_words(read: Reader, thing: object) -> None:
    with pytest.raises(ValueError, match="a text is needed"):
        read(thing)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "text", ["\ud83d", "好吃\udfff", "\x00\x01\x02", "\u202e好吃", "\ufeff很好", "😊", "!", "ﷺ"]
)
def test_odd_characters_are_answered(read: Reader, text: str) -> None:
    assert read(text).model == "fast@2"
