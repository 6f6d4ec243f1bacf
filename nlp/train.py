"""Fits the head of the `standard` profile on sentences of our own: `cem nlp train`.

Three classes on unit vectors, regularised hard (a looser fit does better on these sentences and worse on what
customers write). How sure its sum with the words is, how wide neutral is and where to abstain is then fitted
on sentences that the head had not seen, in five parts.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nlp import corpus
from nlp.backends.lexical import LexicalBackend
from nlp.language import detect
from nlp.models.carried import Floats
from nlp.models.embedder import Embedder, Passage
from nlp.scoring import LABELS
from nlp.script import fold, simplify
from nlp.texts import Document

LOSS_WEIGHT = 0.3
PARTS = 5
BATCH = 32
NEGATIVE, NEUTRAL, POSITIVE = range(3)
SURE = 0.96
"""The share that should be right of what is not abstained from; a little above what is promised."""

Doubles = NDArray[np.float64]
Classes = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Examples:
    """Vectors of the sentences, log odds of their words, classes, and the part each belongs to."""

    vectors: Floats
    words: Doubles
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
    readings = LexicalBackend().score([Document(text, fold(text), detect(text)) for text in texts])
    return Examples(
        vectors=_vectors(embedder, texts, advance),
        words=np.array([reading.log_odds for reading in readings]),
        classes=np.array([LABELS.index(row.sentiment) for row in rows]),
        parts=np.array([_part(text, seed) for text in texts]),
    )


def _vectors(embedder: Embedder, texts: list[str], advance: Callable[[int], None] | None) -> Floats:
    rows: list[Floats] = []
    for start in range(0, len(texts), BATCH):
        batch = texts[start : start + BATCH]
        rows += embedder.embed([Passage(simplify(text)) for text in batch])
        if advance:
            advance(len(batch))
    return np.concatenate(rows)


def fit(examples: Examples) -> dict[str, Any]:
    """The head as it is stored.

    Words and encoder get the same say: the words were written with these sentences in sight, so that a fit
    on them would trust the words too much. One temperature for their sum is fitted.
    """
    meant = unseen(examples)
    even = meant / meant.std() + examples.words / examples.words.std()
    sided = examples.classes != NEUTRAL
    heat = fit_heat(even[sided], examples.classes[sided] == POSITIVE)
    direction, bias = fit_direction(examples.vectors, examples.classes)
    share = heat / meant.std()
    return {
        "direction": [round(float(value), 4) for value in share * direction],
        "bias": round(float(share * bias), 4),
        "words": round(float(heat / examples.words.std()), 4),
        "calibration": _calibration(heat * even, examples.classes),
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
    """Nesterov's accelerated descent; the step is safe by the largest curvature. The bias goes free."""
    curvature = 0.5 * LOSS_WEIGHT * np.linalg.eigvalsh(inputs.T @ inputs)[-1] + 1.0
    held = np.ones((inputs.shape[1], 1))
    held[-1] = 0.0
    weights = ahead = np.zeros((inputs.shape[1], wanted.shape[1]))
    pace = 1.0
    for _ in range(5000):
        slope = LOSS_WEIGHT * inputs.T @ (_softmax(inputs @ ahead) - wanted) + held * ahead
        if np.abs(slope).max() < 1e-4:
            break
        stepped = ahead - slope / curvature
        faster = (1.0 + np.sqrt(1.0 + 4.0 * pace * pace)) / 2.0
        ahead = stepped + (pace - 1.0) / faster * (stepped - weights)
        weights, pace = stepped, faster
    return ahead


def _softmax(scores: Doubles) -> Doubles:
    raised: Doubles = np.exp(scores - scores.max(axis=1, keepdims=True))
    shares: Doubles = raised / raised.sum(axis=1, keepdims=True)
    return shares


def _calibration(log_odds: Doubles, classes: Classes) -> dict[str, Any]:
    within = _neutral_within(log_odds, classes)
    sided = np.abs(log_odds[(classes != NEUTRAL) & (np.abs(log_odds) > within)])
    return {
        "confidence": {"strength": 1.0, "disagreement": 0.0, "evidence": 0.0, "bias": 0.0},
        "highest_confidence": 0.98,
        "rating_prior": 0.4,
        "neutral_within": round(within, 2),
        "strong_from": round(float(np.median(sided)), 2),
        "abstain_below": _abstain_below(log_odds[classes != NEUTRAL]),
    }


def _neutral_within(log_odds: Doubles, classes: Classes) -> float:
    """The band that tells the three classes apart best, by the mean of their F1."""
    return float(max(np.arange(0.2, 3.0, 0.05), key=lambda within: _mean_f1(log_odds, classes, within)))


def _mean_f1(log_odds: Doubles, classes: Classes, within: float) -> float:
    guessed = np.where(np.abs(log_odds) < within, NEUTRAL, np.where(log_odds > 0, POSITIVE, NEGATIVE))
    scores = []
    for label in range(3):
        hits = np.sum((guessed == label) & (classes == label))
        scores.append(2 * hits / max(1, np.sum(guessed == label) + np.sum(classes == label)))
    return float(np.mean(scores))


def _abstain_below(log_odds: Doubles) -> float:
    """The confidence from which on, by the confidences themselves, `SURE` of the signs are right."""
    confidences = np.sort(1.0 / (1.0 + np.exp(-np.abs(log_odds))))[::-1]
    means = np.cumsum(np.minimum(confidences, 0.98)) / np.arange(1, len(confidences) + 1)
    return round(float(confidences[np.flatnonzero(means >= SURE)[-1]]), 2)


def _part(text: str, seed: int) -> int:
    """By the text and the seed alone, so that adding sentences moves no other."""
    salt = f"{seed}:" if seed else ""
    return hashlib.sha256((salt + text).encode()).digest()[0] % PARTS
