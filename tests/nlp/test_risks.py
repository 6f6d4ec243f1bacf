from __future__ import annotations

import pytest

from nlp import corpus, risks
from nlp.backends.base import Suspicion
from nlp.corpus.told import told
from tests.nlp.conftest import Reader

RISKY = {
    "food_poisoning": [
        "昨晚吃完全家上吐下泻",
        "上禮拜六食完生醃，三個人入咗急症室",
        "吃了你们的生蚝拉肚子拉了一夜",
        "医生说是食物中毒",
        "孩子喝完奶茶肚子疼得厉害",
        "食完成晚肚屙",
        "We both got food poisoning",
        "I was throwing up all night after the oysters",
    ],
    "injury": [
        "地上有水，我妈滑倒摔骨折了",
        "汤洒下来把我手烫伤了",
        "玻璃杯炸开割破手流血不止",
        "吃出石头崩掉牙",
        "阿婆喺門口跌倒要叫救護車",
        "My father slipped and broke his hip",
        "I chipped a tooth on a stone",
    ],
    "safety": [
        "厨房冒烟差点着火",
        "插座漏电",
        "电梯困住我们二十分钟，被困里面没人管",
        "菜里吃出一块玻璃碴",
        "消防通道堵满杂物",
        "There was a gas leak smell in the hallway",
        "I found a piece of metal in my soup",
        "A guest groped me at the bar",
    ],
    "legal": [
        "再不解决我就去法院起诉",
        "已经找了律师",
        "我要去消协告你们",
        "向市场监管局举报",
        "You will hear from my lawyer",
        "I am taking this to small claims court",
        "会打12315投诉",
    ],
    "media": [
        "不处理就找媒体曝光",
        "我已经联系记者了",
        "打12315",
        "我要发到网上让大家看看，太恶心了",
        "I will go to the press",
        "会上传到抖音曝光你们",
    ],
    "minors": [
        "卖啤酒给未成年人",
        "孩子在儿童区被夹伤了手",
        "保安把我儿子推倒在地",
        "店里孩子走失了没人帮忙找",
        "A waiter grabbed my daughter by the arm and yelled",
        "They served alcohol to underage kids",
    ],
    "fraud": [
        "我的卡被盗刷了三千",
        "卖的是假货，骗子",
        "没经过我同意私自扣款",
        "店员掉包，呃人",
        "There is a payment I did not authorise",
        "This is a scam",
        "存款变保险，误导销售",
    ],
    "self_harm": [
        "被你们逼得不想活了",
        "再这样我就跳楼",
        "活不下去了",
        "I want to kill myself",
        "我真係唔想做人",
        "有时候想死的心都有了",
    ],
    "discrimination": [
        "看不起外地人",
        "因为坐轮椅不让我进",
        "服务员公然歧视老人",
        "They were openly racist to my wife",
        "We were turned away because we are Asian",
        "导盲犬拒绝入内",
    ],
    "privacy_breach": [
        "把我的电话给了别的客人",
        "房间里发现针孔摄像头",
        "泄露客户隐私",
        "有人偷拍我",
        "You leaked my address to strangers",
        "They shared my details without my consent",
    ],
}

HARMLESS = [
    "死面饼很有嚼劲",
    "好吃死了",
    "笑死我了，老板太逗",
    "跳楼价，太划算",
    "餐具消毒很干净",
    "地铁站旁边，很好找",
    "玻璃杯很漂亮",
    "毛血旺和鸭血粉丝都不错",
    "孩子很喜欢这里的蛋糕",
    "小红书看到来打卡的",
    "朋友圈都在推荐",
    "没有任何安全隐患，很放心",
    "味蕾爆炸",
    "注重隐私，包间很安静",
    "度假酒店住得很舒服",
    "cake to die for",
    "Great hospitality and a lovely glass of wine",
    "kid-friendly place, my son loved it",
    "An explosion of flavour",
    "不锈钢餐具很干净",
    "医院对面，很方便",
    "气死了，等了半天",
    "饿死了，快上菜",
]


@pytest.mark.parametrize(("code", "text"), [(code, text) for code, texts in RISKY.items() for text in texts])
def test_a_risk_is_never_overlooked(read: Reader, code: str, text: str) -> None:
    found = read(text)
    assert code in {risk.code for risk in found.risks}
    assert all(0 < risk.confidence <= 1 for risk in found.risks)


@pytest.mark.parametrize("text", HARMLESS)
def test_what_only_sounds_like_a_risk_is_none(read: Reader, text: str) -> None:
    assert read(text).risks == ()


