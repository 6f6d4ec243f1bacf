"""Fits the head of the `standard` profile on sentences of our own: `cem nlp train`.

Three classes on unit vectors, regularised hard (a looser fit does better on these sentences and worse on what
customers write). How sure its sum with the words is, how wide neutral is and where to abstain is then fitted
on sentences that the head had not seen, in five parts.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nlp import corpus
from nlp.backends.lexical import LexicalBackend
from nlp.features import Embeds
from nlp.language import detect
from nlp.models.carried import Floats
from nlp.models.embedder import Embedder, Passage
from nlp.scoring import LABELS
from nlp.script import fold, simplify
from nlp.texts import Document
from nlp.told import Told

LOSS_WEIGHT = 0.6
SAY_OF_WORDS, SAY_OF_ENGLISH_WORDS = 1.5, 0.75
"""How much more the words say than the encoder: both are first put on one scale."""
SAY_OF_TOLD = 0.8
"""The same of the layers that were taught."""
NEUTRAL_SAYS = (0.0, 0.25, 0.5, 0.75, 1.0, 1.25, 1.5, 1.75, 2.0)
PARTS = 5
BATCH = 32
_STEPS, _SMALL, _FREE = 30, 1e-9, 1e-6
NEGATIVE, NEUTRAL, POSITIVE = range(3)
HIGHEST = 0.98
"""Nobody should be surer than this by one text."""
SURE = 0.955
"""The share that should be right of what is not abstained from, on our own sentences."""

Doubles = NDArray[np.float64]
Classes = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Examples:
    """Vectors of the sentences, log odds of their words and the say these have; log odds and neutrality by
    the layers that were taught; classes, and parts."""

    vectors: Floats
    words: Doubles
    say: Doubles
    felt: Doubles
    neutral: Doubles
    classes: Classes
    parts: Classes


def candidate(
    embedder: Embedder,
    encoder: str,
    version: int,
    seed: int = 0,
    advance: Callable[[int], None] | None = None,
) -> dict[str, Any]:
    """A head as it is stored, fitted on the training part of our sentences; the same for the same seed."""
    about = {"version": version, "encoder": encoder, "seed": seed, "sentences": corpus.checksum("train")}
    return about | fit(read(embedder, seed, advance))


def stored(head: Path) -> dict[str, Any]:
    """A head that `candidate` made and `write` kept."""
    content: dict[str, Any] = json.loads(head.read_text("utf-8"))
    return content


def write(head: dict[str, Any], path: Path) -> None:
    """Whole or not at all; what stood there is kept beside it as `NAME.previous.json`."""
    path.parent.mkdir(parents=True, exist_ok=True)
    half = path.with_name(f".{path.name}.{os.getpid()}")
    half.write_text(json.dumps(head, indent=1) + "\n", "utf-8")
    if path.exists():
        path.with_suffix(".previous.json").write_bytes(path.read_bytes())
    half.replace(path)


def read(embedder: Embedder, seed: int = 0, advance: Callable[[int], None] | None = None) -> Examples:
    """The training part, embedded; `advance` is told how many sentences are done."""
    rows = corpus.sentences("train")
    texts = [row.text for row in rows]
    classes = np.array([LABELS.index(row.sentiment) for row in rows])
    return examples(embedder, texts, classes, np.array([_part(text, seed) for text in texts]), advance)


def examples(
    embedder: Embeds,
    texts: Sequence[str],
    classes: Classes,
    parts: Classes,
    advance: Callable[[int], None] | None = None,
) -> Examples:
    """What encoder and words say of texts whose class (`LABELS`) and part (0 to `PARTS`) are known."""
    rows = embedded(embedder, texts, advance)
    meanings = rows.shape[1] - getattr(embedder, "told", 0)
    told = [Told.of(row[meanings:]).of_sentence(text) for row, text in zip(rows, texts, strict=True)]
    documents = [Document(text, fold(text), detect(text)) for text in texts]
    english = np.array([document.language == "en" for document in documents])
    words = LexicalBackend().score(documents)
    return Examples(
        vectors=rows[:, :meanings],
        words=np.array([reading.log_odds for reading in words]),
        say=np.where(english, SAY_OF_ENGLISH_WORDS, SAY_OF_WORDS),
        felt=np.array([said.log_odds for said in told]),
        neutral=np.array([layers.neutral + said.neutral for layers, said in zip(told, words, strict=True)]),
        classes=classes,
        parts=parts,
    )


def vectors(embedder: Embedder, texts: Sequence[str], advance: Callable[[int], None] | None = None) -> Floats:
    """One unit vector a row."""
    rows = embedded(embedder, texts, advance)
    return rows[:, : rows.shape[1] - getattr(embedder, "told", 0)]


def embedded(embedder: Embeds, texts: Sequence[str], advance: Callable[[int], None] | None = None) -> Floats:
    """One row a text: its vector, and what the layers that were taught say of it."""
    rows: list[Floats] = []
    for start in range(0, len(texts), BATCH):
        batch = texts[start : start + BATCH]
        rows += embedder.embed([Passage(simplify(text)) for text in batch])
        if advance:
            advance(len(batch))
    return np.concatenate(rows)


def fit(examples: Examples) -> dict[str, Any]:
    """The head as it is stored.

    What encoder, words and the layers that were taught say is put on one scale and added with a fixed say of
    each: the words were written with many of these sentences in sight, so that a fit on them would trust the
    words too much. One temperature for their sum is fitted.
    """
    meant = unseen(examples)
    felt_spread = examples.felt.std() or 1.0
    both = meant / meant.std() + examples.say * examples.words / examples.words.std()
    both += SAY_OF_TOLD * examples.felt / felt_spread
    sided = examples.classes != NEUTRAL
    heat = fit_heat(both[sided], examples.classes[sided] == POSITIVE)
    direction, bias = fit_direction(examples.vectors, examples.classes)
    share, words = heat / meant.std(), heat / examples.words.std()
    return {
        "direction": [round(float(value), 4) for value in share * direction],
        "bias": round(float(share * bias), 4),
        "words": round(float(SAY_OF_WORDS * words), 4),
        "words_in_english": round(float(SAY_OF_ENGLISH_WORDS * words), 4),
        "told": round(float(SAY_OF_TOLD * heat / felt_spread), 4),
        "calibration": _calibration(heat * both, examples.neutral, examples.classes),
    }


def unseen(examples: Examples) -> Doubles:
    """The encoder's log odds of each sentence, by a head that was fitted on the other parts."""
    log_odds = np.zeros(len(examples.classes))
    for part in range(PARTS):
        here = examples.parts == part
        direction, bias = fit_direction(examples.vectors[~here], examples.classes[~here])
        log_odds[here] = examples.vectors[here] @ direction + bias
    return log_odds


