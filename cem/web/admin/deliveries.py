"""`/admin/deliveries`: who did not get what and why, what waits, and sending it again."""

from __future__ import annotations

from typing import Any, Final
from uuid import UUID

from flask import redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from cem.domain.reasons import NotFound
from cem.engine import given_up
from cem.extensions import db
from cem.http import access
from cem.http.failures import KINDS, TRANSPORTS
from cem.models import Delivery
from cem.web.admin import messages
from cem.web.admin.blueprint import READERS, WRITERS, admin

VIEWS: Final[dict[str, Any]] = {
    "deliveries": READERS,
    "replay_delivery": WRITERS,
    "replay_route": WRITERS,
    "forgo_delivery": WRITERS,
}


@admin.get("/deliveries")
def deliveries() -> str:
    path = access.visible_path()
    return render_template(
        "admin/deliveries.html",
        counts=messages.counts(path),
        groups=messages.given_up(path),
        waiting=messages.waiting(path),
        minutes=messages.minutes(path),
        kinds=KINDS,
        ways=TRANSPORTS,
        again=request.args.get("again", type=int),
        forgone=request.args.get("forgone", type=int),
    )


@admin.post("/deliveries/<uuid:delivery_id>/replay")
def replay_delivery(delivery_id: UUID) -> Response:
    _must_see(delivery_id)
    done = given_up.replay(delivery_id, access.actor())
    return redirect(url_for("admin.deliveries", again=int(done)), 303)


@admin.post("/deliveries/replays")
def replay_route() -> Response:
    """All that was given up on one route."""
    ids = messages.ids_of_route(access.visible_path(), request.form.get("route", ""))
    return redirect(url_for("admin.deliveries", again=given_up.replay_all(ids, access.actor())), 303)


@admin.post("/deliveries/<uuid:delivery_id>/end")
def forgo_delivery(delivery_id: UUID) -> Response:
    """Nobody needs it any more."""
    _must_see(delivery_id)
    done = given_up.forgo(delivery_id, access.actor())
    return redirect(url_for("admin.deliveries", forgone=int(done)), 303)


def _must_see(delivery_id: UUID) -> None:
    here = db.select(Delivery.id).where(Delivery.id == delivery_id, messages.below(access.visible_path()))
    if db.session.scalar(here) is None:
        raise NotFound
