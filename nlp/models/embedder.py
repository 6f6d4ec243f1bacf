"""Texts to unit vectors by the converted weights, through ONNX Runtime."""

from __future__ import annotations

import re
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from onnxruntime import InferenceSession, SessionOptions  # type: ignore[import-untyped]
from tokenizers import Tokenizer

from nlp.models.carried import Floats
from nlp.models.convert import GRAPH, TOKENIZER
from nlp.models.folder import PROMPTS
from nlp.told import TOLD

TOKENS = 128
"""As good as 256 on every set measured, and twice as fast on long texts."""

_CHARACTERS = 16 * TOKENS
"""More than so many cannot matter: no piece is longer than 16. Keeps the tokenizer's work bounded."""

_PROMPT = PROMPTS["query"]
_TOLD = "told"
_SURROGATES = re.compile("[\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class Passage:
    """A text, and the parts of it (code points, half open) that get a vector of their own."""

    text: str
    spans: tuple[tuple[int, int], ...] = ()


class Embedder:
    """One text at a time on each of `threads` threads: int8 vectors would depend on the rest of a batch.

    `told`: so many numbers stand in a row behind the vector (`nlp.told`).
    """

    def __init__(self, folder: Path, threads: int = 2) -> None:
        self._threads = threads
        self._tokenizer = Tokenizer.from_file(str(folder / TOKENIZER))
        self._session = _session(folder / GRAPH)
        self._outputs = [output.name for output in self._session.get_outputs()]
        self.told = TOLD if _TOLD in self._outputs else 0

    def embed(self, passages: Sequence[Passage]) -> list[Floats]:
        """For each passage (1 + its spans, 384 + `told`): the whole text, then spans as read within it."""
        if self._threads == 1 or len(passages) < 2:
            return [self._embed(passage) for passage in passages]
        with ThreadPoolExecutor(self._threads) as pool:
            return list(pool.map(self._embed, passages))

    def _embed(self, passage: Passage) -> Floats:
        text = _SURROGATES.sub("\ufffd", passage.text[:_CHARACTERS])
        encoded = self._tokenizer.encode(_PROMPT + text)
        ids = np.array([_shortened(encoded.ids)], np.int64)
        places = np.array(_shortened(encoded.offsets)) - len(_PROMPT)
        inputs = {"input_ids": ids, "attention_mask": np.ones_like(ids), "pool": _pool(places, passage.spans)}
        return np.concatenate([rows[0] for rows in self._session.run(self._outputs, inputs)], axis=1)


class Remembering:
    """An embedder that reads each passage once, for whoever asks for the same texts again and again."""

    def __init__(self, embedder: Embedder) -> None:
        self.told = embedder.told
        self._embedder = embedder
        self._known: dict[Passage, Floats] = {}

    def embed(self, passages: Sequence[Passage]) -> list[Floats]:
        new = [passage for passage in dict.fromkeys(passages) if passage not in self._known]
        self._known.update(zip(new, self._embedder.embed(new), strict=True))
        return [self._known[passage] for passage in passages]


def _session(path: Path) -> InferenceSession:
    options = SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    options.enable_cpu_mem_arena = False
    return InferenceSession(str(path), options, providers=["CPUExecutionProvider"])


def _shortened(tokens: list[Any]) -> list[Any]:
    """The last token says that the text ends: it stays."""
    return tokens if len(tokens) <= TOKENS else [*tokens[: TOKENS - 1], tokens[-1]]


def _pool(places: NDArray[np.int64], spans: Sequence[tuple[int, int]]) -> Floats:
    """(1, 1 + spans, tokens): the weight of each token in each mean; a span past the last token has none."""
    weights = np.zeros((1, 1 + len(spans), len(places)), np.float32)
    weights[0, 0] = 1.0 / len(places)
    for row, (start, end) in enumerate(spans, 1):
        inside = (places[:, 0] < end) & (places[:, 1] > start)
        weights[0, row] = inside / max(1, inside.sum())
    return weights
