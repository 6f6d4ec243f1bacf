"""Promises kept, of all that have ended: kept in time against broken, also where they were kept late."""

from __future__ import annotations

from collections.abc import Iterable

from cem.domain.metrics.figure import Figure, share
from cem.domain.vocabulary import PromiseState

BUCKETS = ("open", "kept", "broken")


def bucket(state: PromiseState) -> str:
    """Running and paused promises have not ended; they are counted in neither part."""
    return {PromiseState.MET: "kept", PromiseState.BREACHED: "broken"}.get(state, "open")


def compute(states: Iterable[PromiseState]) -> Figure:
    """The share kept among those that have ended."""
    found = [bucket(state) for state in states]
    return from_counts(found.count("kept"), found.count("broken"))


def from_counts(kept: int, broken: int) -> Figure:
    return share(kept, kept + broken, "kept_in_time")