def fit_direction(vectors: Floats, classes: Classes) -> tuple[Doubles, float]:
    """Multinomial logistic regression; of its three rows only praise less blame is kept."""
    inputs = np.column_stack([vectors.astype(np.float64), np.ones(len(vectors))])
    weights = _descend(inputs, np.eye(3)[classes])
    both = weights[:, POSITIVE] - weights[:, NEGATIVE]
    return both[:-1], float(both[-1])


def fit_heat(evidence: Doubles, praise: NDArray[np.bool_]) -> float:
    """What turns evidence into log odds: logistic regression of one number, by Newton's method."""
    heat = 1.0
    for _ in range(50):
        right = 1.0 / (1.0 + np.exp(-np.clip(heat * evidence, -50.0, 50.0)))
        slope = float(evidence @ (right - praise))
        heat -= slope / (float(evidence**2 @ (right * (1.0 - right))) + 1e-9)
    return heat


def _descend(inputs: Doubles, wanted: Doubles) -> Doubles:
    """Newton's method, each step halved until it gains: a second or two. The bias goes free."""
    held = np.ones((inputs.shape[1], 1))
    held[-1] = _FREE
    weights = np.zeros((inputs.shape[1], wanted.shape[1]))
    loss = _loss(inputs, wanted, held, weights)
    for _ in range(_STEPS):
        shares = _softmax(inputs @ weights)
        slope = LOSS_WEIGHT * inputs.T @ (shares - wanted) + held * weights
        step = np.linalg.solve(_curvature(inputs, shares, held), slope.T.ravel())
        step = step.reshape(weights.T.shape).T
        while (found := _loss(inputs, wanted, held, weights - step)) > loss and np.abs(step).max() > _SMALL:
            step = step / 2.0
        weights, gained, loss = weights - step, loss - found, found
        if gained < _SMALL:
            break
    return weights


