"""Vectors of texts, made once and kept in a file, so that a fit waits for no encoder."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Protocol

import numpy as np

from nlp.models.carried import Floats
from nlp.models.embedder import Passage


class Embeds(Protocol):
    def embed(self, passages: Sequence[Passage]) -> list[Floats]:
        """For each passage its rows, the whole text first."""


class Features:
    """Embeds as the encoder does, from memory where it can. A broken file is as good as none."""

    def __init__(self, path: Path, encoder: str, embedder: Embeds) -> None:
        self.told = getattr(embedder, "told", 0)
        self._path = path
        self._encoder = encoder
        self._embedder = embedder
        self._known: dict[str, Floats] = _read(path)

    def missing(self, texts: Iterable[str]) -> list[str]:
        """Those whose vector is not known yet, each once."""
        return [text for text in dict.fromkeys(texts) if self._key(text) not in self._known]

    def embed(self, passages: Sequence[Passage]) -> list[Floats]:
        """Whole texts only: spans have no vector here."""
        new = self.missing(passage.text for passage in passages)
        for text, rows in zip(new, self._embedder.embed([Passage(text) for text in new]), strict=True):
            self._known[self._key(text)] = rows[0]
        return [self._known[self._key(passage.text)][None, :] for passage in passages]

    def save(self, only: Iterable[str] | None = None) -> None:
        """Whole or not at all. `only`: of these texts, so that what was erased leaves no trace here."""
        if only is not None:
            wanted = {self._key(text) for text in only}
            self._known = {key: row for key, row in self._known.items() if key in wanted}
        self._path.parent.mkdir(parents=True, exist_ok=True)
        half = self._path.with_name(f".{self._path.name}.{os.getpid()}.npz")
        keys = list(self._known)
        rows = np.array([self._known[key] for key in keys], np.float32)
        np.savez(half, keys=np.array(keys, dtype="U64"), rows=rows)
        half.replace(self._path)

    def _key(self, text: str) -> str:
        content = f"{self._encoder}\n{text}".encode("utf-8", "surrogatepass")
        return hashlib.sha256(content).hexdigest()


def _read(path: Path) -> dict[str, Floats]:
    try:
        with np.load(path, allow_pickle=False) as kept:
            return dict(zip(kept["keys"].tolist(), kept["rows"].astype(np.float32), strict=True))
    except (OSError, ValueError, KeyError, EOFError):
        return {}
