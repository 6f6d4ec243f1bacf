"""Many texts are looked over at once, between the readings of new ones: how weeks compare, what is new."""

from __future__ import annotations

from collections.abc import Sequence

from cem.engine import drift, emerging
from cem.engine.outbox import Claim


def measure_drift(claims: Sequence[Claim]) -> None:
    """However often it was asked for, once is enough."""
    if claims:
        drift.measure()


def find_phrases(claims: Sequence[Claim]) -> None:
    if claims:
        emerging.look()