def overlooked(reader: Reader, part: str) -> list[str]:
    """Texts of the part that tell of a risk and raise none at all."""
    rows = [row for row in told(part) if row.risks]  # type: ignore[arg-type]
    return [row.text for row in rows if not reader(row.text).risks]


@pytest.mark.parametrize(("part", "least"), [("train", 0.93), ("seen", 0.89)])
def test_of_the_risks_that_were_told_words_overlook_few(read: Reader, part: str, least: float) -> None:
    missed, rows = overlooked(read, part), [row for row in told(part) if row.risks]  # type: ignore[arg-type]
    assert 1 - len(missed) / len(rows) >= least, missed


def test_with_the_encoder_risks_are_found_that_neither_words_nor_examples_tell(standard: Reader) -> None:
    """Written when both detectors were finished, most by another hand; words alone find 59 in 100 of them."""
    rows = [row for row in told("fresh") if row.risks]
    assert len(rows) >= 160
    missed = overlooked(standard, "fresh")
    assert len(missed) / len(rows) <= 0.1, missed


def test_of_fresh_texts_that_only_sound_like_a_risk_few_raise_one(read: Reader, standard: Reader) -> None:
    calm = [row.text for row in told("fresh") if not row.risks]
    assert len(calm) == 150
    for reader, most in ((read, 0.15), (standard, 0.25)):
        raised = [text for text in calm if reader(text).risks]
        assert len(raised) / len(calm) <= most, raised


def test_a_suspicion_raises_what_no_word_tells_and_silences_a_weak_word() -> None:
    strong, none = Suspicion(2.0, ("fraud",)), Suspicion(-9.0, ("fraud",))
    assert [risk.code for risk in risks.find("something odd", -0.5, strong)] == ["fraud"]
    assert risks.find("something odd", -0.5, none) == ()
    weak, sure = "牛奶有点酸味", "食物中毒"
    assert risks.find(weak, -0.5) and not risks.find(weak, -0.5, none)
    assert risks.find(sure, -0.5, none)


def test_risks_of_the_sentences_that_are_held_out_are_told(read: Reader) -> None:
    """Written without the word lists in sight; most say it outright, some in quiet words."""
    told = [
        code in {risk.code for risk in read(row.text).risks}
        for row in corpus.sentences("held_out")
        for code in row.risks
    ]
    assert sum(told) / len(told) >= 0.95


def test_few_sentences_without_a_risk_raise_one(read: Reader) -> None:
    calm = [row for row in corpus.sentences() if not row.risks]
    raised = [row.text for row in calm if read(row.text).risks]
    assert len(raised) / len(calm) <= 0.14


@pytest.mark.parametrize("text", ["这不是诈骗是什么", "这不是骗人吗？", "Isn't this fraud?"])
def test_a_denial_in_a_question_is_none(read: Reader, text: str) -> None:
    assert {risk.code for risk in read(text).risks} == {"fraud"}


@pytest.mark.parametrize(
    ("code", "text"),
    [
        ("minors", "The toddler's mouth was bleeding"),
        ("safety", "插座正上方在滴水"),
        ("discrimination", "What a nice building. I was turned away because of my wheelchair."),
        ("fraud", "卖给我奶奶的存单变成了二十年的保险"),
    ],
)
def test_words_that_are_harmless_alone_raise_a_risk_together(read: Reader, code: str, text: str) -> None:
    assert code in {risk.code for risk in read(text).risks}


def test_a_near_miss_is_still_told(read: Reader) -> None:
    assert {risk.code for risk in read("差点摔倒，幸好没有受伤").risks} == {"injury"}


def test_a_denied_risk_is_not_told(read: Reader) -> None:
    assert read("There was no safety hazard at all").risks == ()


def test_a_risk_is_urgent_whatever_the_score(read: Reader) -> None:
    found = read("菜很好吃，环境很好，服务热情，就是吃完全家上吐下泻")
    assert found.urgency == "high"


@pytest.mark.parametrize(
    "text", ["请马上回电，我还在前台等", "I am still waiting, please call me now, this is terrible"]
)
def test_somebody_who_waits_now_is_urgent(read: Reader, text: str) -> None:
    assert read(text).urgency == "high"


@pytest.mark.parametrize("text", ["菜有点咸", "Lovely dinner", "", "马上就上菜，很快很好"])
def test_everything_else_takes_its_turn(read: Reader, text: str) -> None:
    assert read(text).urgency == "normal"
