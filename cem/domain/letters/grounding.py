"""What stands in a letter and in none of the case's facts: numbers, times, names, links and promises."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final, Literal

from cem.domain.findings import Pii, Span
from cem.domain.letters import numbers
from cem.domain.letters.facts import CaseFacts
from cem.domain.letters.numbers import Value
from cem.domain.vocabulary import ResolutionCode

Kind = Literal["number", "day", "name", "link", "private", "promise"]
_LINK: Final = re.compile(
    r"(?:https?://|www\.)[^\s，。；）)」”\"<>]+|(?<![@\w.])(?:[a-z0-9-]+\.)+(?:com|cn|net|org|io|hk|tw|co|app)\b(?:/[^\s，。；）)]*)?",
    re.I,
)
_DAYS: Final = re.compile(
    r"(?P<zh>(?:周|週|星期|礼拜|禮拜)[一二三四五六日天末])"
    r"|(?P<rel>今天|今日|今晚|明天|明日|明早|明晚|后天|後天|昨天|昨日|当天|當天|当日|當日|次日|隔天|翌日|周末|週末|下个月|下個月|本周|本週|这周|這週|下周|下週|月底|月末|年底)"
    r"|\b(?P<en>monday|tuesday|wednesday|thursday|friday|saturday|sunday|today|tonight|tomorrow|yesterday|weekend"
    r"|next week|this week|next month|this month|within an? (?:hour|day|week|month|year))\b",
    re.I,
)
_SAME: Final = {
    "星期": "周",
    "礼拜": "周",
    "禮拜": "周",
    "週": "周",
    "周天": "周日",
    "今日": "今天",
    "明日": "明天",
    "後": "后",
}
_WEEK: Final = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_EN_DAYS: Final = dict(zip(_WEEK, "一二三四五六日", strict=True))
_REFUND: Final = (
    r"退款|退还|退還|退钱|退錢|退费|退費|退(?:给|給)?[您你]|全额退|全額退"
    r"|\brefund\w*|\breimburs\w+|money back"
)
_MAKE_GOOD: Final = r"赔偿|賠償|补偿|補償|赔付|賠付|赔(?:给|給)?[您你]|\bcompensat\w+"
_REPLACE: Final = r"更换|更換|换新|換新|重新做一|补发|補發|\breplace\w*"
_GIFT: Final = (
    r"[赠贈券]|免[费費单單收]|不收您|抵用|红包|紅包|积分|積分|打折|报销|報銷|保证|保證|承诺|承諾"
    r"|送(?:给|給)?[您你]|送(?:上)?[一两兩几幾][份张張道杯瓶盘盤碗个個]|升级(?!一)|升級(?!一)"
    r"|(?<!feel )\bfree\b|\bon us\b|no charge|\bgifts?\b|\bcomplimentary|\bvouchers?\b|\bcoupons?\b"
    r"|\bdiscount\w*|\bupgrade\w*|\bon the house|\bwaive\w*|\bguarantee\w*|\bloyalty points|\bwe promise\b"
)
_PROMISES: Final[tuple[tuple[re.Pattern[str], frozenset[ResolutionCode]], ...]] = (
    (re.compile(_REFUND, re.I), frozenset({ResolutionCode.REFUNDED})),
    (re.compile(_MAKE_GOOD, re.I), frozenset({ResolutionCode.COMPENSATED})),
    (re.compile(_REPLACE, re.I), frozenset({ResolutionCode.REPLACED})),
    (re.compile(_GIFT, re.I), frozenset()),
)
"""What only those who did it may say, with the outcome that says that it was done."""


@dataclass(frozen=True, slots=True)
class Ungrounded:
    """Something the case does not say, where it stands in the letter."""

    kind: Kind
    text: str
    span: Span


def ungrounded(
    letter: str, facts: CaseFacts, known_names: Collection[str] = (), private: Sequence[Pii] = ()
) -> tuple[Ungrounded, ...]:
    """All that the letter says and the case does not, in order.

    `known_names` are those of people and places that the hub knows: one of them in a letter is one of the
    case's, or it does not belong there. `private` is what tells who somebody is in the letter; what the
    customer wrote of that kind is not among the facts, so that it is never said again.
    """
    literal = tuple(filter(None, facts.literal()))
    held = (facts.recourse, facts.link, facts.code, facts.place, facts.site, facts.touchpoint, facts.who)
    rest = _without(letter, (*held, *facts.nouns()))
    found = [
        *_links(rest, {match.group() for match in _LINK.finditer(facts.recourse)}),
        *_private(private, rest, facts.recourse),
        *_names(rest, known_names, literal),
        *_numbers(rest, _known(literal)),
        *_days(rest, literal),
        *_promises(rest, facts),
    ]
    return tuple(_apart(found, letter))


def _without(letter: str, known: Iterable[str]) -> str:
    """What stands in the case letter by letter needs no look; every other sign keeps its place."""
    for words in sorted(filter(None, known), key=len, reverse=True):
        letter = re.sub(_alone(words), lambda match: "\0" * len(match.group()), letter)
    return letter


def _alone(words: str) -> str:
    """The words, not as a part of longer Latin ones or numbers."""
    before = r"(?<![A-Za-z0-9])" if words[0].isascii() and words[0].isalnum() else ""
    after = r"(?![A-Za-z0-9])" if words[-1].isascii() and words[-1].isalnum() else ""
    return f"{before}{re.escape(words)}{after}"


def _apart(found: list[Ungrounded], letter: str) -> Iterator[Ungrounded]:
    """In order; where two overlap, the one that begins first, then the longer; with the words as written."""
    end = 0
    for each in sorted(found, key=lambda one: (one.span[0], -one.span[1])):
        if each.span[0] >= end:
            end = each.span[1]
            yield Ungrounded(each.kind, letter[each.span[0] : end], each.span)


def _links(text: str, known: Collection[str]) -> Iterator[Ungrounded]:
    for match in _LINK.finditer(text):
        if match.group() not in known:
            yield Ungrounded("link", match.group(), match.span())


def _private(private: Sequence[Pii], text: str, public: str) -> Iterator[Ungrounded]:
    """Where the house itself tells everybody a number or an address, it is nobody's secret."""
    for each in private:
        said = text[slice(*each.span)]
        if said.strip("\0") and not re.search(_alone(said), public):
            yield Ungrounded("private", said, each.span)


