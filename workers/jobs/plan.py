"""Events ask for messages: plan them."""

from __future__ import annotations

from collections.abc import Sequence

from flask import current_app

from cem.engine import notify
from cem.engine.outbox import Claim
from cem.transports.registry import transports


def run(claims: Sequence[Claim]) -> None:
    """One short transaction for each: whoever else has to write waits for it."""
    able = transports(current_app.extensions["cem_settings"]).keys()
    for claim in claims:
        notify.plan_for([claim.id], able)
