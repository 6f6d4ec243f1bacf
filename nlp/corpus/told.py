"""Risks as customers tell them, and what only sounds like one: to fit and to measure the detector of risks.

`told.txt` holds one text a line. What raises a risk is in docs/nlp/labelling.md.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Literal, NamedTuple, get_args

from cem.domain.vocabulary import RiskCode

Part = Literal["train", "seen", "fresh"]
"""`train` may be fitted on; `seen` was written before the detector was looked at, and has been looked at
since; `fresh` was written when it was finished, and is for measuring alone."""

_FILE = Path(__file__).with_name("told.txt")
_RISKS = frozenset(code.value for code in RiskCode)


class Told(NamedTuple):
    text: str
    risks: tuple[str, ...]
    part: str


@cache
def told(*parts: Part) -> tuple[Told, ...]:
    """The texts of these parts, or all, in order. `ValueError` names a bad line."""
    lines = _FILE.read_text("utf-8").split("\n")
    rows = [_row(number, line) for number, line in enumerate(lines, 1) if line and not line.startswith("#")]
    return tuple(row for row in rows if not parts or row.part in parts)


def _row(number: int, line: str) -> Told:
    part, codes, text = line.split("|", 2)
    risks = tuple(codes.split(",")) if codes else ()
    if part not in get_args(Part) or set(risks) - _RISKS or not text or text != text.strip():
        raise ValueError(f"told.txt, line {number}: part|risks|text, not {line!r}")
    return Told(text, risks, part)
