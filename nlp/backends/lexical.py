"""The `fast` profile: words with their scope, and n-grams. Thousands of texts a second, no encoder.

Words were written down by people and reach as far as their scope does; the n-grams (`nlp/ngrams.py`) were
taught with sentences, and also tell what is neither praise nor blame and what sounds like a risk.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import tanh

from nlp import ngrams
from nlp.backends.base import Calibration, Reading, Suspicion, contradiction
from nlp.head_files import SHIPPED_WORDS
from nlp.opinions import AFTER_BUT, Clause, read
from nlp.texts import Document
from nlp.told import Told
from nlp.words import lexicon, read_list

LATE = 0.3
"""How much more the last word of a text weighs than its first: people end with their verdict."""

BLAME_IN_CHINESE = 0.8
"""Complaints are told in more words than praise, so that each of their words counts a little less."""
RISKY, RISKY_FROM = 1.4, -0.92
"""From log odds of -1.2 on a complaint is called suspicious, from 1.3 on praise: chosen so that as many
ordinary reviews raise an alarm as with the encoder."""


class LexicalBackend:
    name = f"fast@{SHIPPED_WORDS}"

    def __init__(self) -> None:
        self._words = lexicon()
        self._ngrams = ngrams.shipped()
        stored = read_list("calibration")
        self._fit = stored["log_odds"]
        self.calibration = Calibration.of(stored)

    def score(self, documents: Sequence[Document]) -> list[Reading]:
        rows = self._ngrams.tell([document.folded for document in documents])
        return [self._read(document, Told.of(row)) for document, row in zip(documents, rows, strict=True)]

    def _read(self, document: Document, told: Told) -> Reading:
        clauses = read(document.folded, self._words)
        praise, blame = _balance(clauses, len(document.folded))
        if document.language != "en":
            blame *= BLAME_IN_CHINESE
        both = praise + blame
        share = (praise - blame) / (both + 1.0)
        log_odds = self._fit["share"] * share + self._fit["sum"] * tanh((praise - blame) / 3.0)
        disagreement = 2.0 * min(praise, blame) / both if both else 0.0
        log_odds += self._fit["turn"] * tanh(_after_turn(clauses)) + self._fit["prior"]
        felt = self._fit["ngrams"] * told.log_odds
        return Reading(
            log_odds + felt,
            both,
            max(disagreement, contradiction(log_odds, felt)),
            tuple(clauses),
            suspicion=_suspicion(told),
            neutral=told.neutral,
        )


def _suspicion(told: Told) -> Suspicion:
    """On the scale of `nlp.suspicion`, whose bounds hold for both."""
    return Suspicion(round(RISKY * told.risky + RISKY_FROM, 3), told.risks)


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
