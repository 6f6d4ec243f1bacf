"""The head of `standard` fitted on what people corrected too, and measured beside the one in use."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, cast

import numpy as np

from nlp import corpus, gate, tables, train
from nlp.backends.encoder import EncoderBackend, Head
from nlp.backends.lexical import LexicalBackend
from nlp.features import Features
from nlp.labelled import Labelled, LabelledSet, own
from nlp.language import detect
from nlp.models.embedder import Embedder, Passage
from nlp.packs import load_pack
from nlp.pipeline import Pipeline
from nlp.scoring import LABELS
from nlp.script import fold, simplify
from nlp.texts import Document
from nlp.topics import TopicFinder
from nlp.train import Examples

FROZEN = "corrections"
"""The name of the set that is made of the frozen tenth."""


@dataclass(frozen=True, slots=True)
class Corrected:
    """A text with the label that people gave it, and the pack of its place."""

    text: str
    pack: str
    label: str


@dataclass(frozen=True, slots=True)
class Outcome:
    """A head as it is stored, and what the gate says of it beside the one in use."""

    head: dict[str, Any]
    before: dict[str, Any]
    after: dict[str, Any]
    refusals: tuple[gate.Refusal, ...]


def passages(learn: Sequence[Corrected], frozen: Sequence[Corrected]) -> list[str]:
    """What has to be embedded for a fit, as the encoder gets it."""
    ours = [row.text for row in corpus.sentences("train")]
    measured = [row.text for each in own() for row in each.rows]
    return [simplify(text) for text in (*ours, *measured, *(row.text for row in (*learn, *frozen)))]


def prepare(features: Features, wanted: Sequence[str], most: int) -> bool:
    """Embed some of what is missing. Whether more is left for another time."""
    missing = features.missing(wanted)
    if missing:
        features.embed([Passage(text) for text in missing[:most]])
        features.save()
    return len(missing) > most


def fit(features: Features, current: Head, version: int, learn: Sequence[Corrected]) -> dict[str, Any]:
    """A head as it is stored, fitted on our sentences and on `learn`."""
    about = {"version": version, "encoder": current.encoder, "seed": 0, "corrections": len(learn)}
    examples = _joined(train.read(cast(Embedder, features)), learn, features)
    return about | {"sentences": corpus.checksum("train")} | train.fit(examples)


def compare(features: Features, current: Head, head: dict[str, Any], frozen: Sequence[Corrected]) -> Outcome:
    """Both heads on our held out sentences and on `frozen`, and what the gate says."""
    embedder = cast(Embedder, features)
    before, after = (_measured(embedder, each, frozen) for each in (current, Head.of(head)))
    return Outcome(head, before, after, gate.refusals(before, after))


def _joined(ours: Examples, learn: Sequence[Corrected], features: Features) -> Examples:
    """Ours and theirs; each of theirs is in one of the same parts, by its place."""
    if not learn:
        return ours
    texts = [row.text for row in learn]
    rows = features.embed([Passage(simplify(text)) for text in texts])
    documents = [Document(text, fold(text), detect(text)) for text in texts]
    readings = LexicalBackend().score(documents)
    english = np.array([document.language == "en" for document in documents])
    return Examples(
        vectors=np.concatenate([ours.vectors, *rows]),
        words=np.concatenate([ours.words, [reading.log_odds for reading in readings]]),
        say=np.concatenate([ours.say, np.where(english, train.SAY_OF_ENGLISH_WORDS, train.SAY_OF_WORDS)]),
        classes=np.concatenate([ours.classes, [LABELS.index(row.label) for row in learn]]),
        parts=np.concatenate([ours.parts, np.arange(len(learn)) % train.PARTS]),
    )


def _measured(embedder: Embedder, head: Head, frozen: Sequence[Corrected]) -> dict[str, Any]:
    pipeline = Pipeline(EncoderBackend(embedder, head), TopicFinder(load_pack("restaurant")))
    rows = tuple(Labelled(row.text, row.pack, row.label) for row in frozen)
    sets = (*own(), LabelledSet(FROZEN, rows)) if rows else own()
    return tables.measure(pipeline, sets, compare=False)
