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
LEAST = 8
"""Letters and digits from which a text that stands in another one of ours is no coincidence."""
COMMON = 5
"""A text with fewer letters than these is nobody's: everybody says it."""


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
    ours = _by_letters(texts)
    beginnings = _beginnings(ours, RUN)
    return sorted({ours[known] for other in others for known in _inside(_bare(other), ours, beginnings)})


def overlapping(texts: Iterable[str], others: Iterable[str]) -> list[str]:
    """The texts that are one of `others`, stand inside one or have one inside them, by letters and digits.

    What stands inside has `LEAST` letters at least; below that only the whole of a text counts.
    """
    listed = list(texts)
    ours, theirs = _by_letters(listed), _by_letters(others)
    first, second = _beginnings(ours, LEAST), _beginnings(theirs, LEAST)
    found = {known for other in theirs for known in _inside(other, ours, first)}
    found |= {one for one in ours if any(_inside(one, theirs, second))}
    return sorted({text for text in listed if _bare(text) in found})


def is_common(text: str) -> bool:
    """Whether everybody says it: not worth asking whose it is."""
    return len(_bare(text)) < COMMON


def texts_of(folder: Path) -> Iterator[str]:
    """Every string on the JSON lines below a folder."""
    for path in sorted(folder.rglob("*.jsonl")):
        for line in path.read_text("utf-8").split("\n"):
            if line:
                yield from (value for value in json.loads(line).values() if isinstance(value, str))


def _by_letters(texts: Iterable[str]) -> dict[str, str]:
    ours = {_bare(text): text for text in texts}
    ours.pop("", None)
    return ours


def _beginnings(texts: Iterable[str], run: int) -> dict[str, list[str]]:
    """The texts of `run` letters and more under the first `run` of them; empty where there are none."""
    found: defaultdict[str, list[str]] = defaultdict(list)
    for known in texts:
        if len(known) >= run:
            found[known[:run]].append(known)
    return dict(found)


def _inside(other: str, ours: Mapping[str, str], beginnings: Mapping[str, list[str]]) -> Iterator[str]:
    if other in ours:
        yield other
    run = len(next(iter(beginnings), ""))
    for start in range(len(other) - run + 1) if run else ():
        for known in beginnings.get(other[start : start + run], ()):
            if other.startswith(known, start):
                yield known


def _bare(text: str) -> str:
    return "".join(character for character in fold(text) if character.isalnum())
