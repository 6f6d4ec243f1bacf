"""The scales of `fast` fitted on what people corrected. Pure but for reading the word lists."""

from __future__ import annotations

from collections.abc import Sequence
from math import exp
from typing import Any, Final

from nlp import lessons
from nlp.backends.lexical import LexicalBackend
from nlp.backends.reweighed import ReweighedWords, Scales, group_of
from nlp.head_files import SHIPPED_WORDS
from nlp.language import detect
from nlp.lessons import Corrected, Outcome
from nlp.script import fold
from nlp.texts import Document

_HELD: Final = 5.0
"""How hard scale and offset are held to 1 and 0: as hard as twenty undecided texts pull."""
_STEPS: Final = 25
_WANTED: Final = {"negative": 0.0, "neutral": 0.5, "positive": 1.0}

Pairs = list[tuple[float, float]]
"""The log odds of a text by its words, and the share of praise that people gave it."""


def fit(version: int, learn: Sequence[Corrected]) -> dict[str, Any]:
    """As it is stored."""
    judged = [row for row in learn if row.label]
    documents = [Document(row.text, fold(row.text), detect(row.text)) for row in judged]
    readings = LexicalBackend().score(documents)
    groups: dict[str, Pairs] = {}
    for row, document, reading in zip(judged, documents, readings, strict=True):
        pair = (reading.log_odds, _WANTED[str(row.label)])
        groups.setdefault(group_of(document.language), []).append(pair)
    scales = {group: _scale(pairs) for group, pairs in sorted(groups.items())}
    return {"version": version, "words": SHIPPED_WORDS, "corrections": len(learn), "scales": scales}


def compare(current: Scales, head: dict[str, Any], frozen: Sequence[Corrected]) -> Outcome:
    """Both on our held out sentences and on `frozen`, and what the gate says."""
    before, after = ReweighedWords(current), ReweighedWords(Scales.stored(head))
    return lessons.compare(head, before, after, frozen)


def _scale(pairs: Pairs) -> list[float]:
    """Logistic regression of one number, held to what is there, by Newton's method."""
    scale, offset = 1.0, 0.0
    for _ in range(_STEPS):
        slope = [_HELD * (scale - 1.0), _HELD * offset]
        curve = [_HELD, 0.0, _HELD]
        for said, wanted in pairs:
            share = 1.0 / (1.0 + exp(-max(-30.0, min(30.0, scale * said + offset))))
            missed, steep = share - wanted, share * (1.0 - share)
            slope = [slope[0] + missed * said, slope[1] + missed]
            curve = [curve[0] + steep * said * said, curve[1] + steep * said, curve[2] + steep]
        area = curve[0] * curve[2] - curve[1] ** 2
        scale -= (curve[2] * slope[0] - curve[1] * slope[1]) / area
        offset -= (curve[0] * slope[1] - curve[1] * slope[0]) / area
    return [round(scale, 4), round(offset, 4)]
