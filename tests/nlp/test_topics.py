from __future__ import annotations

import pytest

from cem.domain.findings import Findings
from nlp.packs import PACKS, load_pack, topics
from nlp.pipeline import TextIn, load
from tests.nlp.conftest import Reader

ASAP = {
    "location_traffic", "location_distance_from_business_district", "location_easy_to_find",
    "service_wait_time", "service_waiters_attitude", "service_parking_convenience", "service_serving_speed",
    "price_level", "price_cost_effective", "price_discount",
    "environment_decoration", "environment_noise", "environment_space", "environment_cleaness",
    "dish_portion", "dish_taste", "dish_look", "dish_recommendation",
}  # fmt: skip


def said(text: str, found: Findings) -> dict[str, tuple[str, list[str]]]:
    return {t.code: (t.sentiment, [text[start:end] for start, end in t.spans]) for t in found.topics}


def test_food_is_praised_and_staff_blamed_in_one_sentence(read: Reader) -> None:
    text = "鱼很好吃，但服务员态度差"
    assert said(text, read(text)) == {
        "food_taste": ("positive", ["鱼很好吃"]),
        "staff_attitude": ("negative", ["服务员态度差"]),
    }


def test_the_same_in_english(read: Reader) -> None:
    text = "Great fish but the waiter ignored us"
    assert said(text, read(text)) == {
        "food": ("positive", ["Great fish"]),
        "staff_attitude": ("negative", ["waiter ignored us"]),
    }


def test_the_same_in_cantonese(read: Reader) -> None:
    text = "叉燒好好食，但係侍應好黑面"
    found = said(text, read(text))
    assert found["staff_attitude"] == ("negative", ["侍應好黑面"])
    assert {sentiment for code, (sentiment, _) in found.items() if code.startswith("food")} == {"positive"}


def test_a_loud_place_is_no_praise_in_cantonese(read: Reader) -> None:
    found = said("環境好嘈", read("環境好嘈"))
    assert {sentiment for sentiment, _ in found.values()} == {"negative"}


@pytest.mark.parametrize("text", ["味道好服务差", "great food terrible service"])
def test_without_punctuation_each_opinion_goes_to_the_topic_beside_it(read: Reader, text: str) -> None:
    found = {code.partition("_")[0]: sentiment for code, (sentiment, _) in said(text, read(text)).items()}
    assert found == {"food": "positive", "staff": "negative"}


def test_a_topic_without_an_opinion_borrows_it_from_the_next_clause(read: Reader) -> None:
    text = "停车场我们转了一圈，太让人失望了"
    assert said(text, read(text))["parking_convenience"][0] == "negative"


def test_spans_count_code_points_also_after_an_emoji(read: Reader) -> None:
    text = "👨‍👩‍👧‍👦🎉服务员态度差"
    assert said(text, read(text))["staff_attitude"][1] == ["服务员态度差"]


def test_a_parent_is_not_named_beside_its_child(read: Reader) -> None:
    codes = {topic.code for topic in read("菜品味道好，分量足，服务员热情").topics}
    assert {"food", "staff"} & codes == set()


@pytest.mark.parametrize(
    ("pack", "text", "code"),
    [
        ("hotel", "隔音太差，半夜听得见隔壁说话", "room_noise"),
        ("hotel", "The bathroom drain was clogged", "room_bathroom"),
        ("hotel", "退房以后押金一直没退", "price_billing"),
        ("hotel", "在餐厅等了四十分钟都没人点单", "waiting"),
        ("hotel", "check in 排咗成個鐘", "waiting"),
        ("hotel", "We waited forty minutes for a table in the restaurant", "waiting"),
        ("hotel", "The queue for breakfast was endless", "waiting"),
        ("hotel", "大堂有怪味", "room_cleanliness"),
        ("hotel", "浴巾上面有血跡", "room_cleanliness"),
        ("hotel", "Waited ages for the lift", "facilities"),
        ("bank", "厕所很脏，大厅又吵", "branch"),
        ("bank", "It took ages to open an account", "waiting"),
        ("retail", "试衣间排队半小时", "waiting"),
        ("retail", "I waited twenty minutes for someone to help", "waiting"),
        ("retail", "店里太吵", "store"),
        ("retail", "收银台排队太久", "checkout"),
        ("bank", "只开一个窗口，排了一个小时", "waiting"),
        ("bank", "手机银行老是闪退，登不上", "digital"),
        ("bank", "My transfer is still pending", "transfer"),
        ("retail", "穿了一次就开线，质量太差", "product_quality"),
        ("retail", "店员爱理不理的", "staff_attitude"),
        ("retail", "The parcel was late and the courier was rude", "delivery"),
        ("restaurant", "等位等了四十分钟", "waiting_queue"),
        ("restaurant", "碗里有头发，太脏了", "hygiene_cleanliness"),
    ],
)
def test_every_industry_speaks_of_its_own_topics(pack: str, text: str, code: str) -> None:
    found = load(pack=pack).analyse([TextIn(text)])[0]
    assert code in {topic.code for topic in found.topics}


@pytest.mark.parametrize(
    ("pack", "text", "code"),
    [
        ("hotel", "Lovely stay, can't wait to come back", "waiting"),
        ("hotel", "网速太慢", "waiting"),
        ("hotel", "电梯要等很久", "room_facilities"),
        ("retail", "等了半小时没人理", "checkout"),
        ("retail", "收银台排队太久", "waiting"),
    ],
)
def test_nothing_else_is_taken_for_it(pack: str, text: str, code: str) -> None:
    found = load(pack=pack).analyse([TextIn(text)])[0]
    assert code not in {topic.code for topic in found.topics}


@pytest.mark.parametrize("pack", PACKS)
def test_a_pack_is_a_tree_named_in_three_languages(pack: str) -> None:
    rows = topics(pack)
    codes = [row["code"] for row in rows]
    assert len(codes) == len(set(codes))
    tops = {row["code"] for row in rows if row["parent"] is None}
    assert all(row["parent"] in tops for row in rows if row["parent"])
    assert all(
        set(row["names"]) == {"zh-Hans", "zh-Hant", "en"} and all(row["names"].values()) for row in rows
    )
    assert all(("asap" in row) == (pack == "restaurant") for row in rows)


def test_the_restaurant_pack_names_each_of_the_18_asap_aspects_once() -> None:
    named = [row["asap"] for row in topics("restaurant") if row["asap"]]
    assert len(named) == len(set(named)) and set(named) == ASAP


def test_every_topic_without_children_can_be_found() -> None:
    for pack in PACKS:
        listed = load_pack(pack).topics
        parents = {topic.parent for topic in listed}
        assert all(topic.keywords or topic.code in parents for topic in listed)


def test_an_unknown_pack_is_refused_by_name() -> None:
    with pytest.raises(ValueError, match="unknown pack 'zoo'"):
        topics("zoo")


@pytest.mark.parametrize("pack", PACKS)
@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("XX家就不用排队", "competitor"),
        ("隔壁那家又便宜又好", "competitor"),
        ("老公去咗另一家，唔使等", "competitor"),
        ("The place next door does this in five minutes", "competitor"),
        ("本以为很专业，结果很失望", "expectation"),
        ("Not what I expected at all", "expectation"),
    ],
)
def test_what_one_compares_with_is_tagged_in_every_industry(pack: str, text: str, code: str) -> None:
    (found,) = load(pack=pack).analyse([TextIn(text)])
    assert code in {topic.code for topic in found.topics}
