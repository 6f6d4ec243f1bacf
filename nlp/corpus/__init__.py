"""Sentences of our own, labelled by hand: what the heads are fitted on and what everything is measured on.

`sentences*.jsonl` hold one `Sentence` a line, `challenge_*.jsonl` one `Challenge`. What the labels mean is in
docs/nlp/labelling.md, where they come from in docs/nlp/datasheet.md. A fifth is held out: `part` stands in
the row, so that a mended word moves nothing.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator, Mapping, Set
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any, Literal, TypeVar, get_args

from cem.domain.findings import Label
from cem.domain.ratings import Rating
from cem.domain.vocabulary import RiskCode
from nlp.packs import PACKS, load_pack

Part = Literal["train", "held_out"]

LANGUAGES = ("zh-Hans", "zh-Hant", "yue-Hant", "en")
"""The language that most of a sentence is in."""
INDUSTRIES = (*PACKS, "other")
"""`other` has no pack, and so no topics: films, flights."""
KINDS = (
    "negation",
    "irony",
    "contrast",
    "emoji",
    "slang",
    "typos",
    "code_switching",
    "rating_against_text",
    "comparative",
    "conditional",
    "question",
    "quiet_risk",
    "tap",
    "cantonese",
)
LONGEST = 300
_FOLDER = Path(__file__).parent
_SENTENCES = ("sentences.jsonl", "zh.jsonl", "en.jsonl")
_CHALLENGES = ("challenge_zh.jsonl", "challenge_en.jsonl")
_RISKS = frozenset(code.value for code in RiskCode)
_LABELS: tuple[Label, ...] = get_args(Label)

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Sentence:
    """`level` is -2..2; `aspects`: topic codes of the industry's pack, each with what is said of it."""

    text: str
    level: int
    language: str
    industry: str
    aspects: Mapping[str, Label]
    risks: tuple[str, ...]
    part: Part

    @property
    def sentiment(self) -> Label:
        return _LABELS[(self.level > 0) - (self.level < 0) + 1]


@dataclass(frozen=True, slots=True)
class Challenge:
    """`topics` must be found with these labels, exactly these `risks` where they are given (empty: none)."""

    id: str
    text: str
    kind: str
    label: Label
    why: str
    topics: Mapping[str, Label] = field(default_factory=dict)
    risks: tuple[str, ...] | None = None
    rating: Rating | None = None
    industry: str = "restaurant"


@cache
def sentences(part: Part | None = None) -> tuple[Sentence, ...]:
    """Every sentence, or those of one part, in the order of the files. `ValueError` names a bad line."""
    read = tuple(row for name in _SENTENCES for row in _rows(name, as_sentence))
    return tuple(row for row in read if part in {None, row.part})


@cache
def challenges() -> tuple[Challenge, ...]:
    """Every case of the challenge list, in the order of the files. `ValueError` names a bad line."""
    return tuple(row for name in _CHALLENGES for row in _rows(name, as_challenge))


def checksum(part: Part | None = None) -> str:
    """Changes with every text and every label of the part."""
    told = "\n".join(f"{row.text}\t{row.level}" for row in sentences(part))
    return hashlib.sha256(told.encode()).hexdigest()


def as_sentence(raw: dict[str, Any]) -> Sentence:
    """One line. `ValueError` says what is wrong with it."""
    _only(raw, {"text", "level", "language", "industry", "aspects", "risks", "part"})
    return Sentence(
        text=_text(raw),
        level=_one_of(raw, "level", (-2, -1, 0, 1, 2)),
        language=_one_of(raw, "language", LANGUAGES),
        industry=_one_of(raw, "industry", INDUSTRIES),
        aspects=_topics(raw["aspects"], raw["industry"]),
        risks=_risks(raw["risks"]),
        part=_one_of(raw, "part", get_args(Part)),
    )


def as_challenge(raw: dict[str, Any]) -> Challenge:
    """One line. `ValueError` says what is wrong with it."""
    _only(raw, {"id", "text", "kind", "expected", "why"}, {"rating", "industry"})
    expected = raw["expected"]
    _only(expected, {"label"}, {"topics", "risks"})
    industry = _one_of({"industry": "restaurant", **raw}, "industry", INDUSTRIES)
    return Challenge(
        id=raw["id"],
        text=_text(raw),
        kind=_one_of(raw, "kind", KINDS),
        label=_one_of(expected, "label", _LABELS),
        why=raw["why"],
        topics=_topics(expected.get("topics", {}), industry),
        risks=_risks(expected["risks"]) if "risks" in expected else None,
        rating=Rating(**raw["rating"]) if "rating" in raw else None,
        industry=industry,
    )


def _rows(name: str, read: Callable[[dict[str, Any]], T]) -> Iterator[T]:
    path = _FOLDER / name
    lines = path.read_text("utf-8").split("\n") if path.is_file() else ()
    for number, line in enumerate(lines, 1):
        if line:
            try:
                yield read(json.loads(line))
            except (ValueError, KeyError, TypeError) as error:
                raise ValueError(f"{name}, line {number}: {error}") from error


def _only(raw: dict[str, Any], needed: Set[str], more: Set[str] = frozenset()) -> None:
    if wrong := (needed - raw.keys()) | (raw.keys() - needed - more):
        raise ValueError(f"{', '.join(sorted(wrong))}: missing, or not a field of these lines")


def _text(raw: dict[str, Any]) -> str:
    text: str = raw["text"]
    if not 0 < len(text) <= LONGEST or text != text.strip():
        raise ValueError(f"text has 1 to {LONGEST} characters without space around them, not {text!r}")
    return text


def _one_of(raw: dict[str, Any], name: str, codes: tuple[Any, ...]) -> Any:
    if raw[name] not in codes:
        raise ValueError(f"{name} is one of {', '.join(map(str, codes))}, not {raw[name]!r}")
    return raw[name]


def _topics(raw: dict[str, Any], industry: str) -> dict[str, Label]:
    known = {topic.code for topic in load_pack(industry).topics} if industry in PACKS else set()
    for code, label in raw.items():
        if code not in known or label not in _LABELS:
            raise ValueError(f"{code}: {label} is no topic of {industry} with a label")
    return raw


def _risks(raw: list[str]) -> tuple[str, ...]:
    if unknown := set(raw) - _RISKS:
        raise ValueError(f"risks are of {', '.join(sorted(_RISKS))}, not {', '.join(sorted(unknown))}")
    return tuple(raw)