def _loss(inputs: Doubles, wanted: Doubles, held: Doubles, weights: Doubles) -> float:
    scores = inputs @ weights
    highest = scores.max(axis=1)
    logs = highest + np.log(np.exp(scores - highest[:, None]).sum(axis=1))
    missed = logs - (scores * wanted).sum(axis=1)
    return float(LOSS_WEIGHT * missed.sum() + 0.5 * (held * weights**2).sum())


def _curvature(inputs: Doubles, shares: Doubles, held: Doubles) -> Doubles:
    """The Hessian, class by class."""
    size, classes = inputs.shape[1], shares.shape[1]
    whole = np.zeros((classes, size, classes, size))
    for one in range(classes):
        for other in range(one, classes):
            weight = LOSS_WEIGHT * shares[:, one] * ((one == other) - shares[:, other])
            block = (inputs * weight[:, None]).T @ inputs
            whole[one, :, other, :] = block
            whole[other, :, one, :] = block
    flat: Doubles = whole.reshape(classes * size, classes * size)
    flat[np.diag_indices(classes * size)] += np.tile(held[:, 0], classes)
    return flat


def _softmax(scores: Doubles) -> Doubles:
    raised: Doubles = np.exp(scores - scores.max(axis=1, keepdims=True))
    shares: Doubles = raised / raised.sum(axis=1, keepdims=True)
    return shares


def _calibration(log_odds: Doubles, neutral: Doubles, classes: Classes) -> dict[str, Any]:
    within, say = neutral_band(log_odds, neutral, classes)
    sided = np.abs(log_odds[(classes != NEUTRAL) & (np.abs(log_odds) > within + say * neutral)])
    return {
        "confidence": {"strength": 1.0, "disagreement": 0.0, "evidence": 0.0, "bias": 0.0},
        "highest_confidence": HIGHEST,
        "rating_prior": 0.4,
        "neutral_within": round(within, 2),
        "neutral_say": round(say, 2),
        "strong_from": round(float(np.median(sided)), 2),
        "abstain_below": abstain_below(np.minimum(_confidences(log_odds[classes != NEUTRAL]), HIGHEST)),
    }


def neutral_band(
    log_odds: Doubles, neutral: Doubles, classes: Classes, says: Iterable[float] = NEUTRAL_SAYS
) -> tuple[float, float]:
    """How wide neutral is, and how much wider where the text sounds neutral: what tells the three classes
    apart best, by the mean of their F1."""
    bands = [(float(within), say) for say in says for within in np.arange(0.2, 5.0, 0.1)]
    return max(bands, key=lambda band: _mean_f1(log_odds, classes, band[0] + band[1] * neutral))


def _mean_f1(log_odds: Doubles, classes: Classes, within: Doubles) -> float:
    guessed = np.where(np.abs(log_odds) < within, NEUTRAL, np.where(log_odds > 0, POSITIVE, NEGATIVE))
    scores = []
    for label in range(3):
        hits = np.sum((guessed == label) & (classes == label))
        scores.append(2 * hits / max(1, np.sum(guessed == label) + np.sum(classes == label)))
    return float(np.mean(scores))


def _confidences(log_odds: Doubles) -> Doubles:
    shares: Doubles = 1.0 / (1.0 + np.exp(-np.abs(log_odds)))
    return shares


def abstain_below(confidences: Doubles) -> float:
    """The confidence from which on, by the confidences themselves, `SURE` of the signs are right.

    1 where none is sure enough: a model that tells nothing abstains from everything.
    """
    confidences = np.sort(confidences)[::-1]
    means = np.cumsum(confidences) / np.arange(1, len(confidences) + 1)
    sure = np.flatnonzero(means >= SURE)
    return round(float(confidences[sure[-1]]), 2) if len(sure) else 1.0


def _part(text: str, seed: int) -> int:
    """By the text and the seed alone, so that adding sentences moves no other."""
    salt = f"{seed}:" if seed else ""
    return hashlib.sha256((salt + text).encode()).digest()[0] % PARTS
