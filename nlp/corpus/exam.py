"""The blind exam: sentences by somebody who saw neither those that anything learnt from nor the reader.

`exam.txt` holds one a line. They are for measuring only: nothing is fitted on them, no word list is written
with one in sight, and nothing is tuned to a line. Who reads them better is no reason to ship it.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import NamedTuple, get_args

from cem.domain.findings import Label
from nlp.corpus import KINDS as CHALLENGES
from nlp.corpus import LONGEST

KINDS = (*CHALLENGES, "plain", "traditional")
"""The difficulties of the challenge list; `plain` feedback; Mandarin in `traditional` characters."""

_FILE = Path(__file__).with_name("exam.txt")
_LABELS: tuple[Label, ...] = get_args(Label)


class Question(NamedTuple):
    text: str
    label: Label
    kind: str


@cache
def exam() -> tuple[Question, ...]:
    """Every line, in order. `ValueError` names a bad line, or one that stands there twice."""
    lines = enumerate(_FILE.read_text("utf-8").split("\n"), 1)
    rows = [as_question(line, f"exam.txt, line {n}") for n, line in lines if line and line[0] != "#"]
    if len({row.text for row in rows}) < len(rows):
        twice = next(row.text for i, row in enumerate(rows) if row.text in {one.text for one in rows[:i]})
        raise ValueError(f"exam.txt: a text stands there twice: {twice!r}")
    return tuple(rows)


def as_question(line: str, place: str = "the line") -> Question:
    """One line, `label|kind|text`. `ValueError` says where and what is wrong with it."""
    fields = line.split("|")
    if len(fields) != 3:
        raise ValueError(f"{place}: label|kind|text, not {line!r}")
    label, kind, text = fields
    if label not in _LABELS:
        raise ValueError(f"{place}: the label is one of {', '.join(_LABELS)}, not {label!r}")
    if kind not in KINDS:
        raise ValueError(f"{place}: the kind is one of {', '.join(KINDS)}, not {kind!r}")
    if not 0 < len(text) <= LONGEST or text != text.strip():
        raise ValueError(f"{place}: a text has 1 to {LONGEST} characters, no space around it: {text!r}")
    return Question(text, label, kind)