def _names(text: str, known: Collection[str], literal: tuple[str, ...]) -> Iterator[Ungrounded]:
    for name in known:
        if len(name) < 2 or name not in text or any(name in one for one in literal):
            continue
        for match in re.finditer(_alone(name), text):
            yield Ungrounded("name", name, match.span())


def _known(literal: tuple[str, ...]) -> dict[str, set[str]]:
    """The units by value, of every number in the case."""
    known: dict[str, set[str]] = {}
    for text in literal:
        for number in numbers.found(text):
            known.setdefault(_key(number.value), set()).add(number.value.unit)
    return known


def _key(value: Value) -> str:
    return format(value.value.normalize(), "f")


def _numbers(text: str, known: dict[str, set[str]]) -> Iterator[Ungrounded]:
    """A bare number may be any of that value; one with a unit only what was counted like that."""
    for number in numbers.found(text):
        units = known.get(_key(number.value), set())
        if number.value.unit not in units and not (units and not number.value.unit):
            yield Ungrounded("number", text[slice(*number.span)], number.span)


def _days(text: str, literal: tuple[str, ...]) -> Iterator[Ungrounded]:
    known = {_day(match) for one in literal for match in _DAYS.finditer(one)}
    for match in _DAYS.finditer(text):
        if _day(match) not in known:
            yield Ungrounded("day", match.group(), match.span())


def _day(match: re.Match[str]) -> str:
    said = match.group().lower()
    if said in _EN_DAYS:
        return f"周{_EN_DAYS[said]}"
    for written, plain in _SAME.items():
        said = said.replace(written, plain)
    return said


def _promises(text: str, facts: CaseFacts) -> Iterator[Ungrounded]:
    """A gift or money back is said only where it was done, or where we have written so before."""
    told = "\n".join(facts.letters).lower()
    for pattern, by in _PROMISES:
        for match in pattern.finditer(text):
            if facts.done not in by and match.group().lower() not in told:
                yield Ungrounded("promise", match.group(), match.span())
