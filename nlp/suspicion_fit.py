"""Fits the second reader of risks on texts of our own: `python -m nlp.suspicion_fit MODELS`.

Prints, for each strength, how many of the risks and of the harmless texts would be called suspicious, each
judged by a fit that has not seen it; then keeps the fit on all of them beside the other head.
"""

from __future__ import annotations

import hashlib
import json
import sys
from pathlib import Path
from typing import Any, cast

import numpy as np
from numpy.typing import NDArray

from cem.domain.vocabulary import RiskCode
from nlp import corpus, train
from nlp.corpus.taught import taught
from nlp.corpus.told import told
from nlp.features import Embeds
from nlp.language import detect
from nlp.models.carried import Floats
from nlp.models.embedder import Embedder
from nlp.suspicion import STORED, packed, restored

Doubles = NDArray[np.float64]
PARTS = 5
HELD = 0.1
"""What a unit of squared weight costs."""
_STEPS, _FREE, _SMALL = 25, 1e-6, 1e-6
NAMES = tuple(code.value for code in RiskCode)


def examples() -> dict[str, tuple[str, ...]]:
    """Text and its risks: the training part of the sentences, what was told to be trained on, and of what the
    encoder is taught with the risks and what only sounds like one."""
    rows = {row.text: row.risks for row in corpus.sentences("train")}
    rows |= {row.text: row.risks for row in taught() if row.kind in {"risk", "harmless"}}
    return rows | {row.text: row.risks for row in told("train", "seen")}


def fitted(embedder: Embeds, encoder: str) -> dict[str, Any]:
    """The fit as it is stored."""
    rows = examples()
    vectors = train.vectors(cast(Embedder, embedder), list(rows))
    about = {"version": 1, "encoder": encoder, "texts": _checksum(rows)}
    return about | fit(vectors, list(rows.values()))


def fit(vectors: Floats, risks: list[tuple[str, ...]]) -> dict[str, Any]:
    middle = vectors.mean(axis=0)
    moved = (vectors - middle).astype(np.float64)
    risky = np.array([bool(codes) for codes in risks])
    direction, bias = _direction(moved, risky)
    unit = (moved / np.linalg.norm(moved, axis=1, keepdims=True)).astype(np.float32)
    return {
        "names": list(NAMES),
        "codes": [list(codes) for codes in risks if codes],
        "middle": [round(float(value), 5) for value in middle],
        "direction": [round(float(value), 4) for value in direction],
        "bias": round(bias, 4),
        "risky": packed(unit[risky]),
        "harmless": packed(unit[~risky]),
    }


def _direction(moved: Doubles, risky: NDArray[np.bool_]) -> tuple[Doubles, float]:
    """Logistic regression by Newton's method; risks, the fewer, weigh as much as all that is harmless."""
    inputs = np.column_stack([moved, np.ones(len(moved))])
    say = np.where(risky, (~risky).sum() / max(1, risky.sum()) / 2.0, 1.0)
    held = np.full(inputs.shape[1], HELD)
    held[-1] = _FREE
    weights = np.zeros(inputs.shape[1])
    for _ in range(_STEPS):
        share = 1.0 / (1.0 + np.exp(-np.clip(inputs @ weights, -50.0, 50.0)))
        slope = inputs.T @ (say * (share - risky)) + held * weights
        curve = (inputs * (say * share * (1.0 - share) + 1e-9)[:, None]).T @ inputs + np.diag(held)
        step = np.linalg.solve(curve, slope)
        weights -= step
        if np.abs(step).max() < _SMALL:
            break
    return weights[:-1], float(weights[-1])


def unseen(vectors: Floats, texts: list[str], risks: list[tuple[str, ...]]) -> Doubles:
    """The strength of each text by a fit on the other parts."""
    part = np.array([hashlib.sha256(text.encode()).digest()[0] % PARTS for text in texts])
    strengths = np.zeros(len(texts))
    for one in range(PARTS):
        others = [codes for codes, where in zip(risks, part, strict=True) if where != one]
        neighbours = restored(fit(vectors[part != one], others))
        here = np.flatnonzero(part == one)
        strengths[here] = [neighbours.suspect(vectors[i], detect(texts[i])).strength for i in here]
    return strengths


def _checksum(rows: dict[str, tuple[str, ...]]) -> str:
    return hashlib.sha256("\n".join(f"{text}\t{codes}" for text, codes in rows.items()).encode()).hexdigest()


def _told(embedder: Embeds) -> str:
    rows = examples()
    vectors = train.vectors(cast(Embedder, embedder), list(rows))
    strengths = unseen(vectors, list(rows), list(rows.values()))
    risky = np.array([bool(codes) for codes in rows.values()])
    lines = [f"{risky.sum()} risks, {(~risky).sum()} harmless", "strength  risks  harmless"]
    for least in np.arange(-5.0, 3.1, 0.5):
        called = strengths >= least
        lines.append(f"{least:>8.1f}  {called[risky].mean():.3f}  {called[~risky].mean():.3f}")
    return "\n".join(lines)


def main(models: str) -> None:
    from nlp.models.embedder import Remembering
    from nlp.models.store import ENCODER, ensure

    folder = ensure(Path(models))
    embedder = Remembering(Embedder(folder))
    sys.stdout.write(_told(embedder) + "\n")
    STORED.write_text(json.dumps(fitted(embedder, ENCODER), ensure_ascii=False) + "\n", "utf-8")


if __name__ == "__main__":
    main(sys.argv[1])
