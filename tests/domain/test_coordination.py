"""Texts that are almost the same: which are, which are not, and what is said of them."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import pytest

from cem.domain.coordination import FLAG, Said, alike, almost_the_same, flags
from nlp.similar import pieces
from tests.nlp.alike import ONE_DISH
from tests.world import MONDAY


def said(number: int, text: str, common: str = "address", **later: float) -> Said:
    return Said(UUID(int=number), MONDAY + timedelta(**later), pieces(text), common)


COLD = "The soup was cold and nobody came when we called for the waiter"
AGAIN = "Cold soup, and nobody came when we called for the waiter!"


def test_three_of_one_sender_are_told_with_what_they_have_in_common() -> None:
    others = [said(2, COLD, minutes=90), said(3, AGAIN, "customer", minutes=100), said(4, "Lovely evening")]
    found = alike(said(1, COLD), others, [None] * 3)
    assert found is not None and found.ids == (UUID(int=1), UUID(int=2), UUID(int=3))
    assert found.reason.args == {"count": 3, "hours": 2, "common": "customer"}


def test_two_are_none_and_neither_is_what_is_older_than_a_week() -> None:
    assert alike(said(1, COLD), [said(2, COLD)], [None]) is None
    assert alike(said(1, COLD), [said(2, COLD), said(3, COLD, days=8)], [None, None]) is None


def test_what_means_the_same_is_alike_whatever_its_letters() -> None:
    others = [said(2, "Nobody brought us anything warm"), said(3, "We waited, the bowl got cold")]
    assert alike(said(1, COLD), others, [0.8, 0.76]) is not None
    assert alike(said(1, COLD), others, [0.8, 0.7]) is None


@pytest.mark.parametrize("text", ["很好", "good", "👍👍👍", "Very good!", "服务很好，味道不错"])
def test_short_praise_says_too_little_to_tell(text: str) -> None:
    assert alike(said(1, text), [said(number, text) for number in range(2, 9)], [1.0] * 7) is None


def test_many_complaints_about_one_dish_share_few_letters() -> None:
    told = [pieces(text) for text in ONE_DISH]
    assert not any(almost_the_same(a, b) for place, a in enumerate(told) for b in told[:place])
    assert almost_the_same(pieces("酸菜魚太鹹了，喝了三杯水還是渴"), told[0]), "in either script"


def test_other_flags_stay() -> None:
    assert flags(["other"], flagged=True) == ["other", FLAG]
    assert flags(["other", FLAG], flagged=False) == ["other"] and flags([FLAG], flagged=False) is None
