"""A robot, or a webhook, is tried while somebody looks: really sent, within a few seconds."""

from __future__ import annotations

from dataclasses import replace
from uuid import UUID

from cem.domain.actors import Actor
from cem.domain.vocabulary import TransportName
from cem.engine import dispatch, trials
from cem.extensions import db
from cem.http import messages
from cem.models import Delivery
from cem.settings import Settings
from cem.transports.base import Message, TransportError
from cem.transports.registry import transports


def try_out(robot_id: UUID, by: Actor, settings: Settings) -> UUID:
    """The id of the message, which holds what became of it. Raises `NotFound` for one that is not there.

    Where the robot has had its share of this minute the message waits and follows by itself.
    """
    delivery_id = trials.plan_trial(robot_id, by)
    message = messages.parcel(db.session.get_one(Delivery, delivery_id), settings.url)
    leaving = dispatch.begin(delivery_id)
    if leaving is None:
        return delivery_id
    db.session.remove()  # nobody's database waits while another server thinks
    try:
        theirs = _send(replace(message, address=leaving.address, secret=leaving.secret), leaving, settings)
    except TransportError as error:
        dispatch.refused(leaving, error)
    else:
        dispatch.arrived(leaving, message.text, theirs)
    return delivery_id


def _send(message: Message, leaving: dispatch.Leaving, settings: Settings) -> str | None:
    transport = transports(settings).get(TransportName(leaving.transport))
    if transport is None:
        raise TransportError("this transport is not set up", permanent=True)
    return transport.send(message)
