"""What the encoder was taught beside meaning: a low-rank change of its upper layers (LoRA).

From layer `first` on a text is read twice: by the layers as they are, whose mean is its meaning, and by the
changed ones, whose mean tells of every text how negative, neutral and positive it is, whether it holds any
risk and which (`nlp.told`). Taught by `nlp/teach.py`. The method is of Hu et al., "LoRA: Low-Rank Adaptation
of Large Language Models", 2021.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

import numpy as np

from nlp.models.carried import Floats, Shape
from nlp.told import TOLD

FILE: Final = Path(__file__).parents[1] / "heads" / "adapter.npz"
_LEFT, _RIGHT = ":left", ":right"


@dataclass(frozen=True, slots=True)
class Adapter:
    """`changes`: for a weight by its name in `BertModel` (rows, rank) and (rank, columns); their product is
    added to it. `weight` (`TOLD`, hidden) and `bias` (`TOLD`) read the mean of the changed last layer."""

    version: int
    first: int
    changes: Mapping[str, tuple[Floats, Floats]]
    weight: Floats
    bias: Floats

    def changed(self, name: str, values: Floats) -> Floats | None:
        """The weight as it was taught; None for one that stays."""
        if name not in self.changes:
            return None
        left, right = self.changes[name]
        return values + left @ right


@cache
def shipped() -> Adapter:
    return read(FILE)


def fitting(shape: Shape) -> Adapter | None:
    """The shipped one for the weights that it was taught on; None for a model of another size."""
    fits = shipped().weight.shape == (TOLD, shape.hidden) and shipped().first <= shape.layers
    return shipped() if fits else None


@cache
def checksum() -> str:
    """Of the shipped file: weights that were made with another one are made again."""
    return hashlib.sha256(FILE.read_bytes()).hexdigest()


def read(path: Path) -> Adapter:
    with np.load(path, allow_pickle=False) as kept:
        rows = {
            name: kept[name].astype(np.float32) for name in kept.files if name not in {"version", "first"}
        }
        version, first = int(kept["version"]), int(kept["first"])
    names = [name.removesuffix(_LEFT) for name in rows if name.endswith(_LEFT)]
    changes = {name: (rows[name + _LEFT], rows[name + _RIGHT]) for name in names}
    return Adapter(version, first, changes, rows["weight"], rows["bias"])


def write(adapter: Adapter, path: Path) -> None:
    """In half precision: about a megabyte."""
    half = {"weight": adapter.weight.astype(np.float16), "bias": adapter.bias.astype(np.float16)}
    for name, (left, right) in adapter.changes.items():
        half[name + _LEFT], half[name + _RIGHT] = left.astype(np.float16), right.astype(np.float16)
    np.savez_compressed(path, version=np.array(adapter.version), first=np.array(adapter.first), **half)  # type: ignore[arg-type]
