"""Teaches the n-grams of `fast` with sentences of our own: `cem nlp train --ngrams`, needs scikit-learn.

One logistic regression for each number that is told: praise against blame on the sentences that are either,
neither against both, any risk and each of them on all. Sentences that the head is fitted on, and those that
are measured with, are not among them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix
from sklearn.linear_model import LogisticRegression

from nlp import ngrams
from nlp.corpus.taught import Taught
from nlp.ngrams import NGrams
from nlp.script import fold
from nlp.told import ANY_RISK, FIRST_RISK, NEGATIVE, NEUTRAL, POSITIVE, RISKS, TOLD

LEAST = 3
"""Texts that have an n-gram before it is worth a weight."""
LOOSE = 16.0
RISKS_ARE_RARE = 2.0
_STEPS = 500

Progress = Callable[[float], None]
Flags = NDArray[np.bool_]


def teach(
    rows: Sequence[Taught], told: Mapping[str, tuple[str, ...]], version: int, progress: Progress
) -> NGrams:
    """`told`: more texts with their risks, whose feeling is not known. The same for the same sentences; a
    minute or two. `progress` is told a share of 0..1."""
    folded = [fold(text) for text in (*(row.text for row in rows), *told)]
    hashes = ngrams.frequent(folded, LEAST)
    inputs = _inputs(folded, hashes)
    weights, bias = np.zeros((len(hashes), TOLD)), np.zeros(TOLD)
    for column, wanted, known in _questions(rows, told):
        fitted = _fit(inputs[known], wanted[known], column)
        weights[:, column], bias[column] = fitted
        progress((column + 1) / TOLD)
    for numbers in (weights, bias):  # praise and blame tell half of the difference each
        numbers[..., POSITIVE] /= 2.0
        numbers[..., NEGATIVE] = -numbers[..., POSITIVE]
    return ngrams.packed(version, hashes, weights, bias.astype(np.float32))


def _questions(
    rows: Sequence[Taught], told: Mapping[str, tuple[str, ...]]
) -> Iterator[tuple[int, Flags, Flags]]:
    """Which number, of which texts it is wanted high, and of which that is known."""
    levels = np.array([row.level for row in rows] + [0] * len(told))
    risks = [row.risks for row in rows] + list(told.values())
    felt, all_of_them = np.arange(len(levels)) < len(rows), np.ones(len(levels), np.bool_)
    yield NEUTRAL, levels == 0, felt
    yield POSITIVE, levels > 0, felt & (levels != 0)
    yield ANY_RISK, np.array([bool(codes) for codes in risks]), all_of_them
    for column, code in enumerate(RISKS, FIRST_RISK):
        yield column, np.array([code in codes for codes in risks]), all_of_them


def _inputs(folded: Sequence[str], hashes: ngrams.Hashes) -> Any:
    """(texts, n-grams), sparse: each that a text has says the more the fewer it has."""
    owners, places = ngrams.placed(folded, hashes)
    share = 1.0 / np.sqrt(np.bincount(owners, minlength=len(folded)) + ngrams.FEW)[owners]
    return csr_matrix((share, (owners, places)), shape=(len(folded), len(hashes)))


def _fit(inputs: Any, wanted: Flags, column: int) -> tuple[NDArray[np.float64], float]:
    """What no text is, is unlikely everywhere. Without n-grams there is neither praise nor blame."""
    if not wanted.any():
        return np.zeros(inputs.shape[1]), -float(np.log(len(wanted) + 1))
    weight = {True: RISKS_ARE_RARE if column >= ANY_RISK else 1.0, False: 1.0}
    model = LogisticRegression(
        C=LOOSE, class_weight=weight, fit_intercept=column != POSITIVE, max_iter=_STEPS
    )
    model.fit(inputs, wanted)
    return model.coef_[0], float(np.ravel(model.intercept_)[0])
