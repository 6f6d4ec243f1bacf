"""What short runs of characters tell of a text: a linear model over n-grams, taught with our own sentences.

Runs of one to `LONGEST` characters, blanks included, each counted once. Those that it was taught stand in a
sorted table under a hash of 32 bits; their weights are added up and divided by the root of their number.
Chinese needs no words for it, and of English it learns stems and endings. Taught by `nlp/teach_ngrams.py`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from nlp.models.carried import Floats
from nlp.told import TOLD

FILE: Final = Path(__file__).parent / "heads" / "ngrams.npz"
LONGEST: Final = 5
READ: Final = 1_000
"""Code points of a text: what comes after them tells little that is new."""
FEW: Final = 10.0
"""Added to the number of those that are known: a text of one or two characters says little."""
INT8: Final = 127.0
_BITS: Final = np.uint64(32)
_EVEN, _ODD, _MIX = np.uint32(2_654_435_761), np.uint32(1_000_003), np.uint32(2_246_822_519)

Hashes = NDArray[np.uint32]
Owners = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class NGrams:
    """`hashes` (n) in their order, `weights` (n, `TOLD`) in eight bits a number, by column times `scale`."""

    version: int
    hashes: Hashes
    weights: NDArray[np.int8]
    scale: Floats
    bias: Floats

    def tell(self, folded: Sequence[str]) -> Floats:
        """(texts, `TOLD`). The same for a text whatever stands beside it."""
        owners, places = placed(folded, self.hashes)
        told = np.tile(self.bias, (len(folded), 1))
        if len(owners):
            present, begins, known = np.unique(owners, return_index=True, return_counts=True)
            sums = np.add.reduceat(self.weights[places], begins, axis=0, dtype=np.int32)
            told[present] += self.scale * sums / np.sqrt(known + FEW)[:, None].astype(np.float32)
        return told


def placed(folded: Sequence[str], hashes: Hashes) -> tuple[Owners, Owners]:
    """Of each text (by its number, in order) where the n-grams it has stand in `hashes`, each once."""
    owners, found = _hashed(folded)
    distinct, which = np.unique(found, return_inverse=True)  # sorted, they are found several times as fast
    places = np.searchsorted(hashes, distinct)
    places[places == len(hashes)] = 0
    known = hashes[places] == distinct if len(hashes) else np.zeros(len(distinct), np.bool_)
    here = known[which]
    pairs = np.unique(owners[here].astype(np.uint64) << _BITS | places[which[here]].astype(np.uint64))
    return (pairs >> _BITS).astype(np.int64), (pairs & np.uint64(0xFFFFFFFF)).astype(np.int64)


def frequent(folded: Sequence[str], least: int) -> Hashes:
    """The n-grams that so many texts have, in the order of their hashes."""
    owners, found = _hashed(folded)
    pairs = np.unique(owners.astype(np.uint64) << _BITS | found.astype(np.uint64))
    hashes, texts = np.unique((pairs & np.uint64(0xFFFFFFFF)).astype(np.uint32), return_counts=True)
    return hashes[texts >= least]


def _hashed(folded: Sequence[str]) -> tuple[Owners, Hashes]:
    """For every n-gram the number of its text, and its hash; some texts have the same one several times."""
    lines = [f" {' '.join(text[:READ].split())} " for text in folded]
    letters = np.frombuffer("".join(lines).encode("utf-32-le", "surrogatepass"), np.uint32)
    lengths = np.array([len(line) for line in lines], np.int64)
    owner = np.repeat(np.arange(len(lines)), lengths)
    left = np.repeat(np.cumsum(lengths), lengths) - np.arange(len(letters))
    hashed = np.zeros(len(letters), np.uint32)
    owners, hashes = [], []
    for size in range(1, LONGEST + 1):
        begins = len(letters) - size + 1
        if begins <= 0:
            break
        hashed = hashed[:begins] * _EVEN + letters[size - 1 :] * _ODD + np.uint32(size)
        whole = left[:begins] >= size
        owners.append(owner[:begins][whole])
        hashes.append(((hashed ^ hashed >> np.uint32(15)) * _MIX)[whole])
    return np.concatenate(owners or [owner]), np.concatenate(hashes or [hashed])


@cache
def shipped() -> NGrams:
    return read(FILE)


def read(path: Path) -> NGrams:
    with np.load(path, allow_pickle=False) as kept:
        return NGrams(int(kept["version"]), kept["hashes"], kept["weights"], kept["scale"], kept["bias"])


def packed(version: int, hashes: Hashes, weights: NDArray[np.float64], bias: Floats) -> NGrams:
    """With weights (n, `TOLD`) rounded to eight bits; n-grams that say nothing then are left out."""
    assert weights.shape == (len(hashes), TOLD)
    scale = np.maximum(np.abs(weights).max(axis=0, initial=0.0), 1e-9) / INT8
    small = np.rint(weights / scale).astype(np.int8)
    telling = small.any(axis=1)
    return NGrams(version, hashes[telling], small[telling], scale.astype(np.float32), bias)


def write(ngrams: NGrams, path: Path) -> None:
    np.savez_compressed(
        path,
        version=np.array(ngrams.version),
        hashes=ngrams.hashes,
        weights=ngrams.weights,
        scale=ngrams.scale,
        bias=ngrams.bias,
    )
