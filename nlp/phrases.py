"""Phrases that could name something: runs of Chinese characters and English words, counted once in a text.

Nothing is segmented with a dictionary, because what is new stands in none. Every run that enough texts hold
is a candidate (a run is only as frequent as its parts, so longer ones grow out of frequent ones: R. Agrawal
and R. Srikant, Fast Algorithms for Mining Association Rules, VLDB 1994); what is a fragment or a chance
meeting of two words is sorted out afterwards by `nlp.emerging`.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Container, Iterable, Iterator, Sequence
from typing import Final

from nlp.script import fold

LONGEST_HAN: Final = 8
LONGEST_WORDS: Final = 3
Run = Sequence[str]
"""Units that stand side by side: characters (a `str`) or English words (a tuple)."""
Phrase = str
"""Characters without, words with a blank between them."""

_RUNS: Final = re.compile(r"[\u3400-\u9fff]+|[a-z][a-z'-]*[a-z](?: [a-z][a-z'-]*[a-z])*|\b[ia]\b")
_NOT_FIRST: Final = frozenset("的了吗呢吧啊呀嘛们很太我你他她它也又就和与及把这那但是挺真被让给跟哦啦")
_NOT_LAST: Final = frozenset(
    "的了很太我你他她它也又就都还和与及把被让给跟这那但是在不没真挺着吗呢吧啊呀嘛哦啦"
)
_STOP_WORDS: Final = (
    "a about after again all also am an and any are as at be because been before being but by can could did "
    "do does doing don't down each even ever every few for from get give go got had has have having he her "
    "here him his how i i'm if in into is it it's its just like made make me more most much my never no not "
    "now of off on once one only or other our out over own quite really same she should so some still such "
    "than that the their them then there these they this those through to too under until up us very was we "
    "were what when where which while who why will with would you your"
)
_STOP: Final = frozenset(_STOP_WORDS.split(" "))


def runs(text: str, masked: Iterable[tuple[int, int]] = ()) -> list[Run]:
    """The runs of a text in one script and in small letters, without what is personal (`masked` spans)."""
    folded = fold(text)
    for start, end in masked:
        folded = f"{folded[:start]}{chr(10) * (end - start)}{folded[end:]}"
    found: list[Run] = []
    for run in _RUNS.findall(folded):
        if run[0] >= "\u3400":
            found.append(run)
        else:
            found.append(tuple(run.split(" ")))
    return found


def frequent(texts: Sequence[Sequence[Run]], least: int) -> tuple[dict[Phrase, int], int]:
    """Every phrase that stands in at least so many of these texts, with in how many, single units too; and of
    how many different ones they were picked."""
    found: dict[Phrase, int] = {}
    tried = 0
    shorter: set[Phrase] = set()
    for length in range(1, LONGEST_HAN + 1):
        counts: Counter[Phrase] = Counter()
        for text in texts:
            counts.update({phrase for run in text for phrase in _of_length(run, length, shorter)})
        tried += len(counts)
        shorter = {phrase for phrase, count in counts.items() if count >= least}
        if not shorter:
            break
        found.update((phrase, counts[phrase]) for phrase in shorter)
    return found, tried


def held(text: Sequence[Run], known: Container[Phrase], wanted: Container[Phrase]) -> set[Phrase]:
    """Which of the `wanted` phrases a text holds; whatever a wanted one begins with has to be `known`."""
    found: set[Phrase] = set()
    for run in text:
        size = len(run)
        if isinstance(run, str):
            for start in range(size - 1):
                for end in range(start + 2, min(start + LONGEST_HAN, size) + 1):
                    phrase = run[start:end]
                    if phrase not in known:
                        break  # nothing longer is known either
                    if phrase in wanted:
                        found.add(phrase)
        else:
            for start in range(size):
                for end in range(start + 1, min(start + LONGEST_WORDS, size) + 1):
                    phrase = " ".join(run[start:end])
                    if phrase not in known:
                        break
                    if phrase in wanted:
                        found.add(phrase)
    return found


def names_something(phrase: Phrase) -> bool:
    """Whether it can be a phrase by its edges: no particle, no stop word; two characters or three letters."""
    if phrase[0] >= "\u3400":
        return len(phrase) > 1 and phrase[0] not in _NOT_FIRST and phrase[-1] not in _NOT_LAST
    words = phrase.split(" ")
    return len(phrase) > 2 and words[0] not in _STOP and words[-1] not in _STOP


def splits(phrase: Phrase) -> Iterator[tuple[Phrase, Phrase]]:
    """Every way to cut it in two."""
    if phrase[0] >= "\u3400":
        yield from ((phrase[:cut], phrase[cut:]) for cut in range(1, len(phrase)))
        return
    words = phrase.split(" ")
    for cut in range(1, len(words)):
        yield " ".join(words[:cut]), " ".join(words[cut:])


def neighbours(phrase: Phrase, text: Sequence[Run]) -> Iterator[tuple[str, str]]:
    """What stands before and after each time that a text holds it; empty at the edge of a run."""
    han = phrase[0] >= "\u3400"
    units: Run = phrase if han else tuple(phrase.split(" "))
    size = len(units)
    for run in text:
        if isinstance(run, str) is not han or (han and phrase not in run):
            continue
        for start in range(len(run) - size + 1):
            if run[start : start + size] == units:
                before = run[start - 1] if start else ""
                after = run[start + size] if start + size < len(run) else ""
                yield before, after


def _of_length(run: Run, length: int, shorter: set[Phrase]) -> Iterator[Phrase]:
    """The phrases of this length of which both shorter parts are frequent."""
    if isinstance(run, str):
        for start in range(len(run) - length + 1):
            end = start + length
            if length == 1 or (run[start : end - 1] in shorter and run[start + 1 : end] in shorter):
                yield run[start:end]
    elif length <= LONGEST_WORDS:
        for start in range(len(run) - length + 1):
            words = run[start : start + length]
            if length == 1 or (" ".join(words[:-1]) in shorter and " ".join(words[1:]) in shorter):
                yield " ".join(words)
