"""What is new this week is listed whole, once, and by distinct people; what is usual, or chance, is not."""

from __future__ import annotations

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nlp import phrases
from nlp.corpus import sentences
from nlp.emerging import Emerging, Said, emerging, tail

NEW = {
    "自助点餐机": [
        "自助点餐机坏了，叫人也不来",
        "今天的自助点餐机怎么都点不上",
        "店里换了自助点餐机，我不会用",
        "新来的自助点餐机排了好长的队",
        "自助点餐机把我的单吞了",
        "老人家根本不会用自助点餐机啊",
        "喜欢自助点餐机，快",
        "用自助点餐机还要等这么久",
    ],
    "送餐機器人": [
        "送餐機器人好可愛",
        "那台送餐機器人一直擋路",
        "送餐機器人撞到小孩",
        "叫送餐機器人來，湯都灑了",
        "喜歡送餐機器人，孩子很開心",
        "送餐機器人壞掉了",
        "為什麼要用送餐機器人",
        "居然有送餐機器人！",
    ],
    "delivery robot": [
        "The delivery robot spilled our soup",
        "We loved the delivery robot",
        "Why is there a delivery robot now?",
        "My kids adored your delivery robot!",
        "Delivery robot blocked the aisle",
        "A delivery robot brought cold rice",
        "No more delivery robot please",
        "That delivery robot is loud",
    ],
}
OWN = [each.text for each in sentences()]


def usual(count: int, week: int, seed: int = 0) -> list[Said]:
    """What people write in any week, from our own sentences; no two the same."""
    texts = random.Random(f"{seed}:{week}").sample(OWN, count)
    return [Said(f"{week}-{number}", text, week) for number, text in enumerate(texts)]


def past(seed: int = 0) -> list[Said]:
    return [said for week in range(1, 9) for said in usual(200, week, seed)]


def said(texts: list[str], week: int = 0) -> list[Said]:
    return [
        Said(f"n{week}-{number}", text, week, "negative", ("waiting",), "bund")
        for number, text in enumerate(texts)
    ]


def keys(found: tuple[Emerging, ...]) -> list[str]:
    return [each.shown for each in found]


@pytest.mark.parametrize("phrase", NEW)
def test_a_new_phrase_in_8_of_200_items_this_week_is_listed(phrase: str) -> None:
    outcome = emerging([*past(), *usual(192, 0), *said(NEW[phrase])])
    assert outcome.texts == 200 and keys(outcome.found) == [phrase]
    (found,) = outcome.found
    assert (found.count, found.before, found.weeks[-1]) == (8, 0, 8)
    assert found.labels == {"negative": 8} and found.topics == ("waiting",) and found.sites == {"bund": 8}
    assert len(found.examples) == 3 and set(found.examples) <= set(found.ids) and len(found.ids) == 8


def test_where_nothing_was_said_before_the_usual_language_stands_beside_it() -> None:
    phrase = "自助点餐机"
    outcome = emerging([*usual(192, 0), *said(NEW[phrase])], background=OWN)
    assert phrase in keys(outcome.found) and len(outcome.found) <= 3


def test_what_two_new_phrases_have_in_common_is_not_listed_beside_them() -> None:
    texts = [*NEW["自助点餐机"], *NEW["送餐機器人"]]
    outcome = emerging([*past(), *usual(184, 0), *said(texts)])
    assert keys(outcome.found) == ["自助点餐机", "送餐機器人"]


def test_both_scripts_count_together() -> None:
    texts = [*NEW["送餐機器人"][:3], "送餐机器人把汤洒了", "送餐机器人又撞人了", "别再用送餐机器人了"]
    outcome = emerging([*past(), *usual(194, 0), *said(texts)])
    assert [each.count for each in outcome.found] == [6]


def test_what_is_said_every_week_is_not_listed() -> None:
    steady = [
        one for week in range(9) for one in said([f"{text}{'啊' * week}" for text in NEW["自助点餐机"]], week)
    ]
    assert emerging([*past(), *usual(192, 0), *steady]).found == ()


def test_copies_of_one_text_are_one_text() -> None:
    copies = [f"送餐機器人把我的湯灑了一桌，真的太過分了{'！' * i}" for i in range(8)]
    near = [f"送餐機器人把我的湯灑了一桌，真的太過分了，第{'一二三四五六七八'[i]}次" for i in range(8)]
    assert emerging([*past(), *usual(192, 0), *said(copies + near)]).found == ()


def test_what_is_personal_is_no_phrase() -> None:
    texts = [f"{text}，找王晓明经理" for text in NEW["自助点餐机"]]
    masked = [
        Said(f"m{i}", text, 0, masked=((text.index("王晓明"), text.index("王晓明") + 5),))
        for i, text in enumerate(texts)
    ]
    outcome = emerging([*past(), *usual(192, 0), *masked])
    assert keys(outcome.found) == ["自助点餐机"]


def test_a_hidden_phrase_is_left_out() -> None:
    texts = [*past(), *usual(192, 0), *said(NEW["delivery robot"])]
    assert emerging(texts, hidden={"delivery robot"}).found == ()


def test_the_order_of_texts_does_not_matter() -> None:
    texts = [*past(), *usual(192, 0), *said(NEW["自助点餐机"])]
    shuffled = random.Random(3).sample(texts, len(texts))
    assert emerging(texts) == emerging(shuffled)


@pytest.mark.parametrize("seed", range(3))
def test_chance_lists_nothing(seed: int) -> None:
    assert emerging([*past(seed), *usual(300, 0, seed + 100)]).found == ()


@settings(max_examples=25, deadline=None)
@given(st.lists(st.tuples(st.text(max_size=30), st.integers(0, 9)), max_size=30))
def test_whatever_is_said_there_is_an_answer(texts: list[tuple[str, int]]) -> None:
    outcome = emerging(Said(str(i), text, week) for i, (text, week) in enumerate(texts))
    assert outcome.texts <= sum(week == 0 for _, week in texts)
    assert outcome.found == () or outcome.before > 0


def test_the_chance_of_so_many_is_that_of_the_binomial() -> None:
    assert tail(8, 0, 1 / 9) == pytest.approx((1 / 9) ** 8)
    assert tail(2, 1, 0.5) == pytest.approx(0.5) and tail(0, 5, 0.5) == 1.0
    assert tail(1, 1, 0.25) == pytest.approx(1 - 0.75**2)


def test_particles_and_stop_words_begin_and_end_no_phrase() -> None:
    assert not any(map(phrases.names_something, ("的机器", "机器的", "the robot", "robot and", "机", "ok")))
    assert all(map(phrases.names_something, ("机器人", "robot", "cash on delivery")))
