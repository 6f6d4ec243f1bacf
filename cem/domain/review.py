"""Which texts a person should look at, and why each: the review queue of a day. Pure."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final
from uuid import UUID

from cem.domain.reasons import Reason

UNCERTAIN, DISAGREEMENT, RANDOM = "uncertain", "disagreement", "random"
SHARES: Final[Mapping[str, float]] = {UNCERTAIN: 0.7, DISAGREEMENT: 0.2, RANDOM: 0.1}
A_DAY: Final = 20
"""Texts for one person: two minutes' work."""
SIDED: Final = 0.2
"""What scores less takes no side, so it contradicts nobody."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A text that nobody has looked at yet. `other` is the score (-1..1) of a second reader, words beside the
    encoder; None where there is none. `against` says why the rating contradicts the words, where it does."""

    id: UUID
    score: float
    confidence: float
    other: float | None = None
    against: Reason | None = None


@dataclass(frozen=True, slots=True)
class Pick:
    """`code` is the share it counts for; `reason` says it to a person."""

    id: UUID
    code: str
    reason: Reason


def pick(
    candidates: Sequence[Candidate], size: int, day: date, done: Mapping[str, int] | None = None
) -> list[Pick]:
    """The texts of the day that are still to be looked at, in an order that keeps the shares at any time.

    `done`: how many were looked at today already, by share. The random ones depend on the day alone. Where a
    kind has too few, the least certain of the others take its place.
    """
    done = done or {}
    quotas = {code: max(0, quota - done.get(code, 0)) for code, quota in _quotas(size).items()}
    left = max(0, size - sum(done.values()))
    by_kind: dict[str, list[Pick]] = {RANDOM: [], DISAGREEMENT: [], UNCERTAIN: []}
    taken: set[UUID] = set()
    for code, order in (
        (RANDOM, sorted(candidates, key=lambda each: _draw(each.id, day))),
        (DISAGREEMENT, sorted(filter(contradicted, candidates), key=_agreement)),
        (UNCERTAIN, sorted(candidates, key=lambda each: (each.confidence, each.id))),
    ):
        fresh = [each for each in order if each.id not in taken]
        most = quotas[code] if code != UNCERTAIN else left - sum(map(len, by_kind.values()))
        by_kind[code] = [Pick(each.id, code, _reason(code, each)) for each in fresh[: max(0, most)]]
        taken.update(each.id for each in by_kind[code])
    return _mixed(by_kind)[:left]


def contradicted(candidate: Candidate) -> bool:
    """Whether the rating or the second reader takes the other side."""
    other = candidate.other
    return candidate.against is not None or (
        other is not None and candidate.score * other < 0 and min(abs(candidate.score), abs(other)) >= SIDED
    )


def _quotas(size: int) -> dict[str, int]:
    """Whole numbers that add up to `size`; what rounding leaves goes to the largest share."""
    rare = {code: round(size * SHARES[code]) for code in (DISAGREEMENT, RANDOM)}
    return {UNCERTAIN: size - sum(rare.values()), **rare}


def _agreement(candidate: Candidate) -> tuple[float, UUID]:
    """The strongest contradictions first."""
    if candidate.against is not None:
        return -abs(candidate.score), candidate.id
    return -min(abs(candidate.score), abs(candidate.other or 0.0)), candidate.id


def _draw(id: UUID, day: date) -> bytes:
    return hashlib.sha256(id.bytes + day.isoformat().encode()).digest()


def _reason(code: str, candidate: Candidate) -> Reason:
    match code:
        case "uncertain":
            return Reason("review_uncertain", {"percent": round(100 * candidate.confidence)})
        case "disagreement" if candidate.against is not None:
            return candidate.against
        case "disagreement":
            return Reason("review_words")
    return Reason("review_random")


def _mixed(by_kind: Mapping[str, list[Pick]]) -> list[Pick]:
    """Evenly spread, so that whoever stops half way has looked at the same mixture."""
    placed = [
        ((place + 0.5) / len(picks), code, one)
        for code, picks in by_kind.items()
        for place, one in enumerate(picks)
    ]
    return [one for _, _, one in sorted(placed, key=lambda each: (each[0], each[1]))]
