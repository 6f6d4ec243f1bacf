"""Numbers are found however they are written, and what only looks like one is let be."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cem.domain.letters.numbers import found


@pytest.mark.parametrize(
    ("text", "value", "unit"),
    [
        ("四十分钟", 40, "minutes"), ("４０分鐘", 40, "minutes"), ("forty minutes", 40, "minutes"),
        ("半小时", 30, "minutes"), ("half an hour", 30, "minutes"), ("两个半小时", 150, "minutes"),
        ("1个半小时", 90, "minutes"), ("24小时", 1440, "minutes"), ("3个工作日", 4320, "minutes"),
        ("百分之二十", 20, "percent"), ("20 %", 20, "percent"), ("九折", 9, "discount"),
        ("八成", 8, "tenths"),
        ("¥1,200", 1200, "money"), ("一千二百元", 1200, "money"), ("1.5万元", 15000, "money"),
        ("twenty-five dollars", 25, "money"), ("两百块", 200, "money"), ("三次", 3, ""), ("第二", 2, ""),
        ("下午三点半", 210, "clock"), ("15:30", 210, "clock"), ("3:30 pm", 210, "clock"),
        ("2 pm", 120, "clock"),
        ("11月", 11, "date"), ("2026年", 2026, "date"), ("三年", 3, "years"), ("½", 0.5, ""), ("③", 3, ""),
        ("一半", 0.5, "half"), ("half price", 0.5, "half"), ("twice", 2, ""), ("a dozen", 12, ""),
        ("two hundred and fifty", 250, ""), ("１２３", 123, ""), ("٣", 3, ""), ("一分钟", 1, "minutes"),
    ],
)  # fmt: skip
def test_a_number_is_read(text: str, value: float, unit: str) -> None:
    first = found(text)[0]
    assert (float(first.value.value), first.value.unit) == (value, unit)


@pytest.mark.parametrize(
    "text",
    ["一个答复", "一位同事", "第一时间", "十分抱歉", "万一", "千万别", "上一级", "一点也不", "百忙之中",
     "one of us", "no one", "半点没有", "一定", "统一", "再三", "this is the one"],
)  # fmt: skip
def test_what_only_looks_like_a_number_is_none(text: str) -> None:
    assert found(text) == []


@settings(max_examples=100, deadline=None)
@given(st.text(st.sampled_from("0123456789.:,%年月日点半个小时一二三十百万¥ amp两元折零"), max_size=60))
def test_spans_are_in_order_and_inside(text: str) -> None:
    end = 0
    for number in found(text):
        assert end <= number.span[0] < number.span[1] <= len(text)
        end = number.span[1]


def test_a_long_text_takes_no_time() -> None:
    assert len(found("三次4个 " * 2_500)) == 5_000
    assert found("九" * 20_000 + "个")
