"""The `standard` profile: what a multilingual encoder makes of the whole text, and what its words say.

Three say how good or bad a text is in log odds: a head fitted on sentences of our own (`nlp/train.py`) by its
vector, `fast` by its words, and the layers that were taught with many more (`nlp/models/adapter.py`), which
also say how neutral it is. Their sum, weighed on sentences that the last have not seen, is calibrated.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

from nlp import suspicion
from nlp.backends.base import Calibration, Reading, contradiction
from nlp.backends.lexical import LexicalBackend
from nlp.head_files import promoted, stamp
from nlp.judgements import Learned
from nlp.models import Unavailable
from nlp.models.carried import Floats
from nlp.models.embedder import Embedder, Passage, Remembering
from nlp.script import simplify
from nlp.texts import Document
from nlp.told import Told

HEAD = Path(__file__).parents[1] / "heads" / "standard.json"
"""The head that is shipped. One that was fitted here stands in its place: `promoted`."""


@dataclass(frozen=True, slots=True)
class Head:
    """`direction` and `bias` give the encoder's log odds of praise; `words` weighs those of `fast`, `told`
    those of the layers that were taught, in full for a short text.

    `learned`: what corrections say of topics and risks, where they said enough.
    """

    version: int
    encoder: str
    direction: Floats
    bias: float
    words: float
    words_in_english: float
    calibration: Calibration
    learned: Learned | None = None
    told: float = 0.0

    @classmethod
    def of(cls, stored: dict[str, Any]) -> Head:
        direction = np.array(stored["direction"], np.float32)
        calibration = Calibration.of(stored["calibration"])
        words = stored["words"]
        in_english = stored.get("words_in_english", words)
        return cls(
            stored["version"],
            stored["encoder"],
            direction,
            stored["bias"],
            words,
            in_english,
            calibration,
            Learned.of(stored.get("learned")),
            stored.get("told", 0.0),
        )


@cache
def shipped_head() -> Head:
    return Head.of(json.loads(HEAD.read_text("utf-8")))


def head_in_use(models: Path) -> Head:
    """The one that was promoted here, else the shipped one. Raises `Unavailable` for one that is broken."""
    path = promoted(models)
    if not path.is_file():
        return shipped_head()
    try:
        return Head.of(json.loads(path.read_text("utf-8")))
    except (ValueError, KeyError, TypeError, OSError) as error:
        raise Unavailable("unfit", f"the head {path} cannot be read: {error!r}") from error


def load_encoder(models: Path, *, make: bool = True) -> EncoderBackend:
    """Weights from `models`, converted if need be and wished. Raises `Unavailable`."""
    from nlp.models.store import ENCODER, ensure, present

    folder = ensure(models) if make else present(models)
    if folder is None:
        raise Unavailable("not_made", f"the weights are not in {models} yet")
    head = head_in_use(models)
    if head.encoder != ENCODER:
        raise Unavailable("unfit", f"the head was fitted on {head.encoder}, not on {ENCODER}")
    return EncoderBackend(_embedder(folder), head, models)


def _embedder(folder: Path) -> Embedder:
    try:
        return Embedder(folder)
    except Exception as error:  # the runtime's and the tokenizer's own kinds share no base below this
        raise Unavailable("failed", f"the weights in {folder} cannot be read: {error}") from error


class EncoderBackend:
    """`models`, where it is named, is looked at for a head that was promoted meanwhile."""

    def __init__(self, embedder: Embedder | Remembering, head: Head, models: Path | None = None) -> None:
        self.name = f"standard@{head.version}"
        self.calibration = head.calibration
        self.embedder = embedder
        self.head = head
        self.learned = head.learned
        self._models = models
        self._seen = stamp(models)
        self._lexical = LexicalBackend()
        self._neighbours = suspicion.shipped(head.encoder)

    def newer(self) -> EncoderBackend | None:
        """The same encoder with the head that is in use now; None where it is this one, or cannot be read."""
        if self._models is None or (now := stamp(self._models)) == self._seen:
            return None
        self._seen = now
        try:
            head = head_in_use(self._models)
        except Unavailable:
            return None
        if head.encoder != self.head.encoder or head.version == self.head.version:
            return None
        return EncoderBackend(self.embedder, head, self._models)

    @property
    def encoder(self) -> str:
        """Whose vectors these are, whichever head reads them."""
        return self.head.encoder

    def vectors(self, documents: Sequence[Document]) -> list[Floats]:
        """One unit vector for each document, in order."""
        return [row[: len(self.head.direction)] for row in self._rows(documents)]

    def score(self, documents: Sequence[Document]) -> list[Reading]:
        rows = zip(documents, self._rows(documents), self._lexical.score(documents), strict=True)
        return [self._together(document, row, said) for document, row, said in rows]

    def _rows(self, documents: Sequence[Document]) -> list[Floats]:
        read = self.embedder.embed([Passage(simplify(document.text)) for document in documents])
        return [rows[0] for rows in read]

    def _together(self, document: Document, row: Floats, said: Reading) -> Reading:
        head = self.head
        vector, told = (
            row[: len(head.direction)],
            Told.of(row[len(head.direction) :]).of_sentence(document.text),
        )
        meant = float(vector @ head.direction) + head.bias
        words = (head.words_in_english if document.language == "en" else head.words) * said.log_odds
        felt = head.told * told.log_odds
        disagreement = max(said.disagreement, contradiction(meant + felt, words))
        neighbours, language = self._neighbours, document.language
        suspected = neighbours.suspect(vector, language, told) if neighbours else None
        neutral = told.neutral + said.neutral
        log_odds = meant + words + felt
        return Reading(log_odds, said.evidence, disagreement, said.clauses, vector, suspected, neutral)
