"""A second reader of risks: what a text means lies near to risks that were told in other words.

The words of `nlp/risks.py` find what is said outright. The encoder also finds "the whole office went home
after your lunch". How suspicious a text is adds three up: a linear head, how much nearer the nearest risks
are than the nearest harmless texts (both fitted by `nlp/suspicion_fit.py`), and what the layers say that
were taught with risks (`nlp/models/adapter.py`). The codes are theirs, else those of the neighbours.
"""

from __future__ import annotations

import base64
import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from nlp.backends.base import Suspicion
from nlp.models.carried import Floats
from nlp.told import UNTOLD, Told

STORED: Final = Path(__file__).parent / "heads" / "suspicion.json"
NEAREST: Final = 3
SAY_OF_NEIGHBOURS: Final = 20.0
SAY_OF_TOLD: Final = 0.5
VOTERS: Final = 8
SHARPNESS: Final = 8.0
"""How much more the nearer of the neighbours have to say about the code."""
LEAST_SHARE: Final = 0.3
ENGLISH_LIES_CLOSER: Final = 1.0
"""So much more must an English text be like a risk: this encoder tells harmless English apart less well."""
INT8: Final = 127.0


@dataclass(frozen=True, slots=True)
class Neighbours:
    """`codes`: for each row of `risky` which of `names` it is, a share of one each."""

    names: tuple[str, ...]
    middle: Floats
    direction: Floats
    bias: float
    risky: Floats
    codes: Floats
    harmless: Floats

    def suspect(self, vector: Floats, language: str, told: Told = UNTOLD) -> Suspicion:
        moved = vector - self.middle
        turned = moved / float(np.linalg.norm(moved) or 1.0)
        risky = self.risky @ turned
        nearness = _mean_of_highest(risky) - _mean_of_highest(self.harmless @ turned)
        strength = float(moved @ self.direction) + self.bias + SAY_OF_NEIGHBOURS * nearness
        if language == "en":
            strength -= ENGLISH_LIES_CLOSER
        strength += SAY_OF_TOLD * told.risky
        return Suspicion(round(strength, 3), told.risks or self._codes(risky))

    def _codes(self, risky: Floats) -> tuple[str, ...]:
        nearest = np.argpartition(-risky, VOTERS)[:VOTERS]
        votes = np.exp(SHARPNESS * (risky[nearest] - risky[nearest].max()))
        shares = votes @ self.codes[nearest] / votes.sum()
        clear = [index for index in np.argsort(-shares)[:2] if shares[index] >= LEAST_SHARE]
        return tuple(sorted(self.names[index] for index in clear or [int(shares.argmax())]))


def _mean_of_highest(similar: Floats) -> float:
    return float(np.partition(similar, -NEAREST)[-NEAREST:].mean())


@cache
def shipped(encoder: str) -> Neighbours | None:
    """None for another encoder than the one that these were read with."""
    stored: dict[str, Any] = json.loads(STORED.read_text("utf-8"))
    return restored(stored) if stored["encoder"] == encoder else None


def restored(stored: dict[str, Any]) -> Neighbours:
    names = tuple(stored["names"])
    return Neighbours(
        names=names,
        middle=np.array(stored["middle"], np.float32),
        direction=np.array(stored["direction"], np.float32),
        bias=float(stored["bias"]),
        risky=unpacked(stored["risky"]),
        codes=np.array([[(name in row) / len(row) for name in names] for row in stored["codes"]], np.float32),
        harmless=unpacked(stored["harmless"]),
    )


def packed(rows: Floats) -> str:
    """Unit vectors in eight bits a number, as text."""
    whole: NDArray[np.int8] = np.clip(np.rint(rows * INT8 * _SPREAD), -127, 127).astype(np.int8)
    return base64.b64encode(whole.tobytes()).decode()


_SPREAD: Final = 3.0
"""No number of a unit vector of this length comes near 1: a third of it in eight bits is finer."""


def unpacked(text: str, width: int = 384) -> Floats:
    whole = np.frombuffer(base64.b64decode(text), np.int8).reshape(-1, width).astype(np.float32)
    unit: Floats = whole / np.linalg.norm(whole, axis=1, keepdims=True)
    return unit
