"""An event asks for messages: plan them."""

from __future__ import annotations

from collections.abc import Sequence

from cem.engine import notify
from cem.engine.outbox import Claim, event_of


def run(claims: Sequence[Claim]) -> None:
    for claim in claims:
        event_id, kind = event_of(claim.id)
        notify.plan_for(event_id, kind, claim.ids)
