"""Fits how `fast` is to be read, on the training part of our sentences: how sure it is, how wide neutral is.

What words and n-grams say stays as it is: the words were written with many of these sentences in sight, the
n-grams were taught with others. Needs scikit-learn; `cem nlp train --ngrams` does it after teaching.
"""

from __future__ import annotations

import json
from typing import Any

import numpy as np
from sklearn.linear_model import LogisticRegression

from nlp import corpus, train
from nlp.backends.lexical import LexicalBackend
from nlp.language import detect
from nlp.scoring import LABELS
from nlp.script import fold
from nlp.texts import Document
from nlp.words import LEXICON

FILE = LEXICON / "calibration.json"
SAY_OF_NEUTRAL = 0.75
"""How much the band of neutral widens with what the n-grams say of it. More would fit these sentences still
better, and call harder ones neutral that are not."""
LOOSE = 10.0


def refit() -> None:
    """Writes what was fitted into the package; what words and n-grams say stays."""
    stored: dict[str, Any] = json.loads(FILE.read_text("utf-8"))
    FILE.write_text(json.dumps(stored | calibration(), indent=1) + "\n", "utf-8")


def calibration() -> dict[str, Any]:
    """`Calibration` as it is stored, for the words and the n-grams that are there."""
    rows = corpus.sentences("train")
    readings = LexicalBackend().score([Document(row.text, fold(row.text), detect(row.text)) for row in rows])
    classes = np.array([LABELS.index(row.sentiment) for row in rows])
    log_odds = np.array([reading.log_odds for reading in readings])
    neutral = np.array([reading.neutral for reading in readings])
    within, say = train.neutral_band(log_odds, neutral, classes, (SAY_OF_NEUTRAL,))
    sided = classes != train.NEUTRAL
    strength = np.abs(log_odds[sided])
    right = (log_odds[sided] > 0) == (classes[sided] == train.POSITIVE)
    sure = LogisticRegression(C=LOOSE).fit(strength[:, None], right)
    confidences = np.minimum(sure.predict_proba(strength[:, None])[:, 1], train.HIGHEST)
    return {
        "confidence": {
            "strength": round(float(sure.coef_[0, 0]), 2),
            "disagreement": 0.0,
            "evidence": 0.0,
            "bias": round(float(sure.intercept_[0]), 2),
        },
        "highest_confidence": train.HIGHEST,
        "neutral_within": round(within, 2),
        "neutral_say": say,
        "strong_from": round(float(np.median(strength)), 2),
        "abstain_below": train.abstain_below(confidences),
    }
