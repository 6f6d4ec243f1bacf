"""The `fast` profile as it reads where something was learned: how much its words say, language by language.

Corrections move one scale and one offset of the log odds of each language, no more: words have no vectors.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from nlp.backends.base import Reading
from nlp.backends.lexical import LexicalBackend
from nlp.head_files import FAST, SHIPPED_WORDS, promoted, stamp
from nlp.models import Unavailable
from nlp.texts import Document


@dataclass(frozen=True, slots=True)
class Scales:
    """By group of languages: what the log odds are multiplied with, and what is added."""

    version: int
    of: Mapping[str, tuple[float, float]]

    @classmethod
    def stored(cls, raw: Mapping[str, Any]) -> Scales:
        return cls(raw["version"], {group: (pair[0], pair[1]) for group, pair in raw["scales"].items()})


def group_of(language: str) -> str:
    """Simplified and Traditional are one language; Cantonese and English are others."""
    return "zh" if language.startswith("zh") else language.split("-", maxsplit=1)[0]


def in_use(models: Path) -> Scales:
    """Those of other words and n-grams than the shipped ones fit nothing here. Raises `Unavailable` for a
    file that is broken."""
    path = promoted(models, FAST)
    if not path.is_file():
        return Scales(SHIPPED_WORDS, {})
    try:
        stored = json.loads(path.read_text("utf-8"))
        return Scales.stored(stored) if stored["words"] == SHIPPED_WORDS else Scales(SHIPPED_WORDS, {})
    except (ValueError, KeyError, TypeError, OSError) as error:
        raise Unavailable("unfit", f"the head {path} cannot be read: {error!r}") from error


class ReweighedWords(LexicalBackend):
    """`models` is looked at for scales that were promoted meanwhile."""

    def __init__(self, scales: Scales, models: Path | None = None) -> None:
        super().__init__()
        self.name = f"{FAST}@{scales.version}"
        self.scales = scales
        self._models = models
        self._seen = stamp(models, FAST)

    def newer(self) -> ReweighedWords | None:
        """What reads from now on; None where that is this one, or cannot be read."""
        if self._models is None or (now := stamp(self._models, FAST)) == self._seen:
            return None
        self._seen = now
        try:
            scales = in_use(self._models)
        except Unavailable:
            return None
        return ReweighedWords(scales, self._models) if scales.version != self.scales.version else None

    def score(self, documents: Sequence[Document]) -> list[Reading]:
        readings = super().score(documents)
        if not self.scales.of:
            return readings
        return [self._weighed(each, said) for each, said in zip(documents, readings, strict=True)]

    def _weighed(self, document: Document, said: Reading) -> Reading:
        scale, offset = self.scales.of.get(group_of(document.language), (1.0, 0.0))
        return replace(said, log_odds=scale * said.log_odds + offset)
