"""Webhooks: made, rotated and ended by programs; what they were told, and telling it again."""

from __future__ import annotations

from typing import Any, Final
from urllib.parse import urlsplit
from uuid import UUID

from flask import Response, current_app
from marshmallow import Schema, fields
from sqlalchemy import Row, select

from cem.domain.events import PUBLIC
from cem.domain.reasons import Invalid, NotFound
from cem.domain.submission import N_
from cem.domain.vocabulary import DeliveryState, Scope, TransportName
from cem.engine import robots, webhooks
from cem.engine.webhooks import NewWebhook
from cem.extensions import db
from cem.http import access
from cem.http.destinations import refuse_unusable
from cem.http.shapes import Reference, Shape, Text, many
from cem.models import Delivery, Robot, Site
from cem.web.api.paging import Codes, Page, from_cursor, to_cursor
from cem.web.api.places import path_of
from cem.web.api.resource import Resource, write_json

LONGEST_ADDRESS: Final = 2_000

blueprint = Resource("api_webhooks", "Programs that are told what happens. Only scope admin changes them.")


class WebhookShape(Shape):
    """`events` left out: all of them."""

    name = Text(required=True)
    site = Text(required=True)
    url = Text(required=True, limit=LONGEST_ADDRESS)
    events = many(Text(), len(PUBLIC), least=1)


class ReplayShape(Shape):
    """The `webhook-id` of a message, or the `id` of an event."""

    id = Reference(required=True)


class MessagesAsked(Page):
    state = Codes(DeliveryState)


class WebhookView(Schema):
    id = fields.String()
    name = fields.String()
    site = fields.String()
    host = fields.String(metadata={"description": "Of its address; the rest is not shown again."})
    events = fields.List(fields.String())
    created_at = fields.AwareDateTime()


class SecretView(Schema):
    secret = fields.String(metadata={"description": "`whsec_…`; shown this once."})


class MadeView(WebhookView, SecretView):
    pass


class MessageView(Schema):
    id = fields.String(metadata={"description": "The webhook-id."})
    event = fields.String()
    event_id = fields.String()
    state = fields.String()
    tries = fields.Integer()
    error = fields.String(allow_none=True)
    at = fields.AwareDateTime()
    sent_at = fields.AwareDateTime(allow_none=True)
    next_try_at = fields.AwareDateTime(allow_none=True)


class WebhooksView(Schema):
    items = fields.List(fields.Nested(WebhookView))
    next = fields.String(allow_none=True)


class MessagesView(Schema):
    items = fields.List(fields.Nested(MessageView))
    next = fields.String(allow_none=True)


@blueprint.get("/webhooks")
@blueprint.open_to(Scope.READ)
@blueprint.arguments(Page(), location="query")
@blueprint.response(200, WebhooksView)
def index(asked: dict[str, Any]) -> Response:
    """Those that have not ended, oldest first."""
    statement = _live().order_by(Robot.id).limit(asked["limit"] + 1)
    if "cursor" in asked:
        statement = statement.where(Robot.id > _place(asked["cursor"]))
    rows = db.session.execute(statement).all()
    shown = rows[: asked["limit"]]
    following = to_cursor(str(shown[-1].Robot.id)) if len(rows) > len(shown) else None
    return write_json({"items": [_view(row) for row in shown], "next": following})


@blueprint.post("/webhooks")
@blueprint.open_to()
@blueprint.arguments(WebhookShape())
@blueprint.response(201, MadeView)
def create(given: dict[str, Any]) -> Response:
    """Tell this address of what happens at a place and below it, from now on."""
    path_of(given["site"])
    refuse_unusable(given["url"], current_app.extensions["cem_settings"])
    new = NewWebhook(given["name"], given["site"], given["url"], given.get("events", ()))
    made = webhooks.make(new, access.actor())
    return write_json(_view(_one(made.id)) | {"secret": made.secret}, 201)


