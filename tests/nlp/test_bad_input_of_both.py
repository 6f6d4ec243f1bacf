"""Bad input in each profile: an answer or a clear refusal, in bounded time and memory, spans as promised."""

from __future__ import annotations

import json
import tracemalloc
from time import process_time

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cem.domain.findings import Findings
from nlp.cli_io import analyse_lines
from nlp.pipeline import TextIn
from nlp.texts import MAX_CHARS
from tests.nlp.conftest import Reader

SECONDS = 10
"""Of the processor, so that a busy machine says nothing; a quadratic step would take minutes."""
MEGABYTES = 12
"""What each ten thousand characters may take on top of the model."""

PIECES = st.sampled_from(
    [
        "好吃",
        "不",
        "但是",
        "服务员",
        "👍🏽",
        "\U00020000",
        "é",
        "e\u0301",
        "\ud83d",
        "\udfff",
        "\x00",
        "\u202e",
        "，",
        "\n",
        "13812345678",
        "a@b.com",
        "good ",
        "not ",
        "terrible ",
        "food ",
        "太鹹",
        "拉肚子",
        "ﬁ",
        "İ",
        "\u200d",
        " ",
    ]
)


@pytest.fixture(params=["fast", "standard"])
def reader(request: pytest.FixtureRequest) -> Reader:
    return request.getfixturevalue("read" if request.param == "fast" else "standard")  # type: ignore[no-any-return]


def spans(found: Findings) -> list[tuple[int, int]]:
    return [span for topic in found.topics for span in topic.spans] + [one.span for one in found.pii]


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=st.one_of(st.text(st.characters(), max_size=80), st.lists(PIECES, max_size=25).map("".join)))
def test_spans_lie_inside_the_text_and_are_code_points(reader: Reader, text: str) -> None:
    found = reader(text)
    assert all(0 <= start < end <= len(text) for start, end in spans(found))
    assert json.loads(json.dumps(found.as_dict())) is not None


def test_a_span_counts_code_points_and_not_what_they_are_encoded_as(reader: Reader) -> None:
    words = "请打13812345678"
    before = "😀\U00020000👨\u200d👩\u200d👧"
    (alone,), (moved,) = (reader(text).pii for text in (words, before + words))
    assert moved.span == (alone.span[0] + len(before), alone.span[1] + len(before))
    assert (before + words)[slice(*moved.span)] == "13812345678"


@pytest.mark.parametrize("text", ["", " ", "\u3000\n", "\u200b"])
def test_nothing_is_said_of_nothing(reader: Reader, text: str) -> None:
    found = reader(text)
    assert found.sentiment.abstained and not found.topics and not found.risks


@pytest.mark.parametrize(
    "text", ["😊", "\ud83d", "好吃\udfff", "\x00\x01\x1b", "\u202e好吃", "\ufeff很好", "ﷺ", "!"]
)
def test_odd_characters_are_answered(reader: Reader, text: str) -> None:
    assert 0.5 <= reader(text).sentiment.confidence <= 1.0


@pytest.mark.parametrize(
    "piece", ["哈", "好吃，", "bad food ", "👨\u200d👩\u200d👧", "\ud83d", "\x00", "1", "离"]
)
def test_a_hundred_thousand_characters_are_answered_in_time(reader: Reader, piece: str) -> None:
    text = (piece * (MAX_CHARS // len(piece) + 1))[:MAX_CHARS]
    began = process_time()
    found = reader(text)
    assert process_time() - began < SECONDS
    assert all(0 <= start < end <= MAX_CHARS for start, end in spans(found))


def test_a_long_text_takes_a_bounded_part_of_memory(reader: Reader) -> None:
    reader("好吃")
    tracemalloc.start()
    try:
        reader("味道好，服务差。" * (10_000 // 8))
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert peak < MEGABYTES * 2**20


def test_a_million_times_ha_is_refused_and_holds_up_nobody(reader: Reader) -> None:
    lines = [json.dumps({"id": 1, "text": "哈" * 1_000_000}), json.dumps({"id": 2, "text": "很好吃"})]
    refused, read = analyse_lines(reader.pipeline, lines)
    assert "at most 100,000 characters, this one has 1,000,000" in refused["error"]
    assert read["sentiment"]["label"] == "positive"
    with pytest.raises(ValueError, match="at most 100,000 characters"):
        reader.pipeline.analyse([TextIn("哈" * 1_000_000)])
