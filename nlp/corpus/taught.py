"""Sentences of our own that the encoder is taught with: one a line in `taught_zh.txt` and `taught_en.txt`.

They are no part of what anything is measured on, and no text of theirs may overlap with one that is
(`nlp.corpus.originality.overlapping`). What the labels mean is in docs/nlp/labelling.md.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import NamedTuple

from cem.domain.vocabulary import RiskCode
from nlp.corpus import KINDS as CHALLENGES
from nlp.corpus import LONGEST
from nlp.script import fold

KINDS = (*CHALLENGES, "plain", "neutral", "risk", "harmless")
"""What a line was written for: a difficulty of the challenge list; `plain` feedback; `neutral` questions and
facts; a `risk`; or what only sounds like one (`harmless`)."""
LEVELS = (-2, -1, 0, 1, 2)
FILES = ("taught_zh.txt", "taught_en.txt")
"""Everything with a Chinese character in it, Cantonese and mixed lines included; then the rest."""

_FOLDER = Path(__file__).parent
_RISKS = frozenset(code.value for code in RiskCode)


class Taught(NamedTuple):
    """`level` is -2..2, `risks` are sorted codes, `kind` is one of `KINDS`."""

    text: str
    level: int
    risks: tuple[str, ...]
    kind: str


@cache
def taught() -> tuple[Taught, ...]:
    """Every line, in the order of the files. `ValueError` names a bad line or one that is there twice."""
    rows: list[Taught] = []
    seen: dict[str, str] = {}
    for name in FILES:
        for place, line in _lines(name):
            row = as_taught(line, place)
            if first := seen.get(fold(row.text)):
                raise ValueError(f"{place}: the text stands in {first} already: {row.text!r}")
            seen[fold(row.text)] = place
            rows.append(row)
    return tuple(rows)


def checksum() -> str:
    """Changes with every text, every label and every risk."""
    told = "\n".join(f"{row.text}\t{row.level}\t{','.join(row.risks)}" for row in taught())
    return hashlib.sha256(told.encode()).hexdigest()


def as_taught(line: str, place: str = "the line") -> Taught:
    """One line, `level|risks|kind|text`. `ValueError` says where and what is wrong with it."""
    fields = line.split("|")
    if len(fields) != 4:
        raise ValueError(f"{place}: level|risks|kind|text, not {line!r}")
    level, codes, kind, text = fields
    risks = tuple(codes.split(",")) if codes else ()
    if level not in map(str, LEVELS):
        raise ValueError(f"{place}: the level is one of {', '.join(map(str, LEVELS))}, not {level!r}")
    if set(risks) - _RISKS or risks != tuple(sorted(set(risks))):
        raise ValueError(f"{place}: risks are known codes, sorted and with commas between, not {codes!r}")
    if kind not in KINDS:
        raise ValueError(f"{place}: the kind is one of {', '.join(KINDS)}, not {kind!r}")
    if not 0 < len(text) <= LONGEST or text != text.strip():
        raise ValueError(f"{place}: a text has 1 to {LONGEST} characters, no space around it: {text!r}")
    return Taught(text, int(level), risks, kind)


def is_chinese(row: Taught) -> bool:
    """Whether the line belongs into `taught_zh.txt`: it has at least one Chinese character."""
    return any("\u3400" <= character <= "\u9fff" for character in row.text)


def _lines(name: str) -> Iterator[tuple[str, str]]:
    for number, line in enumerate((_FOLDER / name).read_text("utf-8").split("\n"), 1):
        if line and not line.startswith("#"):
            yield f"{name}, line {number}", line
