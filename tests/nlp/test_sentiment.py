from __future__ import annotations

import pytest

from cem.domain.ratings import Rating
from tests.nlp.conftest import Reader

PRAISE = [
    "不难吃",
    "没有不好",
    "一点也不贵",
    "从来没有失望过",
    "not bad",
    "The staff were never rude",
    "No problems at all",
    "没有一次让人失望",
    "味道很好，分量也足",
    "好食到停唔到口，下次再嚟",
    "Couldn't be happier with the service",
    "虽然贵了点，但是味道非常棒",
    "It was expensive but absolutely worth it",
    "好吃哭了😭",
    "👍👍",
    "不得不说真的很好吃",
    "nothing to complain about, lovely place",
    "唔使等，好快就有位",
    "Sooooo yummmmy",
    "delicous, definitly recomend",
    "Banging curry, proper chuffed",
    "Couldn't have been more helpful",
]
BLAME = [
    "不好吃",
    "不是很好吃",
    "没有想象中那么好吃",
    "一点都不好吃",
    "not good",
    "The room wasn't clean",
    "I don't think the food is good",
    "好吃个屁",
    "环境不错，但是服务太差了",
    "Lovely place, but the food was awful",
    "五星，可是等了两小时",
    "好咸",
    "有点咸",
    "唔好食，又貴",
    "侍應黑面，冇禮貌",
    "😡😡",
    "再也不会来了",
    "希望服务员能热情一点，问三遍都不理人",
    "打电话一直没人接",
    "supposed to be great, it was terrible",
    "horrrrible",
    "dissapointed",
    "Grotty room, knackered lift",
    "fobbed off three times",
]


@pytest.mark.parametrize("text", PRAISE)
def test_praise_is_heard_through_negation_and_contrast(read: Reader, text: str) -> None:
    assert read(text).sentiment.score > 0


@pytest.mark.parametrize("text", BLAME)
def test_blame_is_heard_through_negation_and_contrast(read: Reader, text: str) -> None:
    assert read(text).sentiment.score < 0


@pytest.mark.parametrize(
    ("weaker", "stronger"),
    [
        ("好吃", "非常好吃"),
        ("有点慢", "太慢了"),
        ("good", "very good"),
        ("服务不错", "服务不错，菜也好吃"),
    ],
)
def test_degree_and_amount_make_an_opinion_stronger(read: Reader, weaker: str, stronger: str) -> None:
    assert abs(read(stronger).sentiment.score) > abs(read(weaker).sentiment.score)


def test_a_denied_fault_is_weaker_praise_than_praise(read: Reader) -> None:
    assert 0 < read("不难吃").sentiment.score < read("很好吃").sentiment.score


def test_after_but_comes_what_the_customer_wants_to_say(read: Reader) -> None:
    assert read("味道好，但是服务差").sentiment.score < 0 < read("服务差，但是味道好").sentiment.score


@pytest.mark.parametrize("simplified,traditional", [("服务员态度恶劣，汤是凉的", "服務員態度惡劣，湯是涼的")])
def test_both_scripts_are_judged_alike(read: Reader, simplified: str, traditional: str) -> None:
    assert read(simplified).sentiment == read(traditional).sentiment


@pytest.mark.parametrize("text", ["", "   ", "\n\t", "　"])
def test_only_an_empty_text_has_no_sign(read: Reader, text: str) -> None:
    verdict = read(text).sentiment
    assert (verdict.score, verdict.label, verdict.level, verdict.abstained) == (0.0, "neutral", 0, True)


@pytest.mark.parametrize("text", ["今天和同事一起来的", "X", "We arrived on Tuesday", "🪑", "2024"])
def test_what_says_nothing_is_neutral_and_abstained_from(read: Reader, text: str) -> None:
    verdict = read(text).sentiment
    assert verdict.label == "neutral" and 0 < abs(verdict.score) < 0.7
    assert verdict.abstained and verdict.confidence < 0.75


def test_a_rating_helps_a_text_that_says_little_and_does_not_overrule_one_that_says_much(
    read: Reader,
) -> None:
    silent, loud = "今天和同事一起来的", "服务员骂人，菜是馊的，太恶心了"
    assert read(silent, rating=Rating("stars5", 5)).sentiment.score > 0
    assert read(silent, rating=Rating("stars5", 1)).sentiment.score < read(silent).sentiment.score
    assert read(loud, rating=Rating("stars5", 5)).sentiment.label == "negative"


def test_five_stars_with_a_complaint_is_a_complaint(read: Reader) -> None:
    found = read("五星，可是等了两小时", rating=Rating("stars5", 5))
    assert found.sentiment.label == "negative"
    assert [(topic.code, topic.sentiment) for topic in found.topics] == [("waiting_queue", "negative")]


@pytest.mark.parametrize("text", PRAISE + BLAME)
def test_label_level_and_score_agree(read: Reader, text: str) -> None:
    verdict = read(text).sentiment
    sign = {"negative": -1, "neutral": 0, "positive": 1}[verdict.label]
    assert sign * verdict.score >= 0 and sign * verdict.level >= 0
    assert (verdict.level == 0) == (verdict.label == "neutral")
    assert -1 <= verdict.score <= 1 and 0.5 <= verdict.confidence <= 1


def test_opinions_that_agree_are_surer_than_opinions_that_do_not(read: Reader) -> None:
    agreed = read("菜好吃，环境好，服务热情").sentiment
    divided = read("菜好吃，环境差，服务热情，上菜太慢").sentiment
    assert agreed.confidence > divided.confidence


@pytest.mark.parametrize(
    "text",
    [
        "恭喜你们，又把我的箱子弄丢了",
        "这“新鲜”的鱼",
        "隔壁那家比这好吃",
        "Congratulations on ruining a birthday.",
        "The place next door is better than this.",
    ],
)
def test_praise_that_is_not_meant_is_blame(read: Reader, text: str) -> None:
    assert read(text).sentiment.score < 0


@pytest.mark.parametrize("text", ["没有一道菜让我失望", "It couldn't have been better.", "没有一样不好吃"])
def test_blame_denied_of_everything_is_praise(read: Reader, text: str) -> None:
    assert read(text).sentiment.score > 0
