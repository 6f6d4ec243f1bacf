"""Whoever was paged has the app alone: the next on the ladder is paged at once."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from cem.engine import group_ladder, ladder
from cem.engine.outbox import Claim


def run(claims: Sequence[Claim]) -> None:
    for claim in claims:
        ids = claim.ids
        if "group" in ids:
            group_ladder.go_on(UUID(ids["group"]), ids["step"])
        else:
            ladder.go_on(UUID(ids["case"]), ids["step"], ids["to"])
