"""Which word pieces a hub keeps that is written to in Chinese and English.

Two fifths of the carried vocabulary are enough: every piece of ASCII (English cannot be cut by rank), every
piece of Han characters, symbols and emoji, and single letters of scripts that Chinese and English borrow.
The others would cost 57 MB of file and 250 MB of memory, and change the ids of fewer than one text in a
hundred.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence

SPACE = "▁"
_HAN = ((0x3400, 0x4DBF), (0x4E00, 0x9FFF), (0xF900, 0xFAFF), (0x20000, 0x323AF), (0x3005, 0x3007))
_BORROWED = ("LATIN ", "HIRAGANA ", "KATAKANA ", "BOPOMOFO ", "FULLWIDTH ")


def kept(pieces: Sequence[str], special: Sequence[int]) -> list[int]:
    """Ids of the pieces to keep, in their old order: the special ones first, as they were."""
    wanted = set(special)
    return [id for id, piece in enumerate(pieces) if id in wanted or _is_kept(piece.replace(SPACE, ""))]


def _is_kept(word: str) -> bool:
    if word.isascii():
        return True
    if len(word) == 1 and unicodedata.name(word, "").startswith(_BORROWED):
        return True
    return all(_is_han(letter) for letter in word) or all(_is_symbol(letter) for letter in word)


def _is_han(letter: str) -> bool:
    return any(first <= ord(letter) <= last for first, last in _HAN)


def _is_symbol(letter: str) -> bool:
    """Neither a letter nor a mark upon one."""
    return unicodedata.category(letter)[0] not in "LM"
