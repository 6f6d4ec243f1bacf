"""What customers speak of, as a letter names it, after "we are sorry about" or "thank you for".

Where one noun does not fit both there are two with a slash between them, for praise and for a complaint, and
where neither fits what was only mentioned a third. What a place is compared with (`competitor`,
`expectation`) is nothing that was good or bad here. A noun claims no more than its topic finds: a pack's
cleanliness and noise are those of the lobby too.
"""

from __future__ import annotations

from typing import Final

UNNAMED: Final = frozenset({"competitor", "expectation"})

GIVEN: Final = frozenset(
    {"location", "location_traffic", "location_distance", "location_surroundings", "location_easy_to_find"}
    | {"parking", "parking_convenience", "price", "price_level", "price_value", "fees"}
    | {"room_size", "room_view", "product_fit"}
)
"""Where a house stands and what it asks may displease, but nobody did wrong: a letter owns no fault there."""

_ROWS: Final = """
food|菜品|餐點|the food
food_taste|菜的味道|菜的味道|the taste of the food
food_portion|菜的分量|菜的份量|the portions
food_look|菜的样子|菜的賣相|the look of the dishes
food_recommendation|店里推荐的菜|店裡推薦的菜|the dishes we recommend
service|服务|服務|the service
staff|同事的服务|同仁的服務|the service from our staff
staff_attitude|服务的态度|服務的態度|the way our staff treated you
staff_accuracy|点单准确/点单出的差错/点单|點餐正確/點餐出的差錯/點餐|getting your order right/the mistake with your order/your order
staff_competence|同事的业务能力|同仁的專業能力|the competence of our staff
waiting|没等多久/等候的时间|沒等多久/等候的時間|how little you had to wait/the wait
waiting_queue|排队等位不久/排队等位的时间|候位不久/排隊候位的時間|how soon you had a table/the wait for a table
waiting_serving|上菜快/上菜慢/上菜的速度|上菜快/上菜慢/上菜的速度|how quickly the food came/how long the food took
parking|停车|停車|the parking
parking_convenience|停车方便/停车不便/停车|停車方便/停車不便/停車|the easy parking/the trouble with parking/the parking
price|价格|價格|the price
price_level|价格实在/价位|價格實在/價位|our prices
price_value|性价比|性價比|the value for money
price_billing|账单押金的事|帳單押金的事|how the bill was handled
promotion|优惠活动|優惠活動|the promotions
promotion_discount|优惠折扣|優惠折扣|the discounts
environment|店里的环境|店裡的環境|the surroundings
environment_decoration|装修氛围|裝潢氣氛|the atmosphere
environment_noise|店里安静/店里吵闹/店里的声音|店裡安靜/店裡吵雜/店裡的音量|how quiet it was/the noise
environment_space|座位空间|座位空間|the seating
hygiene|卫生|衛生|the hygiene
hygiene_cleanliness|店里干净/店里的卫生|店裡乾淨/店裡的整潔|how clean it was/the cleanliness
location|位置|地點|the location
location_traffic|来这里的交通|過來的交通|getting here
location_distance|周边方便/周边的距离|周邊方便/周邊的距離|how close everything is/how far everything is
location_surroundings|周边的环境|周邊的環境|the neighbourhood
location_easy_to_find|店好找/店不好找/店的位置|店面好找/店面不好找/店面的位置|how easy we are to find/how hard we are to find/where we are
delivery|配送|配送|the delivery
packaging|包装|包裝|the packaging
safety|安全|安全|safety
payment|结账|結帳|the payment
room|客房|客房|the room
room_cleanliness|打扫得干净/清洁卫生|打掃得乾淨/清潔衛生|how clean it was/the cleanliness
room_comfort|睡得好/床铺|睡得好/床鋪|how well you slept/the bed
room_size|房间的大小|房間的大小|the size of the room
room_noise|安静/噪音的问题/声音的事|安靜/噪音的問題/聲音的事|how quiet it was/the noise
room_facilities|房间里的设施|房間裡的設備|the equipment of the room
room_bathroom|卫生间|浴室|the bathroom
room_view|窗外的景观|窗外的景觀|the view
checkin|入住退房的手续|入住退房的手續|the formalities at the front desk
booking|预订|訂房|the booking
dining|餐饮|餐飲|the dining
facilities|公共设施|公共設施|the facilities
wifi|网络|網路|the Wi-Fi
branch|网点的环境|分行的環境|the branch
process|办理业务的流程|辦理業務的流程|how the transaction was handled
account|账户的事|帳戶的事|your account
card|银行卡的事|銀行卡的事|your card
transfer|转账支付的事|轉帳付款的事|how your payment was handled
fees|收费|收費|the fees
digital|手机和网上银行|手機與網路銀行|online banking
atm|自助设备|自助設備|the machines
hotline|客服热线|客服專線|the hotline
loan|贷款的事|貸款的事|the loan
wealth|理财的事|理財的事|your investments
security|账户的安全|帳戶的安全|the security of your account
vulnerable|对长者和不便的客人的照顾|對長者與行動不便顧客的照顧|the care for elderly and disabled customers
product|商品|商品|the goods
product_quality|商品的质量|商品的品質|the quality of the goods
product_authenticity|商品是正品/商品的真假|商品是正品/商品的真偽|that the goods are genuine/whether the goods are genuine
product_fit|尺码款式|尺碼款式|the fit and style
assortment|品种齐全/商品的品种库存|種類齊全/商品的種類庫存|what was in stock
checkout|结账快/结账排队的时间|結帳快/結帳排隊的時間|how quickly you were served at the till/the wait at the till
returns|退换货|退換貨|how your return was handled
aftersales|售后服务|售後服務|the after-sales service
store|门店的环境|門市的環境|the store
online|网店应用|網店應用程式|the online shop
order_accuracy|发货准确/发货出的差错/发货|出貨正確/出貨出的差錯/出貨|getting your order right/the mistake with your order/your order
"""  # noqa: E501 - a row for each topic
_COLUMNS: Final = ("zh-Hans", "zh-Hant", "en")


def _read() -> dict[str, dict[str, str]]:
    rows = (line.split("|") for line in _ROWS.strip().splitlines())
    return {code: dict(zip(_COLUMNS, words, strict=True)) for code, *words in rows}


SPOKEN: Final = _read()
PARENTS: Final = {
    code: parent for code in SPOKEN if (parent := code.partition("_")[0]) in SPOKEN and "_" in code
}


def spoken(code: str, language: str, sentiment: str = "neutral") -> str:
    """The noun for a topic of `SPOKEN`, as it was praised, complained of or only mentioned."""
    praised, *others = SPOKEN[code][language].split("/")
    if sentiment == "positive" or not others:
        return praised
    return others[0] if sentiment == "negative" else others[-1]


def asserts(code: str) -> bool:
    """Whether its noun for praise says how it was: 没等多久, not only 等候的时间."""
    return "/" in SPOKEN[code]["zh-Hans"]


def listed(things: tuple[str, ...], language: str) -> str:
    """`甲、乙和丙`, `甲、乙和丙`, `a, b and c`; each once."""
    once = tuple(dict.fromkeys(things))
    if len(once) < 2:
        return "".join(once)
    *first, last = once
    if language == "en":
        return f"{', '.join(first)} and {last}"
    return f"{'、'.join(first)}{'與' if language == 'zh-Hant' else '和'}{last}"
