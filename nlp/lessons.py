"""What people corrected, as something to learn from and to measure on; and what a fit came to."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, Final

from nlp import gate, tables
from nlp.backends.base import Backend
from nlp.labelled import Labelled, LabelledSet, own
from nlp.packs import load_pack
from nlp.pipeline import Pipeline
from nlp.texts import TextIn
from nlp.topics import TopicFinder

FROZEN: Final = "corrections"
"""The name of the set that is made of the frozen tenth."""
_NOTHING: Final[Mapping[str, bool]] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Corrected:
    """A text of a place with that pack. `label`: how people meant it, if they said so. `topics` and `risks`:
    those of which they said that they are there, or not."""

    text: str
    pack: str
    label: str | None = None
    topics: Mapping[str, bool] = field(default_factory=lambda: _NOTHING)
    risks: Mapping[str, bool] = field(default_factory=lambda: _NOTHING)


@dataclass(frozen=True, slots=True)
class Outcome:
    """A head as it is stored, and what the gate says of it beside the one in use."""

    head: dict[str, Any]
    before: dict[str, Any]
    after: dict[str, Any]
    refusals: tuple[gate.Refusal, ...]


def compare(head: dict[str, Any], before: Backend, after: Backend, frozen: Sequence[Corrected]) -> Outcome:
    """Both on our held out sentences and on `frozen`, and what the gate says."""
    was, now = (_measured(backend, frozen) for backend in (before, after))
    return Outcome(head, was, now, gate.refusals(was, now))


def _measured(backend: Backend, frozen: Sequence[Corrected]) -> dict[str, Any]:
    pipeline = Pipeline(backend, TopicFinder(load_pack("restaurant")))
    rows = tuple(Labelled(row.text, row.pack, row.label) for row in frozen if row.label)
    sets = (*own(), LabelledSet(FROZEN, rows)) if rows else own()
    return tables.measure(pipeline, sets, compare=False) | {"decisions": decisions(pipeline, frozen)}


def decisions(pipeline: Pipeline, said: Sequence[Corrected]) -> dict[str, dict[str, int]]:
    """Of what people said of topics and risks: how often the model says so too."""
    judged: dict[str, list[bool]] = {"topics": [], "risks": []}
    for row in said:
        if row.topics or row.risks:
            found = pipeline.for_pack(row.pack).analyse([TextIn(row.text)])[0]
            judged["topics"] += _agree(row.topics, {topic.code for topic in found.topics})
            judged["risks"] += _agree(row.risks, {risk.code for risk in found.risks})
    return {name: {"n": len(flags), "right": sum(flags)} for name, flags in judged.items()}


def _agree(said: Mapping[str, bool], found: set[str]) -> Iterator[bool]:
    return (there == (code in found) for code, there in said.items())
