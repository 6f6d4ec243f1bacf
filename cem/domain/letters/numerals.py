"""The words of numbers and of what they count, in Chinese (both scripts) and English."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Final

from cem.domain.letters.moments import MONTHS


def _each(words: str) -> list[str]:
    """Words with bars between them."""
    return [word for line in words.split("|") if (word := line.strip())]


HALF: Final = Decimal("0.5")
DIGITS: Final = {sign: at for at, signs in enumerate(
    ("零〇○", "一壹", "二两兩贰貳", "三叁參", "四肆", "五伍", "六陆陸", "七柒", "八捌", "九玖")
) for sign in signs}  # fmt: skip
TENS: Final = {"十": 10, "拾": 10, "廿": 20, "卅": 30, "百": 100, "佰": 100, "千": 1000, "仟": 1000}
MYRIADS: Final = {"万": 10**4, "萬": 10**4, "亿": 10**8, "億": 10**8}
_UP: Final = _each(
    "zero|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen|fifteen|sixteen"
    "|seventeen|eighteen|nineteen"
)
_BY_TEN: Final = _each("twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety")
WORDS: Final = (
    {word: at for at, word in enumerate(_UP)}
    | {word: 10 * at for at, word in enumerate(_BY_TEN, 2)}
    | {"dozen": 12, "couple": 2}
)
SCALES: Final = {"hundred": 100, "thousand": 1000, "million": 10**6}
PARTS: Final = {"half": HALF, "quarter": Decimal("0.25"), "twice": Decimal(2), "double": Decimal(2)}
IDIOMS: Final = re.compile(
    "十分(?![钟鐘])|万分|萬分|万一|萬一|千万(?![元块]|美)|千萬(?![元塊]|美)|一一|百忙|第一时间|第一時間"
    "|上一级|上一級|一级|一級|一字一句|一五一十|三番[两兩五]次|再三|半点(?=[没不都也])|半點(?=[沒不都也])"
    "|五湖四海|万无一失|百般|百分百"
)
"""They look like numbers and are none."""
MINUTES: Final = {word: minutes for minutes, words in {
    1: "分钟|分鐘|minutes|minute|mins|min",
    60: "小时|小時|个小时|個小時|钟头|鐘頭|个钟头|個鐘頭|个钟|個鐘|hours|hour|hrs|hr|h",
    1440: "天|日内|日內|晚|夜|个工作日|個工作日|工作日|days|day|nights|night|business days|working days",
    10080: "周|週|星期|个星期|個星期|礼拜|个礼拜|禮拜|個禮拜|weeks|week",
}.items() for word in _each(words)}  # fmt: skip
UNITS: Final = dict.fromkeys(MINUTES, "minutes") | {word: unit for unit, words in {
    "seconds": "秒|秒钟|秒鐘|seconds|second|secs",
    "months": "个月|個月|months|month",
    "years": "年|years|year",
    "date": "|".join(["月|日|号|號", *MONTHS]),
    "money": "元|块|块钱|塊|塊錢|人民币|人民幣|美元|港币|港幣|毛钱|yuan|rmb|dollars|dollar|pounds"
    "|euros|usd|cny|hkd|bucks",
    "percent": "%|percent|per cent|个百分点",
    "discount": "折|% off|percent off",
    "times": "倍|times",
    "tenths": "成",
}.items() for word in _each(words)}  # fmt: skip
PLAIN_ONE: Final = frozenset({*UNITS.values()} - {"date"})
"""Units that make even "one" a number; "one question" or 一位 counts nothing."""
MEASURES: Final = _each(
    "个|個|位|名|件|份|次|回|遍|趟|层|层楼|層|樓|楼|米|公里|斤|公斤|克|升|杯|碗|盘|盤|道|桌|间|間|张|張|台|臺|排|人|口"
    "|岁|歲|项|項|条|條|家|种|種|双|雙|套|袋|盒|箱|瓶|顿|頓|餐|页|頁|句|字|分|星|积分|積分|级|級|号|號|笔|筆|步|轮|輪"
    "|支|只|隻|点|點|刻|单|單|声|聲|些|下"
)
