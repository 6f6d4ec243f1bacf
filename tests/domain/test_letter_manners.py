"""Letters say what a manager would say: no fault where there is none, no thanks for what was not praised."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from cem.domain.letters.compose import compose
from cem.domain.letters.facts import Language, Promised, Said, Stage
from cem.domain.letters.telling import FORMS
from cem.domain.letters.topics import GIVEN, SPOKEN, spoken
from cem.domain.vocabulary import ResolutionCode
from tests.domain.test_letters import LANGUAGES, RUDE, SLOW, TASTY, TUESDAY, case

KEYS = [str(key) for key in range(8)]
FAULT = (
    "我们的错|責任在我們|责任在我们|我們的錯|没做好|沒做好|对不住|對不起您|fault|let you down|right by you"
)
THANKS = "谢谢|謝謝|Thank you|thank you|grateful"


@pytest.mark.parametrize("language", LANGUAGES)
def test_nobody_owns_a_fault_in_where_a_house_stands_or_what_it_asks(language: Language) -> None:
    assert SPOKEN.keys() >= GIVEN
    for key in KEYS:
        alone = case(language=language, key=key, said=(Said("price_level", "negative"),))
        text = compose(alone).text
        noun = spoken("price_level", language, "negative")
        assert noun in text and re.search("抱歉|sorry", text) and not re.search(FAULT, text)
        both = compose(replace(alone, said=(RUDE, *alone.said))).text
        fault = next(part for part in re.split("[。.]", both) if spoken(RUDE.topic, language) in part)
        assert noun in both and noun not in fault


@pytest.mark.parametrize("language", LANGUAGES)
def test_whoever_complains_is_not_told_back_how_good_it_was(language: Language) -> None:
    quick = Said("waiting_queue", "positive", "預約了六個人的位子慶祝")
    text = compose(case(language=language, said=(RUDE, TASTY, quick))).text
    assert spoken("waiting_queue", language, "positive") not in text
    assert spoken("food_taste", language) in text
    happy = case(language=language, said=(quick,), dissatisfied=False, satisfied=True, stage=Stage.NO_CASE)
    assert spoken("waiting_queue", language, "positive") in compose(happy).text


def test_what_was_only_mentioned_is_said_where_nothing_else_is_named() -> None:
    seat = Said("environment_space", "neutral", "table")
    assert "the seating" not in compose(case(language="en", said=(SLOW, seat))).text
    assert "the seating" in compose(case(language="en", said=(seat,))).text


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_idea_is_taken_up_though_its_rating_was_low(language: Language) -> None:
    text = compose(case(language=language, kind="idea", said=())).text
    assert any(form in text for form in FORMS[language]["idea"])


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_stands_in_public_tells_strangers_no_code_and_no_page(language: Language) -> None:
    for stage in Stage:
        for risks in ((), ("injury",)):
            facts = case(language=language, stage=stage, risks=risks, done=ResolutionCode.REPLACED)
            text = compose(replace(facts, public=True)).text
            assert "K7PM" not in text and "hub.example" not in text
            assert not re.search("您的页面|您的頁面|your page", text)


@pytest.mark.parametrize("language", LANGUAGES)
def test_thanks_are_said_once_to_whoever_praises(language: Language) -> None:
    for key in KEYS:
        for said in ((TASTY,), ()):
            facts = case(language=language, key=key, said=said, dissatisfied=False, satisfied=True)
            for words in ("好", ""):
                text = compose(replace(facts, words=words, stage=Stage.NO_CASE)).text
                assert len(re.findall(THANKS, text)) == 1, text


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_sentence_names_whoever_has_it_twice(language: Language) -> None:
    for key in KEYS:
        facts = case(language=language, key=key, call=True, contact=Promised(TUESDAY), risks=("legal",))
        for sentence in compose(facts).sentences:
            assert sentence.text.count("林知夏") <= 1


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_code_is_said_once_and_nobody_knows_who_of_them_was_hurt(language: Language) -> None:
    for key in KEYS:
        facts = case(language=language, key=key, risks=("injury",), words="我妈滑倒了")
        text = compose(facts).text
        assert text.replace(facts.link, "").count("K7PM-4Q9D-3T") == 1 and facts.link in text
        asks = compose(replace(facts, call=True)).text
        assert not re.search(
            "您的身体|您的身體|您现在好|您現在好|[Yy]our health|are you|you are now", text + asks
        )


@pytest.mark.parametrize("language", LANGUAGES)
def test_whoever_was_spoken_with_is_not_told_that_nobody_can_ring_them(language: Language) -> None:
    for key in KEYS:
        facts = case(language=language, key=key, risks=("media",), reached=True, result=Promised(TUESDAY))
        for call in (False, True):
            text = compose(replace(facts, call=call)).text
            assert not re.search("打不了|没有能打|沒辦法打|沒有可以打|No number|no number|cannot ring", text)
            assert "10:07" in text, "they hear by when they are told what came of it"


def test_the_manager_on_duty_is_that_of_the_house_and_not_of_a_table() -> None:
    for key in KEYS:
        text = compose(case(key=key, risks=("media",), touchpoint="餐桌")).text
        assert "外滩店当值的负责人" in text and "餐桌当值" not in text


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_letter_says_nothing_twice_in_the_same_words(language: Language) -> None:
    """But for what a name, a noun or a time must repeat: six words of English, eight signs of Chinese."""
    size, gap = (6, " ") if language == "en" else (8, "")
    for key in KEYS:
        for risks in ((), ("injury",)):
            text = compose(case(language=language, key=key, site="X", link="L", risks=risks)).text
            parts = re.findall(r"[\w’]+" if gap else "[\u4e00-\u9fff]", text)
            runs = [gap.join(parts[at : at + size]) for at in range(len(parts) - size + 1)]
            assert len(runs) == len(set(runs)), text


def test_no_noun_joins_two_things_that_a_customer_may_not_both_have_named() -> None:
    joined = [code for code, names in SPOKEN.items() if " and " in names["en"]]
    assert joined == ["vulnerable", "product_fit"], "the care for some people, and one thing of clothes"


def test_traditional_letters_hold_no_words_of_the_mainland() -> None:
    text = "".join(form for forms in FORMS["zh-Hant"].values() for form in forms)
    text += "".join(names["zh-Hant"] for names in SPOKEN.values())
    mainland = (
        "质量|質量|信息|网络|網絡|视频|默认|用户|用戶|軟件|打印|联系|聯系|点单|點單|预订|预定|服务员|服務員"
    )
    assert re.findall(mainland, text) == []
