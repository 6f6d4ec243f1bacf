"""The compressed business day, with our texts and with somebody else's."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest

from cem.demo.content import branches
from cem.demo.day import DayText, business_day, read_texts
from cem.domain.ratings import Rating
from cem.domain.vocabulary import Channel, Kind

DAY = business_day(7)
TOUCHPOINTS = {place.code: {each.code for each in place.touchpoints} for place in branches()}


def given(count: int, **more: Any) -> tuple[DayText, ...]:
    return tuple(
        DayText(f"t{i}", f"text {i}", ("en", "zh-Hans", "zh-Hant")[i % 3], **more) for i in range(count)
    )


def test_a_day_has_some_hundred_events_in_order_of_the_clock() -> None:
    assert 600 <= len(DAY) <= 1_800
    assert [event.at for event in DAY] == sorted(event.at for event in DAY)
    assert all(timedelta() <= event.at < timedelta(days=1) for event in DAY)


def test_the_same_seed_makes_the_same_day_with_the_same_keys() -> None:
    assert business_day(7) == DAY
    assert business_day(8) != DAY
    assert len({event.key for event in DAY}) == len(DAY)


def test_every_body_could_be_posted_as_it_is() -> None:
    for event in DAY:
        body = event.body
        Channel(body["channel"])
        assert body["touchpoint"] in TOUCHPOINTS[body["site"]]
        assert body.get("text") or body.get("rating")
        if rating := body.get("rating"):
            Rating(rating["scale"], rating["value"])
        if kind := body.get("kind"):
            Kind(kind)
        assert json.loads(json.dumps(dict(body))) == body


def test_taps_and_words_of_three_languages_reach_every_branch() -> None:
    assert {event.site for event in DAY} == set(TOUCHPOINTS)
    assert {event.body.get("language") for event in DAY} >= {"zh-Hans", "zh-Hant", "en"}
    assert sum(event.channel == "kiosk" for event in DAY) > len(DAY) / 2


def test_given_texts_are_each_said_once_and_unchanged_over_the_day_and_the_branches() -> None:
    texts = given(900, kind="review", rating=Rating("stars5", 2))
    events = [event for event in business_day(7, texts) if "text" in event.body]
    assert sorted(event.body["text"] for event in events) == sorted(text.text for text in texts)
    assert {event.site for event in events} == set(TOUCHPOINTS)
    assert all(event.body["rating"] == {"scale": "stars5", "value": 2} for event in events)
    assert len({event.at // timedelta(hours=1) for event in events}) > 10


def test_however_many_texts_are_given_there_are_taps_between_them() -> None:
    events = business_day(7, given(1_700))
    assert sum(event.channel == "kiosk" for event in events) >= 150


def test_a_file_of_texts_is_read_line_by_line_whatever_breaks_stand_in_the_texts() -> None:
    line = {"id": "a", "text": "one\u2028two", "language": "en", "kind": "review"}
    rated = {**line, "id": "b", "rating": {"scale": "csat5", "value": 4}}
    lines = "\n".join(json.dumps(each, ensure_ascii=False) for each in (line, rated)) + "\n"
    first, second = read_texts(lines)
    assert first.text == "one\u2028two" and first.rating is None
    assert second.rating == Rating("csat5", 4)


@pytest.mark.parametrize(
    "bad", ['{"id": "a"}', "not json", '{"id":"a","text":"x","language":"en","rating":3}']
)
def test_a_line_that_is_no_text_is_named_by_its_number(bad: str) -> None:
    good = '{"id": "a", "text": "x", "language": "en"}'
    with pytest.raises(ValueError, match="line 2"):
        read_texts(f"{good}\n{bad}\n")
