"""Events ask for messages: plan them."""

from __future__ import annotations

from collections.abc import Sequence

from flask import current_app

from cem.engine import notify
from cem.engine.outbox import Claim
from cem.transports.registry import transports


def run(claims: Sequence[Claim]) -> None:
    able = transports(current_app.extensions["cem_settings"]).keys()
    notify.plan_for([claim.id for claim in claims], able)
