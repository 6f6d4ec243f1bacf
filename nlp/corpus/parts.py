"""Every text of this folder by what it may be used for: what the checks of our own making look through."""

from __future__ import annotations

from typing import NamedTuple

from nlp import corpus
from nlp.corpus.exam import exam
from nlp.corpus.originality import is_common
from nlp.corpus.taught import taught
from nlp.corpus.told import told


class Parts(NamedTuple):
    """`open` texts were written with one another in reach, `blind` ones without, so that a run of characters
    in both is chance; `taught` are of the open ones; `measured` is everything that figures are told of."""

    open: tuple[str, ...]
    blind: tuple[str, ...]
    taught: tuple[str, ...]
    measured: tuple[str, ...]
    bearable: frozenset[str]
    """Taught and blind texts so short that everybody says them: they may stand in other people's texts."""


def parts() -> Parts:
    """Each text with those of its kind. `ValueError` names a bad line."""
    read = corpus.sentences()
    cases = tuple(case.text for case in corpus.challenges())
    risks = tuple(row.text for row in told("train", "seen"))
    lessons = tuple(row.text for row in taught())
    blind = (*(row.text for row in told("fresh")), *(row.text for row in exam()))
    held_out = (row.text for row in read if row.part == "held_out")
    return Parts(
        open=(*(row.text for row in read), *cases, *risks, *lessons),
        blind=blind,
        taught=lessons,
        measured=(*held_out, *cases, *blind),
        bearable=frozenset(filter(is_common, (*lessons, *blind))),
    )
