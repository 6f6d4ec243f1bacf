"""How a pipeline does on the challenge list: what is hard about each case is written beside it. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from cem.domain.findings import Findings
from nlp.corpus import KINDS, Challenge, challenges
from nlp.pipeline import Pipeline
from nlp.texts import TextIn

Judged = tuple[Challenge, frozenset[str]]
"""A case, and which of `label`, `topics` and `risks` were not as expected."""


@dataclass(frozen=True, slots=True)
class ChallengeScore:
    """Of `all` cases of a kind: `right` in everything expected; `labels`: with the right label at least."""

    all: int
    right: int
    labels: int


def challenge_scores(
    pipeline: Pipeline, cases: Iterable[Challenge] | None = None, pack: str = "restaurant"
) -> dict[str, ChallengeScore]:
    """For each kind that has cases, in the order of `KINDS`; without `cases` the whole list is asked.

    `pack` is the pipeline's own.
    """
    judged = list(judge_all(pipeline, challenges() if cases is None else cases, pack))
    by_kind = {kind: [missed for case, missed in judged if case.kind == kind] for kind in KINDS}
    return {kind: _score(missed) for kind, missed in by_kind.items() if missed}


def judge_all(pipeline: Pipeline, cases: Iterable[Challenge], pack: str = "restaurant") -> Iterator[Judged]:
    """Every case with what was missed of it, in order."""
    listed = list(cases)
    found = pipeline.analyse([TextIn(case.text, rating=case.rating) for case in listed])
    for case, findings in zip(listed, found, strict=True):
        yield case, judge(case, findings, pack)


def judge(case: Challenge, found: Findings, pack: str = "restaurant") -> frozenset[str]:
    """Topics of another pack are not judged. A risk more than expected is a fault only where none is."""
    missed = set()
    if found.sentiment.label != case.label:
        missed.add("label")
    said = {topic.code: topic.sentiment for topic in found.topics}
    asked = case.topics.items() if case.industry == pack else ()
    if any(said.get(code) != label for code, label in asked):
        missed.add("topics")
    if case.risks is not None and not _risks_told(case.risks, {risk.code for risk in found.risks}):
        missed.add("risks")
    return frozenset(missed)


def _risks_told(expected: tuple[str, ...], found: set[str]) -> bool:
    return found >= set(expected) if expected else not found


def _score(missed: list[frozenset[str]]) -> ChallengeScore:
    return ChallengeScore(
        all=len(missed), right=missed.count(frozenset()), labels=sum("label" not in one for one in missed)
    )
