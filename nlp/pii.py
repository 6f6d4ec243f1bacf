"""What would tell who somebody is: phone, identity card, bank card, number plate, WeChat, e-mail, name.

Works on folded text, so full-width digits and Traditional characters are found where they stand. Numbers
with a check digit (identity card, bank card) are only reported when it is right. Every search is linear:
runs of digits are taken whole, and an address is looked for around each "@".
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

from cem.domain.findings import Pii
from nlp import names
from nlp.script import fold

HIDDEN = "•••"

_LETTER_OR_DIGIT = re.compile(r"[a-z\d]")
_DIGIT = re.compile(r"\d")
_DIGITS = re.compile(
    r"(?<![\da-z])\+?(?:\(\+?\d{1,4}\)[ \-]?)?\d(?:[ \-.]?\d)*+x?(?![\da-z])",
)
_LONGEST_NUMBER = 32
_BIRTH_CENTURIES = ("18", "19", "20")

_MOBILE = re.compile(r"(?:\+?(?:00)?86)?1[3-9]\d{9}")
_LANDLINE = re.compile(r"0(?:10|2\d|[3-9]\d{2})[2-9]\d{6,7}|400\d{7}|800\d{7}")
_TAIWAN = re.compile(r"(?:\+?(?:00)?886)?0?9\d{8}")
_INTERNATIONAL = re.compile(r"(?:\+|00)[1-9]\d{7,14}")
_NORTH_AMERICA = re.compile(r"(?:\+?1)?[2-9]\d{2}[2-9]\d{6}")
_AREA_CODE = re.compile(r"0[1-8]\d{8,9}")
_HONG_KONG = re.compile(r"(?:\+?852)?[235-9]\d{7}")
_SAID_BEFORE = re.compile(
    r"电话|手机|致电|来电|回电|联络|联系|号码|打|拨"
    r"|tel|phone|call|whatsapp|mobile|ring|text me|contact|number"
)
_LOOK_BACK = 16

_PROVINCES = "京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼使领港澳"
_PLATE = re.compile(
    rf"[{_PROVINCES}][a-hj-np-z][ ·•.\-]?(?:[0-9a-hj-np-z]{{5,6}}|[0-9a-hj-np-z]{{4}}[学警港澳挂])"
    r"(?![0-9a-z])"
)
_WECHAT = re.compile(
    r"(?:微信|薇信|威信|v信|we ?chat|weixin|vx(?<![a-z]vx)(?![a-z])|wx(?<![a-z]wx)(?![a-z]))"
    r"(?P<said>(?: ?(?:id|号码|号))?(?: is)?[ :是系为加=+]{0,5})"
    r"(?P<id>[a-z][a-z0-9_\-]{5,19})(?![a-z0-9_\-])"
)
_SAID_TO_BE_ONE = re.compile(r"id|号|[:=]")
_HONG_KONG_CARD = re.compile(
    r"(?<![a-z0-9])(?P<letters>[a-z]{1,2})(?P<digits>\d{6}) ?\(?(?P<check>[0-9a])\)?(?![0-9a-z])"
)
_LOCAL = re.compile(r"[a-z0-9._%+\-]{1,64}\Z")
_DOMAIN = re.compile(r"[a-z0-9\-]{1,63}(?:\.[a-z0-9\-]{1,63}){1,6}+")


def find(folded: str, text: str | None = None) -> tuple[Pii, ...]:
    """Everything found, in order; where two overlap, the one named first in the text, then the longer.

    `text` is what was folded: English names are known by their capitals.
    """
    found = [*_coded(folded), *names.find(folded, text or folded)]
    found.sort(key=lambda pii: (pii.span[0], -pii.span[1]))
    kept: list[Pii] = []
    for pii in found:
        if not kept or pii.span[0] >= kept[-1].span[1]:
            kept.append(pii)
    return tuple(kept)


def _coded(folded: str) -> Iterator[Pii]:
    """All but names. Each holds a digit, or Latin letters: most texts are done with a look for these."""
    if not _LETTER_OR_DIGIT.search(folded):
        return
    digits = _DIGIT.search(folded) is not None
    if digits:
        yield from _numbers(folded)
    yield from _emails(folded)
    if digits:
        yield from _plates(folded)
    yield from _accounts(folded)
    if digits:
        yield from _hong_kong_cards(folded)


def masked(text: str) -> str:
    """The text as it may stand where it is read for another customer's sake."""
    parts, last = [], 0
    for each in find(fold(text), text):
        parts += [text[last : each.span[0]], HIDDEN]
        last = each.span[1]
    return "".join([*parts, text[last:]])


