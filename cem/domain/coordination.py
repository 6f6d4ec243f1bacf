"""Several texts that say almost the same and have something in common: perhaps one hand wrote them. Pure.

It only asks a person to look: nothing is deleted, excused or left out of a figure by it, and no page waits.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from cem.domain.reasons import Reason

FLAG: Final = "texts_alike"
"""What a feedback is flagged with, in `Feedback.flags` and so in the API."""
WITHIN: Final = timedelta(days=7)
AT_LEAST: Final = 3
"""Whoever sends a text twice has perhaps only touched twice."""
SHARED: Final = 0.5
"""Of all runs of letters in two texts so many are in both."""
NEAR: Final = 0.75
"""The cosine of turned vectors. Were each of eight public sets of 239 to 800 reviews one sender's, 4 of their
4,339 texts would be called alike (of banking77's short questions, many of which ask the same, 60 of 100); of
twenty paraphrases of ours every one is, 19 by letters alone, of twenty complaints about one dish none."""
TELLING: Final = 8
"""Runs of letters: 很好 and "good" are said by everybody."""

COMMON: Final = ("customer", "author", "address")
"""What senders can have in common, the surest first."""


@dataclass(frozen=True, slots=True)
class Said:
    """One text by its runs of letters. `common`: what it has in common with the one that is looked at."""

    id: UUID
    at: datetime
    pieces: frozenset[str]
    common: str = ""


@dataclass(frozen=True, slots=True)
class Alike:
    """Those that are almost the same, the one that was looked at among them, in the order of time."""

    ids: tuple[UUID, ...]
    common: str
    reason: Reason


def alike(one: Said, others: Sequence[Said], cosines: Sequence[float | None]) -> Alike | None:
    """Whether `one` is almost the same as two others of its sender, or more. No vector: no cosine."""
    if len(one.pieces) < TELLING:
        return None
    near = [
        other
        for other, cosine in zip(others, cosines, strict=True)
        if abs(one.at - other.at) <= WITHIN and almost_the_same(one.pieces, other.pieces, cosine)
    ]
    if len(near) + 1 < AT_LEAST:
        return None
    common = min((other.common for other in near), key=COMMON.index)
    all_of_them = sorted([one, *near], key=lambda said: (said.at, said.id))
    hours = -(-(all_of_them[-1].at - all_of_them[0].at) // timedelta(hours=1))
    reason = Reason("texts_alike", {"count": len(all_of_them), "hours": max(1, hours), "common": common})
    return Alike(tuple(said.id for said in all_of_them), common, reason)


def almost_the_same(one: frozenset[str], other: frozenset[str], cosine: float | None = None) -> bool:
    """By their letters in whatever script, or by what they mean; not where either says too little to tell."""
    if min(len(one), len(other)) < TELLING:
        return False
    return (cosine is not None and cosine >= NEAR) or len(one & other) >= SHARED * len(one | other)


def flags(before: Sequence[str] | None, flagged: bool) -> list[str] | None:
    """The flags of a feedback with this one or without it; others stay. None for none."""
    kept = [flag for flag in before or () if flag != FLAG]
    return ([*kept, FLAG] if flagged else kept) or None
