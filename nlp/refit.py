"""The head of `standard` fitted on what people corrected too: sentiment, and topics and risks where enough
was said of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import fields
from functools import cache
from typing import Any, cast

import numpy as np

from cem.domain.vocabulary import RiskCode
from nlp import corpus, judgements, lessons, train
from nlp.backends.encoder import EncoderBackend, Head
from nlp.backends.lexical import LexicalBackend
from nlp.features import Features
from nlp.judgements import Found, Said, found_risks, found_topics
from nlp.labelled import own
from nlp.lessons import Corrected, Outcome
from nlp.models.carried import Floats
from nlp.models.embedder import Embedder, Passage
from nlp.packs import PACKS, load_pack
from nlp.pipeline import Pipeline
from nlp.scoring import LABELS
from nlp.script import simplify
from nlp.texts import TextIn
from nlp.topics import TopicFinder
from nlp.train import Examples

_RISKS = frozenset(code.value for code in RiskCode)


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
    judged = [row for row in learn if row.label]
    examples = _joined(train.read(cast(Embedder, features)), judged, features)
    learned = _judgements(features, learn)
    more = {"learned": learned} if learned else {}
    return about | {"sentences": corpus.checksum("train")} | train.fit(examples) | more


def compare(features: Features, current: Head, head: dict[str, Any], frozen: Sequence[Corrected]) -> Outcome:
    """Both heads on our held out sentences and on `frozen`, and what the gate says."""
    embedder = cast(Embedder, features)
    before, after = (EncoderBackend(embedder, each) for each in (current, Head.of(head)))
    return lessons.compare(head, before, after, frozen)


def _joined(ours: Examples, learn: Sequence[Corrected], features: Features) -> Examples:
    """Ours and theirs; each of theirs is in one of the same parts, by its place."""
    if not learn:
        return ours
    texts = [row.text for row in learn]
    classes = np.array([LABELS.index(str(row.label)) for row in learn])
    theirs = train.examples(features, texts, classes, np.arange(len(learn)) % train.PARTS)
    return Examples(*(np.concatenate(both) for both in zip(_columns(ours), _columns(theirs), strict=True)))


def _columns(examples: Examples) -> list[Any]:
    return [getattr(examples, each.name) for each in fields(examples)]


def _vectors(features: Features, texts: Sequence[str]) -> Floats:
    return train.vectors(cast(Embedder, features), texts)


def _judgements(features: Features, learn: Sequence[Corrected]) -> Any:
    """Heads of the topics and risks that words alone got wrong often enough."""
    about = [row for row in learn if row.topics]
    risky = [row for row in learn if row.risks]
    topics = _theirs(features, [(row.text, row.pack, row.topics) for row in about], found_topics)
    risks = _theirs(features, [(row.text, row.pack, row.risks) for row in risky], found_risks)
    wanted = (
        judgements.enough((c, t, s.found) for row, s in _both(about, topics) for c, t in row.topics.items()),
        judgements.enough((c, t, s.found) for row, s in _both(risky, risks) for c, t in row.risks.items()),
    )
    if not any(wanted):
        return None
    ours = _ours(features)
    return judgements.fit([*ours[0], *topics], [*ours[1], *risks], wanted)


def _both(rows: Sequence[Corrected], said: Sequence[Said]) -> zip[tuple[Corrected, Said]]:
    return zip(rows, said, strict=True)


def _theirs(features: Features, rows: Sequence[tuple[str, str, Any]], found: Found) -> list[Said]:
    """Whoever corrected one topic of a text has seen the others: of them the words are right."""
    if not rows:
        return []
    vectors = _vectors(features, [text for text, _, _ in rows])
    said = []
    for vector, (text, pack, judged) in zip(vectors, rows, strict=True):
        there = found(_words(pack).analyse([TextIn(text)])[0])
        right = {*there, *(code for code, yes in judged.items() if yes)}
        right -= {code for code, yes in judged.items() if not yes}
        said.append(Said(vector, there, right, _codes(pack) if found is found_topics else _RISKS))
    return said


def _ours(features: Features) -> tuple[list[Said], list[Said]]:
    """Our sentences: what they are about, and their risks."""
    rows = [row for row in corpus.sentences("train") if row.industry in PACKS]
    vectors = _vectors(features, [row.text for row in rows])
    topics, risks = [], []
    for vector, row in zip(vectors, rows, strict=True):
        findings = _words(row.industry).analyse([TextIn(row.text)])[0]
        topics.append(Said(vector, found_topics(findings), row.aspects, _codes(row.industry)))
        risks.append(Said(vector, found_risks(findings), row.risks, _RISKS))
    return topics, risks


@cache
def _words(pack: str) -> Pipeline:
    """What words alone find, whatever was learned."""
    return Pipeline(LexicalBackend(), TopicFinder(load_pack(pack)))


def _codes(pack: str) -> frozenset[str]:
    return frozenset(topic.code for topic in load_pack(pack).topics)
