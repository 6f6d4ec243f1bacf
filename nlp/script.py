"""One form for all scripts: Traditional as Simplified, full width as half, capitals as small letters.

Every code point becomes exactly one code point, whatever stands around it, so that a position in the
folded text is the same position in the text as sent. Phrases are therefore never converted, and nothing
is normalised that would change the length.
"""

from __future__ import annotations

from functools import cache

_OWN = str.maketrans(
    "著妳祂牠喫佔祇牀羣啓裏裡麽嚐鷄麪鹹醜’‘“”´｀　", "着你他它吃占只床群启里里么尝鸡面咸丑''\"\"'' "
)
_HALVES, _UNREADABLE = range(0xD800, 0xE000), 0xFFFD
"""Halves of a pair that came alone are no character, and nothing outside Python reads them."""
_HAN = (range(0x2E80, 0xA000), range(0xF900, 0xFB00), range(0x20000, 0x323B0))


@cache
def traditional() -> dict[str, str]:
    """Each character that Simplified writes otherwise, with the one character it becomes (OpenCC, t2s)."""
    from opencc import OpenCC

    characters = [chr(point) for block in _HAN for point in block]
    converted = OpenCC("t2s").convert("\n".join(characters)).split("\n")
    pairs = zip(characters, converted, strict=True)
    return {old: new for old, new in pairs if old != new and len(new) == 1}


@cache
def simplified() -> frozenset[str]:
    """Characters that Traditional writes otherwise, in Taiwan as in Hong Kong (OpenCC, s2tw and s2hk)."""
    from opencc import OpenCC

    characters = sorted(set(traditional().values()))
    taiwan, hong_kong = (OpenCC(form).convert("\n".join(characters)).split("\n") for form in ("s2tw", "s2hk"))
    rows = zip(characters, taiwan, hong_kong, strict=True)
    return frozenset(new for new, one, other in rows if new not in (one, other))


@cache
def _table() -> dict[int, int]:
    table = {ord(old): ord(new) for old, new in traditional().items()}
    table.update(_small_letters())
    table.update({0xFF01 + i: ord(chr(0x21 + i).lower()) for i in range(94)})
    table.update({old: ord(new) if isinstance(new, str) else new for old, new in _OWN.items()})
    table.update(dict.fromkeys(_HALVES, _UNREADABLE))
    return table


def _small_letters() -> dict[int, int]:
    pairs = ((point, chr(point).lower()) for point in range(0x41, 0x2000))
    return {point: ord(small) for point, small in pairs if len(small) == 1 and ord(small) != point}


@cache
def _simplifying() -> dict[int, int | str]:
    return {ord(old): new for old, new in traditional().items()} | dict(_OWN)


def simplify(text: str) -> str:
    """Traditional as Simplified and capitals as they are: what an encoder reads, as long as `text`."""
    return text.translate(_simplifying())


def fold(text: str) -> str:
    """The form in which words are looked up: as long as `text`, position by position."""
    return text.translate(_table())
