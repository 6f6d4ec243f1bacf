"""Every number that stands in a text, however it is written: 20, ２０, 二十, twenty, 20 %, half.

A Chinese numeral counts where something is counted (二十分钟, 三次, 百分之五, 九折); 一 before a plain
measure word (一个, 一位) and in words that only look like numbers (十分, 万一) is none. Durations are
compared in minutes and times of day on the clock of twelve hours.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Final, NamedTuple

from cem.domain.findings import Span
from cem.domain.letters.moments import MONTHS
from cem.domain.letters.numerals import (
    DIGITS,
    HALF,
    IDIOMS,
    MEASURES,
    MINUTES,
    MYRIADS,
    PARTS,
    PLAIN_ONE,
    SCALES,
    TENS,
    UNITS,
    WORDS,
)


def _end(unit: str) -> str:
    """A unit of letters ends where its word ends."""
    return "(?![a-z])" if unit[-1].isascii() and unit[-1].isalpha() else ""


NEAR: Final = 24
"""Signs beside a number in which its unit stands."""
_HAN: Final = "".join([*DIGITS, *TENS, *MYRIADS])
_LONGEST_FIRST: Final = sorted(UNITS, key=len, reverse=True)
_UNIT: Final = re.compile(
    rf"\s?(?:{'|'.join(re.escape(unit) + _end(unit) for unit in _LONGEST_FIRST)})",
    re.I,
)
_COUNTED: Final = re.compile("|".join(sorted(map(re.escape, MEASURES), key=len, reverse=True)))
_CLOCK: Final = re.compile(r"(?<!\d)(\d{1,2}):(\d{2})(?::\d{2})?(?!\d)")
_OCLOCK: Final = re.compile(
    rf"(?P<h>\d{{1,2}}|[{_HAN}]{{1,3}})\s?[点點时時]"
    rf"(?P<m>\s?半|\s?[一三两兩1-3]刻|\s?(?:\d{{1,2}}|[{_HAN}]{{1,3}})\s?分?)?(?P<sure>[钟鐘整前之以到左])?"
)
_DAYTIME: Final = re.compile("(?:上午|中午|下午|晚上|凌晨|早上|今晚|明早|傍晚|清晨)$")
_ENGLISH_CLOCK: Final = re.compile(r"\b(\d{1,2}|[a-z]+)\s?(am|pm|a\.m\.|p\.m\.|o['’]clock)(?![a-z])", re.I)
_AMOUNT: Final = re.compile(
    r"(?P<sign>[¥￥$€£]\s?)?(?P<n>\d{1,3}(?:[,\u2009\u202f]\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?)(?P<k>[万萬亿億千])?"
)
_NUMERAL: Final = re.compile(rf"(?P<of>百分之|第)?(?P<n>[{_HAN}]+(?:点[{_HAN}]+)?|半)(?P<half>[个個]半)?")
_COUNTING: Final = "|".join([*WORDS, *SCALES])
_ENGLISH: Final = re.compile(
    rf"\b(?:{_COUNTING}|{'|'.join(PARTS)})(?:(?:[\s-]|\sand\s)(?:{_COUNTING}))*\b", re.I
)
_HALVES: Final = re.compile(r"一半|半价|半價|对折|對折|half[ -]price|half of", re.I)
_MONTH_BEFORE: Final = re.compile(rf"(?:{'|'.join(MONTHS)})\s$")
_AND_A_HALF: Final = re.compile(r"\s?[个個]半")


class Value(NamedTuple):
    """`unit` is empty where nothing says what is counted."""

    value: Decimal
    unit: str


@dataclass(frozen=True, slots=True)
class Number:
    value: Value
    span: Span


def folded(text: str) -> str:
    """Full-width and other digits as ASCII, the same length."""
    return "".join(_plain(sign) for sign in text)


def _plain(sign: str) -> str:
    if "\uff01" <= sign <= "\uff5e":
        return chr(ord(sign) - 0xFEE0)
    return str(unicodedata.decimal(sign)) if unicodedata.decimal(sign, None) is not None else sign


def found(text: str) -> list[Number]:
    """In the order in which they stand; none overlaps another."""
    rest = IDIOMS.sub(lambda match: "\0" * len(match.group()), folded(text))
    numbers: list[Number] = []
    for search in (_clocks, _amounts, _signs, _numerals, _english):
        for number in search(rest):
            numbers.append(number)
            start, end = number.span
            rest = rest[:start] + "\0" * (end - start) + rest[end:]
    return sorted(numbers, key=lambda number: number.span)


def _clocks(text: str) -> Iterator[Number]:
    for match in _CLOCK.finditer(text):
        yield Number(_at(int(match[1]), int(match[2])), match.span())
    for match in _ENGLISH_CLOCK.finditer(text):
        hour = int(match[1]) if match[1].isdigit() else WORDS.get(match[1].lower())
        if hour is not None:
            yield Number(_at(int(hour), 0), match.span())
    for match in _OCLOCK.finditer(text):
        told = (
            match["sure"] or match["m"] or _DAYTIME.search(text[max(0, match.start() - NEAR) : match.start()])
        )
        if told or match["h"].isdigit():
            hour, minute = _han_or_digits(match["h"]), _minute(match["m"] or "")
            yield Number(_at(hour, minute), (match.start(), match.end() - len(match["sure"] or "")))


def _minute(said: str) -> int:
    plain = said.strip().removesuffix("分").strip()
    if plain == "半":
        return 30
    if plain.endswith("刻"):
        return 15 * _han_or_digits(plain[:-1])
    return _han_or_digits(plain) if plain else 0


def _han_or_digits(said: str) -> int:
    return int(said) if said.isdigit() else int(_han(said))


def _at(hour: int, minute: int) -> Value:
    return Value(Decimal((60 * hour + minute) % 720), "clock")


def _amounts(text: str) -> Iterator[Number]:
    """Digits; a sign of money or a unit says what they count."""
    for match in _AMOUNT.finditer(text):
        value = Decimal(re.sub(r"[,\u2009\u202f]", "", match["n"]))
        if match["k"]:
            value *= MYRIADS.get(match["k"], 1000)
        after = text[match.end() : match.end() + NEAR]
        month = _MONTH_BEFORE.search(text[max(0, match.start() - NEAR) : match.start()])
        unit, length = ("date", 0) if month else _unit(after, value)
        if half := _AND_A_HALF.match(after):
            value += HALF
            unit, length = _unit(after[half.end() :], value)
            length += half.end()
        counted = _value(value, "money" if match["sign"] else unit, after[:length])
        yield Number(counted, (match.start(), match.end() + length))


def _unit(after: str, value: Decimal) -> tuple[str, int]:
    match = _UNIT.match(after)
    if match is None:
        return "", 0
    unit = UNITS[_known(match.group())]
    if unit == "years" and value >= 1000:
        unit = "date"
    return unit, match.end()


def _known(said: str) -> str:
    plain = said.strip()
    return plain if plain in UNITS else plain.lower() if plain.lower() in UNITS else plain.capitalize()


def _value(value: Decimal, unit: str, said: str) -> Value:
    plain = re.sub(r"^\s?[个個]半", "", said).strip()
    if unit == "minutes":
        return Value(value * MINUTES[_known(plain)], unit)
    return Value(value, unit)


def _signs(text: str) -> Iterator[Number]:
    """½, ③, Ⅳ, and halves in words."""
    for match in _HALVES.finditer(text):
        yield Number(Value(HALF, "half"), match.span())
    for at, sign in enumerate(text):
        if not sign.isascii() and unicodedata.category(sign) in ("No", "Nl") and sign not in _HAN:
            yield Number(Value(Decimal(str(unicodedata.numeric(sign))), ""), (at, at + 1))


def _numerals(text: str) -> Iterator[Number]:
    for match in _NUMERAL.finditer(text):
        said, after = match["n"], text[match.end() : match.end() + NEAR]
        value = HALF if said == "半" else _han(said)
        if match["half"]:
            value += HALF
        unit, length = ("percent", 0) if match["of"] == "百分之" else _unit(after, value)
        counted = _COUNTED.match(after)
        if said == "半" and not unit:
            continue
        if not unit and not counted and match["of"] is None and not _written_out(said):
            continue
        if value == 1 and unit not in PLAIN_ONE and match["of"] is None:
            continue
        if not unit and counted and length == 0:
            length = counted.end()
        yield Number(_value(value, unit, after[:length]), (match.start(), match.end() + length))


def _written_out(said: str) -> bool:
    """二十, 三百: a digit before a power of ten is a number wherever it stands."""
    return len(said) > 1 and said[0] in DIGITS and any(sign in TENS or sign in MYRIADS for sign in said)


def _han(said: str) -> Decimal:
    whole, _, part = said.partition("点")
    value = _whole(whole)
    if part:
        value += Decimal("0." + "".join(str(DIGITS.get(sign, 0)) for sign in part))
    return value


def _whole(said: str) -> Decimal:
    if all(sign in DIGITS for sign in said):
        return Decimal("".join(str(DIGITS[sign]) for sign in said))
    total = section = digit = 0
    for sign in said:
        if sign in DIGITS:
            digit = DIGITS[sign]
        elif sign in TENS:
            section += TENS[sign] * (digit or 1) if TENS[sign] not in (20, 30) else TENS[sign]
            digit = 0
        else:
            total += (section + digit or 1) * MYRIADS[sign]
            section = digit = 0
    return Decimal(total + section + digit)


def _english(text: str) -> Iterator[Number]:
    for match in _ENGLISH.finditer(text):
        words = re.split(r"[\s-]+", match.group().lower())
        value = PARTS[words[0]] if words[0] in PARTS else Decimal(_said([w for w in words if w != "and"]))
        after = text[match.end() : match.end() + NEAR]
        gap = re.match(r"\s(?:an?|of an?|of)(?=\s)", after)
        unit, length = _unit(after[gap.end() if gap else 0 :], value)
        length += gap.end() if gap and unit else 0
        if value == 1 and unit not in PLAIN_ONE:
            continue
        said = after[gap.end() : length] if gap and unit else after[:length]
        yield Number(_value(value, unit, said), (match.start(), match.end() + length))


def _said(words: list[str]) -> int:
    total = section = 0
    for word in words:
        if word in SCALES:
            section = (section or 1) * SCALES[word]
            if SCALES[word] >= 1000:
                total, section = total + section, 0
        else:
            section += WORDS[word] if word not in ("dozen", "couple") or not section else 0
    return total + section