@blueprint.delete("/webhooks/<uuid:webhook_id>")
@blueprint.open_to()
@blueprint.response(200, WebhookView)
def end(webhook_id: UUID) -> Response:
    """It is told nothing more; what waits for it is given up."""
    shown = _view(_one(webhook_id))
    robots.end_robot(webhook_id, access.actor())
    return write_json(shown)


@blueprint.post("/webhooks/<uuid:webhook_id>/rotation")
@blueprint.open_to()
@blueprint.response(200, SecretView)
def rotate(webhook_id: UUID) -> Response:
    """A new secret. For a day messages are signed with the old one too."""
    _one(webhook_id)
    return write_json({"secret": webhooks.rotate(webhook_id, access.actor())})


@blueprint.get("/webhooks/<uuid:webhook_id>/messages")
@blueprint.open_to(Scope.READ)
@blueprint.arguments(MessagesAsked(), location="query")
@blueprint.response(200, MessagesView)
def messages(asked: dict[str, Any], webhook_id: UUID) -> Response:
    """What it was told or is still to be told, newest first. `state=failed`: what was given up."""
    _one(webhook_id)
    d = Delivery
    statement = select(d).where(d.robot_id == webhook_id).order_by(d.id.desc()).limit(asked["limit"] + 1)
    if "cursor" in asked:
        statement = statement.where(d.id < _place(asked["cursor"]))
    if "state" in asked:
        statement = statement.where(d.state.in_(asked["state"]))
    rows = db.session.scalars(statement).all()
    shown = rows[: asked["limit"]]
    following = to_cursor(str(shown[-1].id)) if len(rows) > len(shown) else None
    return write_json({"items": [_message(row) for row in shown], "next": following})


@blueprint.post("/webhooks/<uuid:webhook_id>/replays")
@blueprint.open_to()
@blueprint.arguments(ReplayShape())
@blueprint.response(200, MessageView)
def replay(given: dict[str, Any], webhook_id: UUID) -> Response:
    """Tell it once more, under the same `webhook-id`, whether it was given up or taken."""
    _one(webhook_id)
    replayed = webhooks.replay(webhook_id, given["id"], access.actor())
    if replayed is None:
        raise Invalid({"id": [N_("It was never to be told this, or is just about to be.")]})
    return write_json(_message(db.session.get_one(Delivery, replayed)))


def _place(cursor: str) -> UUID:
    try:
        return UUID(from_cursor(cursor, str)[0])
    except ValueError:
        raise Invalid({"cursor": [N_("This is no cursor of ours.")]}) from None


def _live() -> Any:
    return (
        select(Robot, Site.code)
        .join(Site, Site.id == Robot.site_id)
        .where(
            Robot.transport == TransportName.WEBHOOK,
            Robot.ended_at.is_(None),
            Site.path.startswith(access.visible_path(), autoescape=True),
        )
    )


def _one(webhook_id: UUID) -> Row[Any]:
    row = db.session.execute(_live().where(Robot.id == webhook_id)).one_or_none()
    if row is None:
        raise NotFound
    return row


def _view(row: Row[Any]) -> dict[str, Any]:
    webhook = row.Robot
    return {
        "id": str(webhook.id),
        "name": webhook.name,
        "site": row.code,
        "host": urlsplit(webhook.url).hostname,
        "events": webhook.events or sorted(PUBLIC),
        "created_at": webhook.created_at.isoformat(),
    }


def _message(delivery: Delivery) -> dict[str, Any]:
    """`next_try_at` is when one that waits is tried."""
    return {
        "id": str(delivery.id),
        "event": delivery.message.get("event"),
        "event_id": delivery.message.get("told", {}).get("id"),
        "state": delivery.state.value,
        "tries": delivery.tries,
        "error": delivery.error,
        "at": delivery.created_at.isoformat(),
        "sent_at": delivery.sent_at.isoformat() if delivery.sent_at else None,
        "next_try_at": delivery.held_until.isoformat() if delivery.held_until else None,
    }
