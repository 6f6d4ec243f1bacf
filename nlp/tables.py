"""Everything that is measured of a model, as one plain document: what `cem nlp evaluate` prints and keeps.

Each text is read once, by the pack of its industry. `sets` are judged one by one; `pooled` are all texts of
all of them, and `parts` those of one language or one industry, where rows say theirs. The challenge list and
the blind exam are in none of these: each is told by itself, kind by kind.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict
from itertools import groupby
from time import perf_counter
from typing import Any

from cem.domain.findings import Findings
from nlp import rivals, trials
from nlp.aspects import schemes
from nlp.evaluate import polarity_report, sentiment_report, topic_report
from nlp.labelled import CHALLENGES, EXAM, Labelled, LabelledSet
from nlp.packs import load_pack
from nlp.pipeline import Pipeline, TextIn
from nlp.scoring import class_scores, mean, share
from nlp.script import traditional

BATCH = 64
_APART = frozenset({CHALLENGES, EXAM})
LEAST_IN_A_PART = 20
"""A language or an industry with fewer texts is not judged apart."""

Advance = Callable[[int], None]
Table = dict[str, Any]
Pairs = list[tuple[Labelled, Findings]]


def measure(
    pipeline: Pipeline, sets: Sequence[LabelledSet], advance: Advance | None = None, compare: bool = True
) -> Table:
    """The whole document but for who made it and when. `compare`: beside the rivals, where they are there."""
    began = perf_counter()
    findings = {each.name: _read(pipeline, each.rows, advance) for each in sets}
    seconds = perf_counter() - began
    texts = sum(len(each.rows) for each in sets)
    others = rivals.load() if compare else {}
    plain = [each for each in sets if each.name not in _APART]
    return {
        "model": pipeline.model,
        "texts": texts,
        "texts_per_second": round(texts / seconds, 1) if seconds else 0.0,
        "sentiment": {
            each.name: _sentiment(each.rows, findings[each.name], others) for each in plain if _sided(each)
        },
        "pooled": _pooled(plain, findings),
        "parts": _parts(plain, findings),
        "topics": dict(_topics(plain, findings)),
        "risks": trials.risks(_pairs(sets, findings)),
        "challenges": trials.challenges(_pairs(_named(sets, CHALLENGES), findings)),
        "exam": trials.exam(_pairs(_named(sets, EXAM), findings)),
        "similar": _similar(pipeline, plain),
        "scripts": _scripts(pipeline, plain, findings, advance),
    }


def count(sets: Sequence[LabelledSet]) -> int:
    """How often `measure` will say that it advanced, in texts."""
    both = sum(len(_convertible(each.rows)) for each in sets if each.name not in _APART)
    return sum(len(each.rows) for each in sets) + both


def _read(pipeline: Pipeline, rows: Sequence[Labelled], advance: Advance | None) -> list[Findings]:
    found: list[Findings] = []
    for pack, some in groupby(rows, key=lambda row: row.pack):
        reader, listed = pipeline.for_pack(pack), list(some)
        for start in range(0, len(listed), BATCH):
            batch = listed[start : start + BATCH]
            found += reader.analyse([TextIn(row.text, row.rating) for row in batch])
            if advance:
                advance(len(batch))
    return found


def _named(sets: Sequence[LabelledSet], name: str) -> list[LabelledSet]:
    return [each for each in sets if each.name == name]


def _sided(each: LabelledSet) -> bool:
    return any(row.sentiment for row in each.rows)


def _sentiment(
    rows: Sequence[Labelled], findings: Sequence[Findings], others: Mapping[str, rivals.Rival]
) -> Table:
    pairs = [(row, found) for row, found in zip(rows, findings, strict=True) if row.sentiment]
    gold = [str(row.sentiment) for row, _ in pairs]
    table = asdict(sentiment_report([found for _, found in pairs], gold))
    if others:
        table["rival"] = _rival([row.text for row, _ in pairs], gold, others)
    if "neutral" in gold:
        table["two_classes"] = _two_classes(pairs)
    return table


def _two_classes(pairs: Sequence[tuple[Labelled, Findings]]) -> Table:
    """The same texts without the neutral ones, told apart by the sign alone."""
    some = [(row, found) for row, found in pairs if row.sentiment != "neutral"]
    report = sentiment_report([found for _, found in some], [str(row.sentiment) for row, _ in some])
    return {"n": report.n, "accuracy": report.accuracy, "macro_f1": report.macro_f1}


def _rival(texts: list[str], gold: list[str], others: Mapping[str, rivals.Rival]) -> Table:
    language = rivals.language_of(texts)
    guessed = rivals.guesses(others[language], language, texts, three="neutral" in gold)
    return {
        "name": rivals.NAMES[language],
        "accuracy": share(one == other for one, other in zip(gold, guessed, strict=True)),
        "macro_f1": mean(score.f1 for score in class_scores(gold, guessed).values()),
    }


def _pooled(sets: Sequence[LabelledSet], findings: Mapping[str, Sequence[Findings]]) -> Table:
    """All sets together: in three classes where each has neutral texts, else only those that take a side."""
    pairs = _labelled(sets, findings)
    three = all(_in_three(each) for each in sets if _sided(each))
    kept = [(row, found) for row, found in pairs if three or row.sentiment != "neutral"]
    return asdict(sentiment_report([found for _, found in kept], [str(row.sentiment) for row, _ in kept]))


def _in_three(each: LabelledSet) -> bool:
    return any(row.sentiment == "neutral" for row in each.rows)


def _labelled(sets: Sequence[LabelledSet], findings: Mapping[str, Sequence[Findings]]) -> Pairs:
    return [(row, found) for row, found in _pairs(sets, findings) if row.sentiment]


def _pairs(sets: Sequence[LabelledSet], findings: Mapping[str, Sequence[Findings]]) -> Pairs:
    return [pair for each in sets for pair in zip(each.rows, findings[each.name], strict=True)]


def _parts(sets: Sequence[LabelledSet], findings: Mapping[str, Sequence[Findings]]) -> Table:
    """By language and by industry: how many, and the mean F1 of the three classes."""
    pairs = _labelled(sets, findings)
    parts: Table = {}
    for name in ("language", "industry"):
        for value in sorted({getattr(row, name) for row, _ in pairs} - {""}):
            some = [(row, found) for row, found in pairs if getattr(row, name) == value]
            if len(some) >= LEAST_IN_A_PART:
                report = sentiment_report(
                    [found for _, found in some], [str(row.sentiment) for row, _ in some]
                )
                parts[f"{name}:{value}"] = {
                    "n": report.n,
                    "accuracy": report.accuracy,
                    "macro_f1": report.macro_f1,
                }
    return parts


def _topics(
    sets: Sequence[LabelledSet], findings: Mapping[str, Sequence[Findings]]
) -> Iterator[tuple[str, Table]]:
    for each in sets:
        pairs = [(r, f) for r, f in zip(each.rows, findings[each.name], strict=True) if r.aspects is not None]
        known = {name for row, _ in pairs for name in row.aspects or ()}
        if not known:
            continue
        found = [one for _, one in pairs]
        for scheme in schemes(known):
            gold = [_renamed(row.aspects or {}, scheme.gold_of) for row, _ in pairs]
            yield (
                f"{each.name} · {scheme.name}",
                {
                    "mentioned": asdict(topic_report(found, gold, scheme.label_of, scheme.labels)),
                    "polarity": _plain(polarity_report(found, gold, scheme.label_of)),
                },
            )
        if known <= _codes():
            gold = [dict(row.aspects or {}) for row, _ in pairs]
            yield (
                each.name,
                {
                    "mentioned": asdict(topic_report(found, gold, str, known)),
                    "polarity": _plain(polarity_report(found, gold, str)),
                },
            )


def _codes() -> set[str]:
    return {
        topic.code for pack in ("restaurant", "hotel", "bank", "retail") for topic in load_pack(pack).topics
    }


def _renamed(aspects: Mapping[str, str], gold_of: Callable[[str], str | None]) -> dict[str, str]:
    """Under the names of the scheme; where two become one that are not told alike, the worse is kept."""
    worst = ("positive", "neutral", "negative")
    named: dict[str, str] = {}
    for aspect, label in aspects.items():
        name = gold_of(aspect)
        if name is not None:
            named[name] = max(named.get(name, label), label, key=worst.index)
    return named


def _plain(report: Table) -> Table:
    return report | {"classes": {label: asdict(score) for label, score in report["classes"].items()}}


def _convertible(rows: Sequence[Labelled]) -> list[Labelled]:
    """Chinese with a label that is not in Traditional characters already."""
    old = traditional()
    return [
        row
        for row in rows
        if row.sentiment
        and any("\u4e00" <= one <= "\u9fff" for one in row.text)
        and not old.keys() & set(row.text)
    ]


def _scripts(
    pipeline: Pipeline,
    sets: Sequence[LabelledSet],
    findings: Mapping[str, Sequence[Findings]],
    advance: Advance | None,
) -> Table:
    """The same texts in Traditional characters (as in Taiwan, by OpenCC): what is lost, in points."""
    from opencc import OpenCC

    to_traditional = OpenCC("s2tw").convert
    there = {
        id(row): found for each in sets for row, found in zip(each.rows, findings[each.name], strict=True)
    }
    rows = [row for each in sets for row in _convertible(each.rows)]
    old = _read(pipeline, [_written(row, to_traditional(row.text)) for row in rows], advance)
    gold = [str(row.sentiment) for row in rows]
    plain = sentiment_report([there[id(row)] for row in rows], gold).accuracy
    converted = sentiment_report(old, gold).accuracy
    same = share(there[id(r)].sentiment.label == f.sentiment.label for r, f in zip(rows, old, strict=True))
    return {
        "n": len(rows),
        "simplified": plain,
        "traditional": converted,
        "lost": plain - converted,
        "labels_alike": same,
    }


def _similar(pipeline: Pipeline, sets: Sequence[LabelledSet]) -> Table:
    """Per set with intents, where the model has vectors: how often the nearest texts have the same one."""
    table: Table = {}
    for each in sets:
        rows = [row for row in each.rows if row.intent]
        texts = [row.text for row in rows]
        vectors = pipeline.vectors(texts) if rows else None
        if vectors is not None:
            table[each.name] = trials.similar(texts, vectors, [str(row.intent) for row in rows])
    return table


def _written(row: Labelled, text: str) -> Labelled:
    return Labelled(text, row.pack, row.sentiment, rating=row.rating)
