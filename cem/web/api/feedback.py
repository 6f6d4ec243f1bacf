"""Storing feedback, one or many, and looking at one."""

from __future__ import annotations

from typing import Any, Final
from uuid import UUID

from flask import Response, current_app, g, request
from flask_babel import gettext
from sqlalchemy import select

from cem.domain.reasons import Invalid, NotFound
from cem.domain.submission import N_, Submission
from cem.domain.vocabulary import Scope
from cem.engine.intake_writer import IntakeWriter
from cem.extensions import db
from cem.http import access
from cem.http.auth import Token
from cem.http.errors import ApiError, error_body
from cem.http.shapes import TOO_LONG
from cem.models import Feedback, Site
from cem.web.api.feedback_shapes import FeedbackView, ReceiptView, feedback_view, receipt_view
from cem.web.api.resource import BODY_LIMIT, Resource, parse_json, read_json, write_json
from surveys.channels import api as channel

KEY: Final = "Idempotency-Key"
LINES: Final = 1_000
BATCH_LIMIT: Final = 16 * 1024 * 1024
"""Bytes of a batch."""
_NDJSON: Final = ("application/x-ndjson", "application/ndjson")

blueprint = Resource("api_feedback", "Feedback: stored once, however often it is sent.")

_KEY_HEADER: Final = {
    "in": "header",
    "name": KEY,
    "required": True,
    "schema": {"type": "string", "minLength": 1, "maxLength": 200},
    "description": "The same key and body again: the same answer, with 200. Another body: 409.",
}
_BODY: Final = {"required": True, "content": {"application/json": {"schema": channel.SHAPE}}}


@blueprint.post("/feedback")
@blueprint.open_to(Scope.COLLECT)
@blueprint.doc(parameters=[_KEY_HEADER], requestBody=_BODY)
@blueprint.response(201, ReceiptView)
@blueprint.alt_response(200, schema=ReceiptView, description="Stored before", success=True)
def store() -> Response:
    """Store one feedback."""
    key = request.headers.get(KEY, "").strip()
    if not key:
        message = gettext("Send a key of your own in the header Idempotency-Key.")
        raise ApiError(400, message, {KEY: [message]})
    receipt = _writer().submit(channel.parse(read_json(), _sender(), key))
    return write_json(receipt_view(receipt), 201 if receipt.created else 200)


@blueprint.post("/feedback/batch")
@blueprint.open_to(Scope.COLLECT)
@blueprint.doc(
    requestBody={
        "required": True,
        "description": "Up to 1,000 lines; each a feedback with its `key`.",
        "content": {"application/x-ndjson": {"schema": {"type": "string"}}},
    }
)
@blueprint.response(207, {"type": "object", "properties": {"results": {"type": "array"}}})
def store_many() -> Response:
    """Store many. Good lines are stored whatever the others are; the results are in the lines' order."""
    keys, parsed = zip(*[_line(raw) for raw in _lines()], strict=True)
    good = [each for each in parsed if isinstance(each, Submission)]
    stored = iter(_writer().submit_many(good))
    settled = [next(stored) if isinstance(each, Submission) else each for each in parsed]
    return write_json({"results": list(map(_line_result, keys, settled))}, 207)


@blueprint.get("/feedback/<uuid:feedback_id>")
@blueprint.open_to(Scope.CASES, Scope.READ)
@blueprint.response(200, FeedbackView)
def show(feedback_id: UUID) -> Response:
    """One feedback as it was sent, with its findings and its ledger entry."""
    return shown(feedback_id)


def shown(feedback_id: UUID) -> Response:
    """The answer of every call about one feedback: as it stands now.

    A token that only reads sees no name, phone or e-mail: it may not open the contact card either.
    """
    feedback = visible(feedback_id)
    return write_json(feedback_view(feedback, with_contact=_token().scope is not Scope.READ))


def visible(feedback_id: UUID) -> Feedback:
    """The feedback, if there is one and the caller may see its place. Raises `NotFound`."""
    row = db.session.execute(
        select(Feedback, Site.path).join(Site, Site.id == Feedback.site_id).where(Feedback.id == feedback_id)
    ).one_or_none()
    if row is None:
        raise NotFound
    access.must_see(row.path)
    feedback: Feedback = row[0]
    return feedback


def _token() -> Token:
    token: Token = g.token
    return token


def _sender() -> channel.Sender:
    token = _token()
    return channel.Sender(str(token.actor), token.sees)


def _writer() -> IntakeWriter:
    writer: IntakeWriter = current_app.extensions["cem_intake"]
    return writer


def _lines() -> list[bytes]:
    request.max_content_length = BATCH_LIMIT
    if request.mimetype not in _NDJSON:
        raise ApiError(415, gettext("Send lines of JSON: Content-Type: application/x-ndjson."))
    lines = [line for line in request.get_data(cache=False).split(b"\n") if line.strip()]
    if len(lines) > LINES:
        raise Invalid({"body": [N_("No more than 1,000 lines are taken at once.")]}, status=413)
    if not lines:
        raise Invalid({"body": [N_("There is no line in it.")]})
    return lines


def _line(raw: bytes) -> tuple[str | None, Submission | Exception]:
    """The key of a line, as far as it can be read, and what it says or why it cannot be taken."""
    key: str | None = None
    try:
        if len(raw) > BODY_LIMIT:
            raise Invalid({"body": [TOO_LONG]}, status=413)
        body = parse_json(raw)
        if isinstance(body, dict):
            key = _key_of(body)
            body = {name: value for name, value in body.items() if name != "key"}
        return key, channel.parse(body, _sender(), key or "")
    except (Invalid, ApiError) as refusal:
        return key, refusal


def _key_of(body: dict[str, Any]) -> str:
    key = body.get("key")
    if not isinstance(key, str) or not key.strip():
        raise Invalid({"key": [N_("Give a key of your own.")]})
    return key


def _line_result(key: str | None, settled: Any) -> dict[str, Any]:
    if isinstance(settled, Exception):
        if isinstance(settled, Invalid):
            settled = Invalid(_as_the_line_has_it(settled.fields), settled.status)
        status, error = error_body(settled)
        return {"key": key, "status": status, "error": error}
    return {"key": key, "status": 201 if settled.created else 200, "id": str(settled.feedback_id)}


def _as_the_line_has_it(fields: dict[str, list[str]]) -> dict[str, list[str]]:
    """Alone, a feedback has its key in the header; in a batch it is a field of the line."""
    return {"key" if name == KEY else name: messages for name, messages in fields.items()}
