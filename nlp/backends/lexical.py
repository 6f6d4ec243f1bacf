"""The `fast` profile: words with their scope, no encoder. Thousands of texts a second, nothing to load."""

from __future__ import annotations

from collections.abc import Sequence
from math import tanh

from nlp.backends.base import Calibration, Reading
from nlp.opinions import AFTER_BUT, Clause, read
from nlp.texts import Document
from nlp.words import lexicon, read_list

LATE = 0.3
"""How much more the last word of a text weighs than its first: people end with their verdict."""


BLAME_IN_CHINESE = 0.8
"""Complaints are told in more words than praise, so that each of their words counts a little less."""


class LexicalBackend:
    name = "fast@1"

    def __init__(self) -> None:
        self._words = lexicon()
        stored = read_list("calibration")
        self._fit = stored["log_odds"]
        self.calibration = Calibration.of(stored)

    def score(self, documents: Sequence[Document]) -> list[Reading]:
        return [self._read(document) for document in documents]

    def _read(self, document: Document) -> Reading:
        clauses = read(document.folded, self._words)
        praise, blame = _balance(clauses, len(document.folded))
        if document.language != "en":
            blame *= BLAME_IN_CHINESE
        both = praise + blame
        share = (praise - blame) / (both + 1.0)
        log_odds = self._fit["share"] * share + self._fit["sum"] * tanh((praise - blame) / 3.0)
        disagreement = 2.0 * min(praise, blame) / both if both else 0.0
        log_odds += self._fit["turn"] * tanh(_after_turn(clauses))
        return Reading(log_odds + self._fit["prior"], both, disagreement, tuple(clauses))


def _after_turn(clauses: list[Clause]) -> float:
    """What is said after a "but": that is what the customer came to say."""
    return sum(clause.value for clause in clauses if clause.weight == AFTER_BUT)


def _balance(clauses: list[Clause], length: int) -> tuple[float, float]:
    """Sums of praise and of blame, weighed by their clause and by how late they stand."""
    praise = blame = 0.0
    for clause in clauses:
        for start, _, value, _ in clause.units:
            weighed = value * clause.weight * (1.0 + LATE * start / length)
            if weighed > 0:
                praise += weighed
            else:
                blame -= weighed
    return praise, blame
