"""What the guests and managers of the demo said: enough, distinct, in three languages, with valid codes."""

from __future__ import annotations

from collections import Counter

from cem.demo.content import branches, replies, texts
from cem.domain.vocabulary import Kind, ResolutionCode, RiskCode

LANGUAGES = {"zh-Hans", "zh-Hant", "en"}


def test_there_are_at_least_450_texts_and_no_two_are_alike() -> None:
    said = [text.text for text in texts()]
    assert len(said) >= 450
    assert len(set(said)) == len(said)


def test_texts_are_as_short_and_as_long_as_people_write() -> None:
    lengths = [len(text.text) for text in texts()]
    assert min(lengths) >= 3 and max(lengths) <= 200
    assert sum(length >= 60 for length in lengths) >= 60, "some tell a story"


def test_most_texts_are_simplified_chinese_and_the_other_two_languages_are_common() -> None:
    share = Counter(text.language for text in texts())
    assert set(share) == LANGUAGES
    assert share["zh-Hans"] > len(texts()) / 2
    assert min(share.values()) >= 80


def test_codes_are_those_of_the_vocabulary() -> None:
    for text in texts():
        Kind(text.kind)
        assert text.risk is None or RiskCode(text.risk)
        assert 1 <= text.rating <= 5


def test_every_risk_is_told_of_at_least_once() -> None:
    assert {text.risk for text in texts()} - {None} == {risk.value for risk in RiskCode}


def test_every_text_can_be_said_somewhere() -> None:
    places = {(place.pack, touchpoint.kind) for place in branches() for touchpoint in place.touchpoints}
    codes = {place.code for place in branches()}
    for text in texts():
        assert (text.site_kind, text.touchpoint_kind) in places
        assert text.site is None or text.site in codes


def test_all_moods_are_there_at_every_kind_of_place() -> None:
    for pack in ("hotel", "restaurant"):
        moods = Counter(text.rating for text in texts() if text.site_kind == pack)
        assert all(moods[rating] >= 30 for rating in range(1, 6))


def test_there_are_at_least_80_replies_and_no_two_are_alike() -> None:
    written = [reply.text for reply in replies().values()]
    assert len(written) >= 80
    assert len(set(written)) == len(written)


def test_replies_carry_valid_resolution_codes_in_three_languages() -> None:
    for reply in replies().values():
        ResolutionCode(reply.code)
        assert 3 <= len(reply.text) <= 200
    assert {reply.language for reply in replies().values() if reply.use == "reply"} == LANGUAGES


def test_a_general_answer_exists_in_every_language_and_for_every_risk_in_two() -> None:
    known = {(reply.topic, reply.language) for reply in replies().values() if reply.use == "reply"}
    assert {("general", language) for language in LANGUAGES} <= known
    for risk in RiskCode:
        assert (risk.value, "zh-Hans") in known
        assert (risk.value, "en") in known or risk is RiskCode.SELF_HARM
