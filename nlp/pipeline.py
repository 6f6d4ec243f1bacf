"""From texts to findings: the one door of this package.

`load` is slow the first time (word lists, models) and is called once in a process; `Pipeline.analyse` is
pure and may be called from one thread at a time.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from cem.domain.findings import Findings, Sentiment
from nlp import pii, risks, sentiment, urgency
from nlp.backends.base import Backend, Reading
from nlp.language import detect
from nlp.models import Unavailable, quietly
from nlp.packs import load_pack
from nlp.registry import FAST, Wish, load_backend, prepare
from nlp.script import fold
from nlp.texts import Document, TextIn, check, without_rating
from nlp.topics import TopicFinder

if TYPE_CHECKING:
    from nlp.judgements import Learned
    from nlp.models.carried import Floats

__all__ = ["Pipeline", "TextIn", "Understood", "load", "space_of"]


def load(
    profile: str = FAST,
    pack: str = "restaurant",
    models: Path | None = None,
    *,
    model: str | None = None,
    make: bool = True,
) -> Pipeline:
    """A pipeline ready to work. Raises `ValueError` for an unknown profile or pack.

    `models` is the folder of weights, filled on the first call (seconds) unless `make` is false. Where they
    cannot be had the pipeline reads with `fast`, and `missing` says why.
    """
    topics = TopicFinder(load_pack(pack))
    wish = Wish(profile, models, model)
    try:
        if make:
            prepare(wish, quietly)
        return Pipeline(load_backend(wish), topics)
    except Unavailable as missing:
        return Pipeline(load_backend(Wish()), topics, missing)


@dataclass(frozen=True, slots=True)
class Understood:
    """`meaning` is the turned vector as it is kept (`nlp.similar.pack`); None without words or vectors."""

    findings: Findings
    meaning: bytes | None = None


class Pipeline:
    def __init__(self, backend: Backend, topics: TopicFinder, missing: Unavailable | None = None) -> None:
        self.missing = missing
        self._backend = backend
        self._topics = topics

    def for_pack(self, pack: str) -> Pipeline:
        """The same model looking for the topics of another industry."""
        return Pipeline(self._backend, _finder(pack), self.missing)

    @property
    def model(self) -> str:
        """`name@version`, as every finding carries it."""
        return self._backend.name

    @property
    def space(self) -> str | None:
        """What its meanings can be compared with; None where the model reads words alone."""
        return space_of(self._backend)

    def vectors(self, texts: Sequence[str]) -> Floats | None:
        """What the texts mean as it is compared, one unit vector a row; None where words alone are read."""
        embed = getattr(self._backend, "vectors", None)
        if embed is None:
            return None
        import numpy as np

        from nlp import similar

        rows = np.array(embed([_document(TextIn(text)) for text in texts]), np.float32)
        return similar.turn_of(_encoder(self._backend))(rows)

    def analyse(self, texts: Sequence[TextIn]) -> list[Findings]:
        """Findings for each text, in order. `ValueError` when one cannot be read (`nlp.texts.check`)."""
        return [self._findings(*each) for each in self._read(texts)]

    def understand(self, texts: Sequence[TextIn]) -> list[Understood]:
        """As `analyse`, with what the texts mean: the encoder reads each of them once."""
        return [
            Understood(self._findings(text, document, reading), self._meaning(document, reading))
            for text, document, reading in self._read(texts)
        ]

    def _read(self, texts: Sequence[TextIn]) -> list[tuple[TextIn, Document, Reading]]:
        documents = [_document(text) for text in texts]
        return list(zip(texts, documents, self._backend.score(documents), strict=True))

    def _meaning(self, document: Document, reading: Reading) -> bytes | None:
        if reading.vector is None or not document.text.strip():
            return None
        from nlp import similar

        return similar.pack(similar.turn_of(_encoder(self._backend))(reading.vector))

    def _findings(self, text: TextIn, document: Document, reading: Reading) -> Findings:
        verdict = self._verdict(text, document, reading)
        found = risks.find(document.folded, verdict.score, reading.suspicion)
        about = self._topics.find(document.folded, reading.clauses, verdict.score)
        learned: Learned | None = getattr(self._backend, "learned", None)
        if learned is not None and reading.vector is not None and document.text:
            found = learned.risks_of(found, reading.vector)
            about = learned.topics_of(about, reading.vector, self._topics.codes, verdict.score)
        return Findings(
            language=document.language,
            sentiment=verdict,
            topics=about,
            risks=found,
            urgency=urgency.judge(document.folded, verdict, found),
            pii=pii.find(document.folded, document.text),
            model=self.model,
        )

    def _verdict(self, text: TextIn, document: Document, reading: Reading) -> Sentiment:
        if not document.text or document.text.isspace():
            return sentiment.EMPTY
        return sentiment.judge(reading, self._backend.calibration, text.rating)


def space_of(backend: Backend) -> str | None:
    """Names what the meanings made with it can be compared with; None where it has none."""
    if not _encoder(backend):
        return None
    from nlp import similar

    return similar.turn_of(_encoder(backend)).space


def _encoder(backend: Backend) -> str:
    return str(getattr(backend, "encoder", ""))


@cache
def _finder(pack: str) -> TopicFinder:
    return TopicFinder(load_pack(pack))


def _document(text: TextIn) -> Document:
    words = check(text.text)
    language = detect(words, text.language)
    if text.rating is not None:
        words = without_rating(words)
    return Document(words, fold(words), language)
