"""Letters say what the case says: every thing by its name, nothing that stands nowhere."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cem.domain.findings import Pii
from cem.domain.letters import topics
from cem.domain.letters.compose import compose
from cem.domain.letters.facts import CaseFacts, Language, Promised, Said, Stage, language_of
from cem.domain.letters.grounding import ungrounded
from cem.domain.letters.telling import FORMS
from cem.domain.vocabulary import ResolutionCode
from nlp import packs

SHANGHAI = ZoneInfo("Asia/Shanghai")
TUESDAY = datetime(2026, 11, 24, 10, 7, 42, tzinfo=SHANGHAI)
LANGUAGES: tuple[Language, ...] = ("zh-Hans", "zh-Hant", "en")
RISKS = (
    "injury",
    "food_poisoning",
    "safety",
    "minors",
    "legal",
    "media",
    "fraud",
    "discrimination",
    "privacy_breach",
)
SLOW, RUDE = Said("waiting_serving", "negative", "等了四十分钟"), Said("staff_attitude", "negative")
TASTY = Said("food_taste", "positive", "鱼很鲜")


def case(**more: object) -> CaseFacts:
    known: dict[str, object] = {
        "key": "a", "language": "zh-Hans", "stage": Stage.TAKEN, "site": "外滩店", "code": "K7PM-4Q9D-3T",
        "link": "https://hub.example/t/K7PM-4Q9D-3T", "said": (SLOW, RUDE, TASTY), "dissatisfied": True,
        "words": "等了四十分钟，服务员态度差，鱼很鲜", "who": "林知夏", "result": Promised(TUESDAY),
    }  # fmt: skip
    return CaseFacts(**(known | more))  # type: ignore[arg-type]


def test_each_complaint_is_named_the_praise_thanked_and_the_next_promise_said() -> None:
    text = compose(case()).text
    assert "上菜慢和服务的态度" in text and "菜的味道" in text
    assert "林知夏" in text and "11 月 24 日（周二）10:07" in text and "K7PM-4Q9D-3T" in text
    english = compose(case(language="en", site="The Bund")).text
    assert "how long the food took and the way our staff treated you" in english
    assert "10:07 on Tuesday 24 November" in english


def test_every_sentence_says_what_it_rests_on() -> None:
    draft = compose(case())
    assert [fact.text for fact in draft.sentences[1].rests_on] == ["等了四十分钟", "服务的态度"]
    assert all(sentence.rests_on for sentence in draft.sentences)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_same_case_gets_the_same_letter_and_two_cases_hardly_ever_do(language: Language) -> None:
    letters = [compose(case(language=language, key=str(key))).text for key in range(40)]
    assert letters == [compose(case(language=language, key=str(key))).text for key in range(40)]
    assert len(set(letters)) > 30


def test_a_small_complaint_beside_praise_comes_after_the_thanks() -> None:
    facts = case(said=(SLOW, TASTY), dissatisfied=False, satisfied=True, stage=Stage.NO_CASE)
    text = compose(facts).text
    assert text.index("菜的味道") < text.index("上菜慢") and re.search("抱歉|对不起|道歉", text)


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_noun_of_a_topic_is_taken_for_a_promise(language: Language) -> None:
    for sentiment in ("negative", "positive", "neutral"):
        for code in topics.SPOKEN:
            facts = case(language=language, said=(Said(code, sentiment),))
            assert ungrounded(compose(facts).text, facts) == (), code


def test_praise_and_complaint_have_their_own_nouns() -> None:
    nouns = [
        topics.spoken("waiting_serving", "zh-Hans", each) for each in ("positive", "negative", "neutral")
    ]
    assert nouns == ["上菜快", "上菜慢", "上菜的速度"]
    assert topics.spoken("food_taste", "en", "negative") == topics.spoken("food_taste", "en", "positive")


def test_stages_get_different_letters() -> None:
    letters = {
        compose(case(stage=stage, who="" if stage is Stage.OPEN else "林知夏")).text for stage in Stage
    }
    assert len(letters) == len(Stage) - 1, "solving and solved say the same"
    solving = compose(case(stage=Stage.SOLVING, done=ResolutionCode.REFUNDED)).text
    assert "退" in solving and "还没有" in solving and "10:07" not in solving


@pytest.mark.parametrize("language", LANGUAGES)
def test_pure_praise_gets_thanks_and_nothing_else(language: Language) -> None:
    facts = case(language=language, said=(TASTY,), dissatisfied=False, satisfied=True, stage=Stage.NO_CASE)
    text = compose(facts).text
    assert topics.spoken("food_taste", language) in text
    assert not re.search("抱歉|对不起|對不起|sorry|apolog|\\?|？|K7PM", text)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("risk", RISKS)
def test_where_somebody_may_be_hurt_a_person_calls_and_nothing_is_admitted(
    language: Language, risk: str
) -> None:
    for key in "abcdef":
        facts = case(language=language, risks=(risk,), call=True, contact=Promised(TUESDAY), key=key)
        text = compose(facts).text
        assert re.search("电话|電話|call|ring", text) and "10:07" in text
        assert not re.search("是我们的错|我們的錯|责任在我们|責任在我們|没做好|沒做好|our fault|on us", text)
        assert not re.search("期待您|盼着再|盼著再|see you again|next visit", text)
        uncalled = compose(replace(facts, call=False)).text
        assert "K7PM-4Q9D-3T" in uncalled and not re.search("？|\\?", uncalled)


def test_self_harm_gets_no_letter_at_all() -> None:
    draft = compose(case(risks=("legal", "self_harm")))
    assert (draft.text, draft.sentences) == ("", ())
    assert draft.why_none and draft.why_none.code == "draft_self_harm"


def test_one_question_at_most_and_never_twice() -> None:
    tapped = case(said=(), words="", call=True, rating="1 / 5")
    assert compose(tapped).text.count("？") == 1
    assert "？" not in compose(replace(tapped, letters=("想请您说说：哪里没让您满意？",))).text
    assert "？" not in compose(replace(tapped, call=False)).text, "nobody could hear the answer"


def test_a_late_promise_is_owned_and_no_old_time_is_promised() -> None:
    text = compose(case(result=Promised(TUESDAY, late=True))).text
    assert "10:07" not in text and re.search("没做到|没在答应您的时间", text)


def test_whoever_has_it_speaks_of_themselves() -> None:
    assert "林知夏" not in compose(case(mine=True)).text
    assert re.search(r"\bI (have|am)\b", compose(case(mine=True, language="en")).text)


def test_a_latin_name_keeps_its_space_in_a_chinese_letter() -> None:
    text = compose(case(who="Mary Field")).text
    assert re.search("[\u4e00-\u9fff] Mary Field [\u4e00-\u9fff]|^Mary Field [\u4e00-\u9fff]", text, re.M)


def test_what_only_a_person_knows_is_left_to_them() -> None:
    left = compose(case(kind="question", said=(), dissatisfied=False, stage=Stage.NO_CASE)).left
    assert left and left.code == "draft_answer_is_yours"
    left = compose(case(stage=Stage.SOLVING)).left
    assert left and left.code == "draft_what_was_done_is_yours"


def test_every_topic_of_every_pack_has_its_noun() -> None:
    codes = {row["code"] for pack in packs.PACKS for row in packs.topics(pack)}
    assert codes - topics.UNNAMED <= topics.SPOKEN.keys()
    assert all(set(names) == set(LANGUAGES) for names in topics.SPOKEN.values())


def test_every_language_has_the_same_forms() -> None:
    shapes = [{slot: bool(forms) for slot, forms in FORMS[language].items()} for language in LANGUAGES]
    assert shapes[0] == shapes[1] == shapes[2]


@pytest.mark.parametrize(
    ("written", "read"), [("yue-Hant", "zh-Hant"), ("zh-Hant", "zh-Hant"), ("ja", "en"), (None, "zh-Hans")]
)
def test_the_letter_follows_the_customer(written: str | None, read: str) -> None:
    assert language_of(written) == read


PLACES = st.sampled_from(("外滩店", "The Bund", "一号店", "2nd Street", "十里洋场"))
MOMENTS = st.integers(1_600_000_000, 2_000_000_000).map(lambda at: datetime.fromtimestamp(at, UTC))
SAID = st.builds(
    Said, st.sampled_from([*topics.SPOKEN, "unheard_of"]),
    st.sampled_from(("negative", "neutral", "positive")), st.text(max_size=12),
)  # fmt: skip
FACTS = st.builds(
    case,
    key=st.text(min_size=1, max_size=6),
    language=st.sampled_from(LANGUAGES),
    stage=st.sampled_from(Stage),
    site=PLACES,
    touchpoint=st.sampled_from(("", "三号桌", "Room 7")),
    kind=st.sampled_from(("complaint", "praise", "question", "idea", "rating")),
    said=st.lists(SAID, max_size=5).map(tuple),
    words=st.text(max_size=40),
    dissatisfied=st.booleans(),
    satisfied=st.booleans(),
    risks=st.lists(st.sampled_from(RISKS), max_size=2).map(tuple),
    who=st.sampled_from(("", "林知夏", "Mary Field", "R2 D2")),
    mine=st.booleans(),
    reached=st.booleans(),
    tried=st.booleans(),
    call=st.booleans(),
    public=st.booleans(),
    recourse=st.sampled_from(("", "您可以再写信给我们。")),
    done=st.none() | st.sampled_from(ResolutionCode),
    result=st.none() | st.builds(Promised, MOMENTS, st.booleans()),
    contact=st.none() | st.builds(Promised, MOMENTS, st.booleans()),
    letters=st.lists(st.text(max_size=20), max_size=2).map(tuple),
)


@settings(max_examples=150, deadline=None)
@given(FACTS)
def test_no_draft_holds_a_number_that_its_case_does_not(facts: CaseFacts) -> None:
    text = compose(facts).text
    assert ungrounded(text, facts, ("周远", "Gu Feng", "Soho")) == ()
    given_digits = set(re.findall(r"\d+", " ".join((*facts.literal(), facts.code, facts.link))))
    assert set(re.findall(r"\d+", text)) <= given_digits
    for place in filter(None, (facts.place, facts.who, "第一", "上一级", "上一級")):
        text = text.replace(place, "")
    text = re.sub("[周週][一二三四五六日]", "", text)
    assert not re.search("[二三四五六七八九两兩]|[一十百千][天日月年元块塊分小]", text), (
        "read by another rule than ours"
    )
    assert text.count("?") + text.count("？") <= 1


@settings(max_examples=60, deadline=None)
@given(
    FACTS, st.integers(2, 10**6), st.sampled_from(("{} 元", "{} minutes", "打{}折", "{}%", "within {} days"))
)
def test_a_number_that_is_put_in_is_found(facts: CaseFacts, number: int, form: str) -> None:
    facts = replace(facts, words="", letters=(), said=())
    found = ungrounded(f"{compose(facts).text} {form.format(number)}", facts)
    assert [each.kind for each in found] == ["number"] and str(number) in found[0].text


@pytest.mark.parametrize(
    ("said", "kinds"),
    [
        ("您等了40分钟", []),
        ("您等了四十分钟，forty minutes", []),
        ("您等了半小时", ["number"]),
        ("赔您２００元", ["promise", "number"]),
        ("退款两百块", ["promise", "number"]),
        ("八折", ["number"]),
        ("百分之二十", ["number"]),
        ("within two days", ["number"]),
        ("half price, twice", ["number", "number"]),
        ("11 月 24 日（周二）上午十点零七分", []),
        ("by 10:07 on Tuesday 24 November", []),
        ("周三再联系", ["day"]),
        ("tomorrow", ["day"]),
        ("https://hub.example/t/K7PM-4Q9D-3T", []),
        ("https://hub.example.evil.net/t/K7PM-4Q9D-3T", ["link"]),
        ("www.other.com", ["link"]),
        ("查询码 K7PM-4Q9D-3T", []),
        ("周远会找您", ["name"]),
        ("林知夏会找您", []),
        ("We will give you a voucher", ["promise"]),
        ("送一份甜品，再给您一张券", ["promise", "promise"]),
        ("免费，送您", ["promise", "promise"]),
        ("the next one is free, it is on us", ["promise", "promise"]),
        ("feel free to write", []),
        ("当天回复, within a week", ["day", "day"]),
        ("一位同事会给您一个答复，十分抱歉，第一时间处理", []),
        ("one of us", []),
    ],
)  # fmt: skip
def test_what_the_case_does_not_say_is_named(said: str, kinds: list[str]) -> None:
    assert [each.kind for each in ungrounded(said, case(), ("周远", "林知夏"))] == kinds


def test_what_tells_who_somebody_is_is_named_and_spans_point_at_it() -> None:
    said = "我们会打 13800138000 找您"
    (found,) = ungrounded(said, case(), (), [Pii("phone", (5, 16))])
    assert (found.kind, said[slice(*found.span)]) == ("private", "13800138000")


def test_money_back_may_be_said_where_it_was_given_or_told_before() -> None:
    assert ungrounded("退款已经办好", case(done=ResolutionCode.REFUNDED)) == ()
    assert ungrounded("退款已经办好", case(letters=("我们会给您退款",))) == ()
    assert ungrounded("退款已经办好", case(words="我要退款")) != (), "that they ask for it is no promise"
