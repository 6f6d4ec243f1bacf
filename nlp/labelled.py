"""Texts with labels, to measure on: our own held out sentences, challenges and exam, or a folder."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cem.domain.ratings import Rating
from nlp import corpus
from nlp.corpus import exam
from nlp.scoring import LABELS
from nlp.texts import check


@dataclass(frozen=True, slots=True)
class Labelled:
    """A text and what is known of it; None where a label was not given. `pack`: whose topics to look for."""

    text: str
    pack: str
    sentiment: str | None = None
    aspects: Mapping[str, str] | None = None
    risks: tuple[str, ...] | None = None
    intent: str | None = None
    rating: Rating | None = None
    language: str = ""
    industry: str = ""
    kind: str = ""


@dataclass(frozen=True, slots=True)
class LabelledSet:
    name: str
    rows: tuple[Labelled, ...]


class Unreadable(ValueError):
    """A file is not what it should be; the message names file and line."""


CHALLENGES = "challenges"
EXAM = "blind_exam"
"""Sets of these names are told apart from all others, kind by kind."""


def own() -> tuple[LabelledSet, LabelledSet, LabelledSet]:
    """The held out part of our sentences, the challenge list, and the blind exam."""
    return (
        LabelledSet("held_out", tuple(map(_sentence, corpus.sentences("held_out")))),
        LabelledSet(CHALLENGES, tuple(map(_challenge, corpus.challenges()))),
        LabelledSet(EXAM, tuple(map(_question, exam.exam()))),
    )


def read_folder(path: Path, pack: str) -> tuple[LabelledSet, ...]:
    """Every `.jsonl` file of a folder, or the one file; blank lines are skipped. Raises `Unreadable`."""
    files = sorted(path.glob("*.jsonl")) if path.is_dir() else [path]
    if not files or not files[0].is_file():
        raise Unreadable(f"There are no .jsonl files at {path}; each line is {{text, sentiment}} or so.")
    return tuple(LabelledSet(file.stem, _rows(file, pack)) for file in files)


def _rows(file: Path, pack: str) -> tuple[Labelled, ...]:
    rows = []
    for number, line in enumerate(file.read_bytes().split(b"\n"), 1):
        if line.strip():
            try:
                rows.append(_row(json.loads(line), pack))
            except (ValueError, TypeError, AttributeError) as error:
                raise Unreadable(f"{file}, line {number} is no labelled text: {error}.") from error
    return tuple(rows)


def _row(raw: dict[str, Any], pack: str) -> Labelled:
    sentiment = raw.get("sentiment")
    if sentiment is not None and sentiment not in LABELS:
        raise ValueError(f"sentiment is {', '.join(LABELS)}, not {sentiment!r}")
    aspects = raw.get("aspects")
    if aspects is not None and set(aspects.values()) - set(LABELS):
        raise ValueError(f"aspects are {{name: {' | '.join(LABELS)}}}, not {aspects!r}")
    return Labelled(
        text=check(raw.get("text")),
        pack=pack,
        sentiment=sentiment,
        aspects=aspects,
        risks=tuple(raw["risks"]) if "risks" in raw else None,
        intent=raw.get("intent"),
        language=str(raw.get("language") or ""),
    )


def _sentence(row: corpus.Sentence) -> Labelled:
    return Labelled(
        text=row.text,
        pack=_pack(row.industry),
        sentiment=row.sentiment,
        aspects=row.aspects if row.industry != "other" else None,
        risks=row.risks,
        language=row.language,
        industry=row.industry,
    )


def _challenge(case: corpus.Challenge) -> Labelled:
    return Labelled(
        text=case.text,
        pack=_pack(case.industry),
        sentiment=case.label,
        aspects=case.topics or None,
        risks=case.risks,
        rating=case.rating,
        industry=case.industry,
        kind=case.kind,
    )


def _question(row: exam.Question) -> Labelled:
    return Labelled(text=row.text, pack=_pack("other"), sentiment=row.label, kind=row.kind)


def _pack(industry: str) -> str:
    return industry if industry in corpus.INDUSTRIES and industry != "other" else "restaurant"
