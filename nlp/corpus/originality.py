"""Whether the sentences are of our own making: no pattern runs through them, none is anybody else's."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from nlp.script import fold

RUN = 12
"""Code points. So long a run in many sentences is a pattern that somebody filled in."""
MOST = 3
"""Sentences that may share a run."""


def repeated_runs(texts: Iterable[str]) -> list[tuple[str, int]]:
    """Runs of `RUN` characters in more than `MOST` texts with how many, the commonest first; case aside."""
    counts: Counter[str] = Counter()
    for text in texts:
        small = text.lower()
        counts.update({small[start : start + RUN] for start in range(len(small) - RUN + 1)})
    return [(run, count) for run, count in counts.most_common() if count > MOST]


def copied(texts: Iterable[str], others: Iterable[str]) -> list[str]:
    """The texts that stand in one of `others`: inside it, or, below `RUN` letters, as the whole of it.

    Only letters and digits are compared, so that a copy with other points or spaces is one too.
    """
    ours = {_bare(text): text for text in texts}
    ours.pop("", None)
    beginnings: defaultdict[str, list[str]] = defaultdict(list)
    for known in ours:
        if len(known) >= RUN:
            beginnings[known[:RUN]].append(known)
    return sorted({ours[known] for other in others for known in _inside(_bare(other), ours, beginnings)})


def texts_of(folder: Path) -> Iterator[str]:
    """Every string on the JSON lines below a folder."""
    for path in sorted(folder.rglob("*.jsonl")):
        for line in path.read_text("utf-8").split("\n"):
            if line:
                yield from (value for value in json.loads(line).values() if isinstance(value, str))


def _inside(other: str, ours: Mapping[str, str], beginnings: Mapping[str, list[str]]) -> Iterator[str]:
    if other in ours:
        yield other
    for start in range(len(other) - RUN + 1):
        for known in beginnings.get(other[start : start + RUN], ()):
            if other.startswith(known, start):
                yield known


def _bare(text: str) -> str:
    return "".join(character for character in fold(text) if character.isalnum())
