"""What every channel keeps: the same thing is the same submission; language and time stay; junk is out."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cem.domain.reasons import Invalid
from cem.domain.submission import Submission
from cem.domain.vocabulary import Channel
from surveys.channels import api
from surveys.channels.registry import PARSERS, parser_of
from surveys.entrances import Entrance
from surveys.views import Place, Texts

AT = "2026-11-23T10:00:00+08:00"

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)


DOOR = Entrance(
    id=UUID(int=7),
    token="t",
    site_code="bund",
    touchpoint_code="t12",
    place=Place(Texts({}), Texts({})),
    survey_code="meal",
    survey_version=1,
    definition={"questions": [{"code": "meal", "scale": "faces5", "text": {"en": "How was it?"}}]},
)
EVENT = "0198c2f0-0000-7000-8000-000000000001"


@dataclass(frozen=True)
class Way:
    """A channel, something good that comes in through it, and the same under another identity."""

    parse: Callable[[Any], Submission]
    good: dict[str, Any]
    junk: st.SearchStrategy[Any] = JSON
    tells_time: bool = True


def _by_api(raw: Any) -> Submission:
    return PARSERS[Channel.API](raw, api.Sender("token:test"), EVENT)


def _by_kiosk(raw: Any) -> Submission:
    return PARSERS[Channel.KIOSK](raw, DOOR)


def _by_link(raw: Any) -> Submission:
    return PARSERS[Channel.LINK](raw, DOOR)


API = {
    "channel": "api",
    "site": "bund",
    "rating": {"scale": "csat5", "value": 4},
    "text": "还行 👍🏽",
    "language": "zh-Hans",
    "occurred_at": AT,
}
TAP = {"event_id": EVENT, "value": 4, "occurred_at": AT, "language": "zh-Hans", "sequence": 3}
FORM = {"event_id": EVENT, "rating": "4", "text": "还行 👍🏽", "language": "zh-Hans"}

WAYS = {
    Channel.API: Way(_by_api, API),
    Channel.KIOSK: Way(_by_kiosk, TAP),
    Channel.LINK: Way(
        _by_link, FORM, st.dictionaries(st.sampled_from(list(FORM)), st.text()), tells_time=False
    ),
}


@pytest.fixture(params=list(WAYS))
def way(request: pytest.FixtureRequest) -> Way:
    return WAYS[request.param]


def test_every_channel_with_a_parser_keeps_this_contract() -> None:
    assert set(WAYS) == set(PARSERS)


def test_the_same_thing_twice_is_the_same_submission(way: Way) -> None:
    again = dict(reversed(way.good.items()))
    assert way.parse(way.good) == way.parse(again)
    assert way.parse(way.good).idempotency is not None


def test_another_body_has_another_hash(way: Way) -> None:
    name, other = ("rating", "1") if "rating" in way.good else ("value", 1)
    changed = way.good | {name: {"scale": "csat5", "value": 1} if way.good is API else other}
    ours, theirs = way.parse(way.good).idempotency, way.parse(changed).idempotency
    assert ours is not None and theirs is not None
    assert ours.key == theirs.key
    assert ours.body_hash != theirs.body_hash


def test_language_time_and_words_stay_as_they_were(way: Way) -> None:
    submission = way.parse(way.good)
    assert submission.language == "zh-Hans"
    assert submission.text == way.good.get("text")
    if way.tells_time:
        assert submission.occurred_at == datetime(2026, 11, 23, 2, 0, tzinfo=UTC)


@pytest.mark.parametrize("channel", WAYS)
@given(data=st.data())
def test_junk_is_refused_with_the_names_of_its_fields(channel: Channel, data: st.DataObject) -> None:
    way = WAYS[channel]
    try:
        way.parse(data.draw(way.junk))
    except Invalid as refusal:
        assert refusal.fields
        assert refusal.status in (413, 422)


@pytest.mark.parametrize("channel", WAYS)
@given(data=st.data())
def test_junk_in_any_one_field_is_refused_or_taken_but_never_breaks(
    channel: Channel, data: st.DataObject
) -> None:
    way = WAYS[channel]
    name = data.draw(st.sampled_from(list(way.good)))
    value = data.draw(st.text() if channel is Channel.LINK else JSON)
    with suppress(Invalid):
        assert isinstance(way.parse(way.good | {name: value}), Submission)


def test_what_has_no_parser_of_its_own_comes_in_as_by_api() -> None:
    assert parser_of(Channel.CALL) is api.parse
