"""Programs that listen are told of public events: plan a message for each."""

from __future__ import annotations

from collections.abc import Sequence

from cem.engine import webhooks
from cem.engine.outbox import Claim


def run(claims: Sequence[Claim]) -> None:
    webhooks.tell([claim.id for claim in claims])
