"""People who do not exist, and the sentences in which they say how to reach them: always the same ones."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

_SURNAMES = "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹"
_DOUBLE = ("欧阳", "司徒", "上官", "诸葛")
_GIVEN = "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀霞平刚桂英华玉兰建国志文博雅欣怡子涵宇轩梓"
_TRADITIONAL = ("陳大文", "黃美玲", "張國榮", "劉嘉欣", "李錦輝", "歐陽慧珊", "鄭家豪", "葉淑貞")
_FIRST = ("Oliver", "Amelia", "Priya", "Mei Ling", "Siobhan", "Kwame", "Ingrid", "Mary-Ann", "Rahul", "Chloe")
_LAST = ("Smith", "O'Connor", "Patel", "Tan", "van Dijk", "Fernandez", "Okafor", "MacLeod", "Nguyen", "Weiß")
_DOMAINS = ("qq.com", "163.com", "gmail.com", "outlook.co.uk", "mail.example.com.hk", "firma.de", "126.com")
_PROVINCES = "京津沪渝冀豫云辽黑湘皖鲁苏浙赣鄂桂甘晋陕吉闽贵粤川琼"
_LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ"
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)


@dataclass(frozen=True, slots=True)
class Told:
    """A sentence, and the words in it that identify somebody."""

    text: str
    kind: str
    words: str


def told(seed: int, each: int) -> Iterator[Told]:
    """`each` sentences of every kind, the same for the same seed."""
    random = Random(seed)
    for kind, (make, frames) in _KINDS.items():
        for _ in range(each):
            words = make(random)
            frame = random.choice(frames)
            yield Told(frame.replace("@", words), kind, words)


def _phone(random: Random) -> str:
    digits = "".join(random.choices("0123456789", k=12))
    mobile = f"1{random.choice('35789')}{digits[:9]}"
    return random.choice(
        (
            mobile,
            f"{mobile[:3]}-{mobile[3:7]}-{mobile[7:]}",
            f"{mobile[:3]} {mobile[3:7]} {mobile[7:]}",
            f"+86 {mobile}",
            f"0086-{mobile}",
            f"(+86){mobile}",
            f"021-6{digits[:7]}",
            f"0755 8{digits[:7]}",
            f"+852 9{digits[:3]} {digits[3:7]}",
            f"6{digits[:3]} {digits[3:7]}",
            f"09{digits[:2]}-{digits[2:5]}-{digits[5:8]}",
            f"(02) 2{digits[:3]}-{digits[3:7]}",
            f"07{digits[:3]} {digits[3:9]}",
            f"+44 7{digits[:3]} {digits[3:9]}",
            f"(415) 555-{digits[:4]}",
            f"415-555-{digits[:4]}",
            f"+65 8{digits[:3]} {digits[3:7]}",
            f"+91 9{digits[:4]} {digits[4:9]}",
            "".join(chr(ord(digit) + 0xFEE0) for digit in mobile),
        )
    )


def _id_card(random: Random) -> str:
    born = date(1940, 1, 1) + timedelta(days=random.randrange(27_000))
    stem = random.choice(("110105", "310101", "440304", "510107", "330106")) + f"{born:%Y%m%d}"
    stem += f"{random.randrange(1000):03d}"
    check = "10X98765432"[sum(int(digit) * weight for digit, weight in zip(stem, _WEIGHTS, strict=True)) % 11]
    whole = stem + check
    return random.choice(
        (whole, whole.lower(), f"{whole[:6]} {whole[6:14]} {whole[14:]}", _hong_kong_card(random))
    )


def _hong_kong_card(random: Random) -> str:
    letter, digits = random.choice("ABCDEFGHKMRYZ"), [random.randrange(10) for _ in range(6)]
    places = [36, ord(letter) - 55, *digits]
    total = sum(place * weight for place, weight in zip(places, range(9, 1, -1), strict=True))
    number = "".join(map(str, digits))
    return f"{letter}{number}({'0123456789A'[-total % 11]})"


def _bank_card(random: Random) -> str:
    stem = random.choice(("622202", "621700", "411111", "520082", "356600", "623058"))
    length = random.choice((16, 19)) if stem.startswith("62") else 16
    stem += "".join(random.choices("0123456789", k=length - 7))
    doubled = [
        int(digit) * 2 - 9 * (int(digit) > 4) if place % 2 == 0 else int(digit)
        for place, digit in enumerate(reversed(stem))
    ]
    whole = stem + str(-sum(doubled) % 10)
    grouped = " ".join(whole[start : start + 4] for start in range(0, length, 4))
    return random.choice((whole, grouped, grouped.replace(" ", "-")))


def _plate(random: Random) -> str:
    front = random.choice(_PROVINCES) + random.choice("ABCDEFGH")
    tail = "".join(random.choices("0123456789", k=4)) + random.choice(_LETTERS)
    green = random.choice("DF") + "".join(random.choices("0123456789", k=5))
    return random.choice((f"{front}{tail}", f"{front}·{tail}", f"{front} {tail}", f"{front}{green}"))


def _name(random: Random) -> str:
    surname = random.choice((*_SURNAMES, *_DOUBLE))
    return surname + "".join(random.choices(_GIVEN, k=random.choice((1, 2))))


def _english_name(random: Random) -> str:
    return f"{random.choice(_FIRST)} {random.choice(_LAST)}"


def _any_name(random: Random) -> str:
    return random.choice((_name, _name, lambda random: random.choice(_TRADITIONAL)))(random)


def _wechat(random: Random) -> str:
    word = random.choice(("lucky", "xiaobai", "wang_er", "mmtea", "A-chen", "wxid_q"))
    return word + "".join(random.choices("0123456789abcdef", k=random.choice((4, 6, 9))))


def _email(random: Random) -> str:
    name = random.choice(("li.ming", "wang+hub", "Anna_B", "tan-mei", "x7", "no.reply.99", "12345678"))
    return f"{name}{random.randrange(90)}@{random.choice(_DOMAINS)}"


_KINDS: dict[str, tuple[Callable[[Random], str], tuple[str, ...]]] = {
    "phone": (
        _phone,
        (
            "菜里有头发，回电@，谢谢",
            "电话：@",
            "我的手机号@请经理联系我",
            "打@找我老婆也行",
            "致電@找陳小姐",
            "please call me on @ before noon",
            "My number is @.",
            "Text me (@) when it is ready",
            "whatsapp @ thx",
            "还没退款！联系方式@",
        ),
    ),
    "id_card": (
        _id_card,
        (
            "身份证@，帮我查一下",
            "开户用的证件是@。",
            "我的身份證號碼@被貼在櫃枱",
            "you printed my ID @ on the slip",
            "ID: @",
        ),
    ),
    "bank_card": (
        _bank_card,
        (
            "卡号@被扣了两次",
            "退到@这张卡上",
            "信用卡（@）刷不了",
            "refund to card @ please",
            "my card number is @, charged twice",
        ),
    ),
    "plate": (
        _plate,
        (
            "车牌@停了一夜被刮",
            "@这台车挡住出口",
            "我的车是@，麻烦抬杆",
            "the car @ blocks the exit",
        ),
    ),
    "wechat": (
        _wechat,
        (
            "加我微信@",
            "微信号：@，发照片给你",
            "vx:@",
            "V信 @ 详聊",
            "我嘅微信係@",
            "WeChat ID: @",
            "add me on wechat @",
            "wechat is @",
        ),
    ),
    "email": (
        _email,
        (
            "发票寄到@",
            "邮箱：@，谢谢",
            "請電郵@",
            "write to @.",
            "Email me at @, please",
            "<@>",
        ),
    ),
    "name": (
        _any_name,
        (
            "我叫@，住三楼",
            "我是@，昨天订的位",
            "本人@，投诉贵店",
            "姓名：@",
            "预订人@，两位",
            "联系人：@",
            "投诉人：@",
            "我的名字是@。",
            "敬礼！@",
            "此致 @",
            "订单写的是@的名字",
            "找@女士核实",
            "@先生在前台等",
        ),
    ),
    "english_name": (
        _english_name,
        (
            "My name is @ and I stayed last week.",
            "I'm @, room 12",
            "This is @ from table 4.",
            "Booked under @.",
            "Kind regards, @",
            "Name: @",
            "Yours sincerely,\n@",
            "Mr @ is waiting at the desk",
            "Please ask for Ms @.",
            "the reservation is in the name of @",
        ),
    ),
}
