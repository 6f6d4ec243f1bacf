"""Which language a text is written in: the one that most of it is in, where several are mixed."""

from __future__ import annotations

import re

from nlp.script import simplified, traditional

UNDETERMINED = "und"
"""BCP 47 for a text without a word in it: empty, digits, one emoji."""

_HAN = re.compile("[\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U000323af]+")
_LATIN_WORD = re.compile(r"[A-Za-zＡ-Ｚａ-ｚÀ-ɏ]+")
_KANA_OR_HANGUL = re.compile("[\u3041-\u30ff\uac00-\ud7af]")
_CANTONESE = frozenset(
    "嘅喺咗冇啲嘢嚟佢哋嗰唔咁噉乜睇攞嚿咩啱諗谂冧嬲孭搵揾掟曬晒黎尼囉噃吖嘞㗎喎瞓掂劏嘥曱甴冚俾畀"
)
_STRONG_CANTONESE = frozenset("嘅喺咗冇啲嘢嚟佢哋嗰唔咁噉攞嚿㗎瞓")
_HAN_PER_WORD = 1.6


def detect(text: str, hint: str | None = None) -> str:
    """`zh-Hans`, `zh-Hant`, `yue-Hant`, `en`, `ja`, `ko`; the hint where the text cannot say."""
    ascii_alone = text.isascii()
    han = 0 if ascii_alone else sum(map(len, _HAN.findall(text)))
    words = len(_LATIN_WORD.findall(text))
    other = None if ascii_alone else _other(text, han, words)
    if other:
        return other
    if han == 0 and words == 0:
        return hint or UNDETERMINED
    if han < words * _HAN_PER_WORD:
        return "en"
    return _chinese(text, han, hint)


def _other(text: str, han: int, words: int) -> str | None:
    """Japanese and Korean are named, so that nobody takes them for bad Chinese."""
    letters = _KANA_OR_HANGUL.findall(text)
    if not letters:
        return None
    hangul = sum(letter >= "\uac00" for letter in letters)
    if len(letters) - hangul > max(han // 2, words):
        return "ja"
    if hangul > max(han, words):
        return "ko"
    return None


def _chinese(text: str, han: int, hint: str | None) -> str:
    if traditional().keys().isdisjoint(text) and not simplified().isdisjoint(text):
        return "zh-Hans"
    old = sum(map(traditional().__contains__, text))
    new = sum(map(simplified().__contains__, text))
    if new > old:
        return "zh-Hans"
    if _is_cantonese(text, han):
        return "yue-Hant"
    if old:
        return "zh-Hant"
    return hint if hint in {"zh-Hans", "zh-Hant", "yue-Hant"} else "zh-Hans"


def _is_cantonese(text: str, han: int) -> bool:
    strong = sum(map(_STRONG_CANTONESE.__contains__, text))
    marks = sum(map(_CANTONESE.__contains__, text))
    return strong > 0 and marks >= max(1.0, han / 60)