def _numbers(folded: str) -> Iterator[Pii]:
    for match in _DIGITS.finditer(folded):
        if len(match.group()) <= _LONGEST_NUMBER:
            kind = _kind(re.sub(r"[ \-.()]", "", match.group()), folded, match.start())
            if kind:
                yield Pii(kind, match.span())


def _kind(number: str, folded: str, start: int) -> str | None:
    if is_id_card(number):
        return "id_card"
    if any(form.fullmatch(number) for form in (_MOBILE, _LANDLINE, _TAIWAN, _INTERNATIONAL)):
        return "phone"
    if is_bank_card(number):
        return "bank_card"
    told = _SAID_BEFORE.search(folded, max(0, start - _LOOK_BACK), start)
    if told and any(form.fullmatch(number) for form in (_HONG_KONG, _NORTH_AMERICA, _AREA_CODE)):
        return "phone"
    return None


def is_id_card(number: str) -> bool:
    """A mainland identity number of 18 places: a real date and the right check digit (GB 11643)."""
    if len(number) != 18 or not number[:17].isdecimal() or number[6:8] not in _BIRTH_CENTURIES:
        return False
    weights = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
    total = sum(int(digit) * weight for digit, weight in zip(number, weights, strict=False))
    return _is_date(number[6:14]) and "10x98765432"[total % 11] == number[17]


def is_bank_card(number: str) -> bool:
    """13 to 19 digits that no sequence number begins like, with the right check digit (Luhn)."""
    if not (13 <= len(number) <= 19 and number.isdecimal() and number[0] in "34569"):
        return False
    if len(set(number)) == 1:
        return False
    digits = [int(digit) for digit in reversed(number)]
    doubled = (2 * digit - 9 if digit > 4 else 2 * digit for digit in digits[1::2])
    return (sum(digits[0::2]) + sum(doubled)) % 10 == 0


def _is_date(digits: str) -> bool:
    try:
        date(int(digits[:4]), int(digits[4:6]), int(digits[6:]))
    except ValueError:
        return False
    return True


def _emails(folded: str) -> Iterator[Pii]:
    at = folded.find("@")
    while at >= 0:
        before = _LOCAL.search(folded, max(0, at - 64), at)
        after = _DOMAIN.match(folded, at + 1)
        if before and after and after.group().rstrip("-.").rpartition(".")[2].isalpha():
            yield Pii("email", (before.start(), after.end()))
        at = folded.find("@", at + 1)


def _plates(folded: str) -> Iterator[Pii]:
    for match in _PLATE.finditer(folded):
        if any(character.isdecimal() for character in match.group()):
            yield Pii("plate", match.span())


def _accounts(folded: str) -> Iterator[Pii]:
    for match in _WECHAT.finditer(folded):
        if not match["id"].isalpha() or _SAID_TO_BE_ONE.search(match["said"]):
            yield Pii("wechat", match.span("id"))


def _hong_kong_cards(folded: str) -> Iterator[Pii]:
    for match in _HONG_KONG_CARD.finditer(folded):
        if _hong_kong_check(match) == match["check"]:
            yield Pii("id_card", match.span())


def _hong_kong_check(match: re.Match[str]) -> str:
    places = [36, *(ord(letter) - 87 for letter in match["letters"])][-2:]
    places += [int(digit) for digit in match["digits"]]
    total = sum(place * weight for place, weight in zip(places, range(9, 1, -1), strict=True))
    return "0123456789a"[-total % 11]
