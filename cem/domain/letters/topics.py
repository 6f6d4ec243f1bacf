"""What customers speak of, as a letter names it: nouns that fit "we are sorry about" and "thank you for".

What a place is compared with (`competitor`, `expectation`) is nothing that was good or bad here.
"""

from __future__ import annotations

from typing import Final

UNNAMED: Final = frozenset({"competitor", "expectation"})

_ROWS: Final = """
food|菜品|餐點|the food
food_taste|菜的味道|菜的味道|the taste of the food
food_portion|菜的分量|菜的份量|the portions
food_look|菜的样子|菜的賣相|the look of the dishes
food_recommendation|店里推荐的菜|店裡推薦的菜|the dishes we recommend
service|服务|服務|the service
staff|同事的服务|同仁的服務|the service from our staff
staff_attitude|服务的态度|服務的態度|the way our staff treated you
staff_accuracy|点单的准确|點單的正確|getting your order right
staff_competence|同事的业务能力|同仁的專業能力|the competence of our staff
waiting|等候的时间|等候的時間|the wait
waiting_queue|排队等位的时间|排隊候位的時間|the wait for a table
waiting_serving|上菜的速度|上菜的速度|how quickly the food came
parking|停车|停車|the parking
parking_convenience|停车的方便|停車的便利|how easy it is to park
price|价格|價格|the price
price_level|价位|價位|what it costs
price_value|性价比|性價比|the value for money
price_billing|账单和押金|帳單與押金|the bill and the deposit
promotion|优惠活动|優惠活動|the promotions
promotion_discount|优惠折扣|優惠折扣|the discounts
environment|店里的环境|店裡的環境|the surroundings
environment_decoration|装修和氛围|裝潢與氣氛|the decor and the atmosphere
environment_noise|店里的声音|店裡的音量|the noise level
environment_space|座位和空间|座位與空間|the space and the seating
hygiene|卫生|衛生|the hygiene
hygiene_cleanliness|店里的干净程度|店裡的整潔|how clean it was
location|位置|地點|the location
location_traffic|来这里的交通|過來的交通|getting here
location_distance|周边的远近|周邊的距離|how far everything is
location_surroundings|周边的环境|周邊的環境|the neighbourhood
location_easy_to_find|店好不好找|店面好不好找|finding the place
delivery|配送|配送|the delivery
packaging|包装|包裝|the packaging
safety|安全|安全|safety
payment|结账|結帳|the payment
room|客房|客房|the room
room_cleanliness|房间的清洁|房間的清潔|how clean the room was
room_comfort|床和睡眠|床鋪與睡眠|the bed and your sleep
room_size|房间的大小|房間的大小|the size of the room
room_noise|房间的隔音|房間的隔音|the soundproofing of the room
room_facilities|房间里的设施|房間裡的設備|the equipment of the room
room_bathroom|卫生间|浴室|the bathroom
room_view|窗外的景观|窗外的景觀|the view
checkin|入住和退房|入住與退房|check-in and check-out
booking|预订|訂房|the booking
dining|餐饮|餐飲|the food and drink
facilities|公共设施|公共設施|the facilities
wifi|网络|網路|the Wi-Fi
branch|网点的环境|分行的環境|the branch
process|办理业务的流程|辦理業務的流程|how the transaction was handled
account|账户的事|帳戶的事|your account
card|银行卡的事|銀行卡的事|your card
transfer|转账和支付|轉帳與付款|transfers and payments
fees|收费|收費|the fees
digital|手机银行和网上银行|手機與網路銀行|the app and online banking
atm|自助设备|自助設備|the machines
hotline|客服热线|客服專線|the hotline
loan|贷款的事|貸款的事|the loan
wealth|理财的事|理財的事|savings and investments
security|账户的安全|帳戶的安全|the security of your account
vulnerable|对长者和不便的客人的照顾|對長者與行動不便顧客的照顧|the care for elderly and disabled customers
product|商品|商品|the goods
product_quality|商品的质量|商品的品質|the quality of the goods
product_authenticity|商品是不是正品|商品是否為正品|whether the goods are genuine
product_fit|尺码和款式|尺碼與款式|the size and the style
assortment|商品的品种和库存|商品的種類與庫存|the range and the stock
checkout|收银排队的时间|結帳排隊的時間|the wait at the till
returns|退换货|退換貨|returns and refunds
aftersales|售后服务|售後服務|the after-sales service
store|门店的环境|門市的環境|the store
online|网店和应用|網店與應用程式|the online shop
order_accuracy|发货的准确|出貨的正確|getting your order right
"""
_COLUMNS: Final = ("zh-Hans", "zh-Hant", "en")


def _read() -> dict[str, dict[str, str]]:
    rows = (line.split("|") for line in _ROWS.strip().splitlines())
    return {code: dict(zip(_COLUMNS, words, strict=True)) for code, *words in rows}


SPOKEN: Final = _read()
PARENTS: Final = {
    code: parent for code in SPOKEN if (parent := code.partition("_")[0]) in SPOKEN and "_" in code
}


def spoken(code: str, language: str) -> str:
    """The noun for a topic of `SPOKEN`."""
    return SPOKEN[code][language]


def listed(things: tuple[str, ...], language: str) -> str:
    """`甲、乙和丙`, `甲、乙和丙`, `a, b and c`; each once."""
    once = tuple(dict.fromkeys(things))
    if len(once) < 2:
        return "".join(once)
    *first, last = once
    if language == "en":
        return f"{', '.join(first)} and {last}"
    return f"{'、'.join(first)}{'與' if language == 'zh-Hant' else '和'}{last}"
