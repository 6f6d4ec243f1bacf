from __future__ import annotations

from datetime import date
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nlp.pii import find, is_bank_card, is_id_card
from nlp.script import fold
from tests.nlp.people import told


def shown(text: str) -> list[tuple[str, str]]:
    return [(pii.kind, text[pii.span[0] : pii.span[1]]) for pii in find(fold(text), text)]


@pytest.mark.parametrize(
    ("text", "kind", "words"),
    [
        ("请打13812345678找我", "phone", "13812345678"),
        ("电话：138-1234-5678", "phone", "138-1234-5678"),
        ("+86 138 1234 5678", "phone", "+86 138 1234 5678"),
        ("座机010-87654321", "phone", "010-87654321"),
        ("手機０９１２３４５６７８", "phone", "０９１２３４５６７８"),
        ("致電 9123 4567", "phone", "9123 4567"),
        ("call me at (212) 555-0187", "phone", "(212) 555-0187"),
        ("身份证11010519491231002X", "id_card", "11010519491231002X"),
        ("身份證A123456(3)", "id_card", "A123456(3)"),
        ("卡号4111 1111 1111 1111", "bank_card", "4111 1111 1111 1111"),
        ("車牌粵B·12345被刮了", "plate", "粵B·12345"),
        ("京AD12345 停在门口", "plate", "京AD12345"),
        ("加我微信：lao_wang88", "wechat", "lao_wang88"),
        ("my WeChat id: happy-eater1", "wechat", "happy-eater1"),
        ("vx abc12345", "wechat", "abc12345"),
        ("写信到 Li.Ming+cem@Example.com.cn 吧", "email", "Li.Ming+cem@Example.com.cn"),
        ("我叫王小明，想投诉", "name", "王小明"),
        ("司徒慧珊女士昨天來過", "name", "司徒慧珊"),
        ("I was served by Mrs. Anne-Marie van der Berg, thanks", "name", "Anne-Marie van der Berg"),
        ("my name is oliver smith", "name", "oliver smith"),
        ("致电(02) 2345-6789", "phone", "(02) 2345-6789"),
        ("wechat is happy_cat7", "wechat", "happy_cat7"),
        ("🙂🙂我的号码是13812345678🙂", "phone", "13812345678"),
    ],
)
def test_what_identifies_somebody_is_found_where_it_stands(text: str, kind: str, words: str) -> None:
    assert shown(text) == [(kind, words)]


@pytest.mark.parametrize(
    "text",
    [
        "身份证110105194912310021",
        "11010519491331002X",
        "卡号4111 1111 1111 1112",
        "订单号 20240501123456",
        "人均128元，2024-05-01去的，13:00到",
        "订单 1234567890123456789012345678901234567890",
        "评分 4.5",
        "12345678",
        "user@localhost",
        "京东快递很快",
        "微信支付很方便",
        "wechat is convenient here",
        "我叫咗個奶茶",
        "我是常客，很高兴",
        "王先生人很好",
        "I'm happy with New York",
        "My name is on the list",
        "0000000000000000",
    ],
)
def test_numbers_that_identify_nobody_are_left_alone(text: str) -> None:
    assert shown(text) == []


def test_of_five_hundred_people_hardly_one_is_overlooked() -> None:
    kinds = {"english_name": "name"}
    people = list(told(seed=20, each=63))
    overlooked = [
        (person.text, person.words)
        for person in people
        if (kinds.get(person.kind, person.kind), person.words) not in shown(person.text)
    ]
    assert len(people) >= 500
    assert len(overlooked) / len(people) <= 0.02, overlooked


@given(st.integers(0, 10**16 - 1))
def test_exactly_one_check_digit_makes_a_bank_card(number: int) -> None:
    stem = "4" + f"{number:016d}"[:14]
    assert sum(is_bank_card(f"{stem}{check}") for check in range(10)) == 1


@given(st.dates(date(1700, 1, 1), date(2199, 12, 31)), st.integers(0, 999))
def test_at_most_one_check_character_makes_an_identity_card(born: date, order: int) -> None:
    stem = f"110105{born:%Y%m%d}{order:03d}"
    valid = sum(is_id_card(stem + check) for check in "0123456789x")
    assert valid == (1 if stem[6:8] in {"18", "19", "20"} else 0)


@given(st.text(st.sampled_from("0123456789-. ()+xX@a京粤微信号:我叫王"), max_size=120))
def test_found_spans_lie_in_order_inside_the_text(text: str) -> None:
    spans = [pii.span for pii in find(fold(text))]
    assert all(0 <= start < end <= len(text) for start, end in spans)
    assert all(before[1] <= after[0] for before, after in pairwise(spans))
