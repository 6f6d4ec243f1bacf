"""Planned messages leave by other people's servers, side by side, so that a slow one delays no other."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, replace
from uuid import UUID

from flask import current_app

from cem.domain.throttle import PATIENCE
from cem.engine import dispatch
from cem.engine.dispatch import Leaving
from cem.engine.outbox import Claim
from cem.extensions import db
from cem.http import messages
from cem.models import Delivery
from cem.settings import Settings
from cem.transports.base import Message, TransportError
from cem.transports.registry import transports

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Parcel:
    """A message that is under way, in its words."""

    leaving: Leaving
    message: Message


def run(claims: Sequence[Claim]) -> None:
    """Those that were planned first leave first."""
    settings: Settings = current_app.extensions["cem_settings"]
    ids = sorted({UUID(claim.ids["delivery"]) for claim in claims})
    parcels = [parcel for id in ids if (parcel := _parcel(id, settings.url)) is not None]
    db.session.remove()  # nobody's database waits while other people's servers think
    for parcel, outcome in _send(parcels, settings):
        _record(parcel, outcome, settings)


def _parcel(delivery_id: UUID, url: str) -> Parcel | None:
    """None where it is not to be sent, or not yet."""
    delivery = db.session.get(Delivery, delivery_id)
    if delivery is None or delivery.state not in dispatch.WAITING:
        return None
    leaving = dispatch.begin(delivery_id)
    if leaving is None:
        return None
    message = messages.parcel(db.session.get_one(Delivery, delivery_id), url)
    return Parcel(leaving, replace(message, address=leaving.address, secret=leaving.secret))


def _send(parcels: Sequence[Parcel], settings: Settings) -> list[tuple[Parcel, Future[str | None]]]:
    """Send all of them at once; each has had its patience when this returns."""
    if not parcels:
        return []
    able = transports(settings)
    pool = ThreadPoolExecutor(max_workers=len(parcels), thread_name_prefix="send")

    def send(parcel: Parcel) -> str | None:
        if (transport := able.get(parcel.leaving.transport)) is None:
            raise TransportError("this transport is not set up", permanent=True)
        return transport.send(parcel.message)

    futures = [(parcel, pool.submit(send, parcel)) for parcel in parcels]
    wait([future for _, future in futures], timeout=PATIENCE.total_seconds())
    pool.shutdown(wait=False, cancel_futures=True)
    return futures


def _record(parcel: Parcel, outcome: Future[str | None], settings: Settings) -> None:
    """Keep what became of it. A defect of ours is one more failure: it must not send the others again."""
    if not outcome.done():
        error: BaseException | None = TransportError("no answer in time", permanent=False)
    else:
        error = outcome.exception()
    if error is None:
        dispatch.arrived(parcel.leaving, parcel.message.text, outcome.result())
        return
    if not isinstance(error, TransportError):
        log.error("sending %s failed: %s", parcel.message.id, type(error).__name__)
        error = TransportError(f"a defect ({type(error).__name__})", permanent=False)
    dispatch.failed(parcel.leaving, error, transports(settings).keys())
