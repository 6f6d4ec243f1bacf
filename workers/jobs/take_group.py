"""A group was acknowledged: whatever of its cases is not taken yet is taken."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from cem.engine import group_steps
from cem.engine.outbox import Claim


def run(claims: Sequence[Claim]) -> None:
    for claim in claims:
        group_steps.finish_taking(UUID(claim.ids["group"]))
