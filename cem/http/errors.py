"""Every refusal and failure is rendered here: as a page for people, as JSON for programs."""

from __future__ import annotations

import logging
import secrets
from datetime import datetime
from typing import Any

from flask import Flask, Response, jsonify, render_template, request
from flask_babel import gettext
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException, RequestEntityTooLarge

from cem import clock
from cem.domain.reasons import Invalid, NotFound, Refused
from cem.engine.intake_writer import Busy
from cem.extensions import db
from cem.http.words import sentence

log = logging.getLogger(__name__)

CODES = {
    400: "bad_request",
    401: "unauthorized",
    403: "forbidden",
    404: "not_found",
    405: "method_not_allowed",
    409: "conflict",
    413: "too_large",
    415: "unsupported_media_type",
    422: "invalid",
    429: "too_many_requests",
    500: "internal_error",
    503: "busy",
}
_PAGES = (400, 403, 404, 409, 413, 429, 500, 503)


class ApiError(Exception):
    """A refusal of the API with its own status, code and fields."""

    def __init__(
        self, status: int, message: str, fields: dict[str, list[str]] | None = None, code: str | None = None
    ) -> None:
        super().__init__(message)
        self.status = status
        self.message = message
        self.fields = fields or {}
        self.code = code or CODES[status]


def init_app(app: Flask) -> None:
    for kind in (ApiError, Invalid, Refused, NotFound, Busy):
        app.register_error_handler(kind, _refusal)
    app.register_error_handler(CSRFError, lambda e: answer(400, gettext("This page was open too long.")))
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(Exception, _ours)


def answer(
    status: int,
    message: str,
    fields: dict[str, list[str]] | None = None,
    code: str | None = None,
    **shown: Any,
) -> Response:
    """The refusal in the form that was asked for; `shown` goes to the page's template."""
    if wants_json():
        response = jsonify(error=_body(status, message, fields, code))
    else:
        page = f"errors/{status if status in _PAGES else 400 if status < 500 else 500}.html"
        shown = {"reference": secrets.token_hex(4), "at": _now(), "home": "/", "message": message} | shown
        response = Response(render_template(page, fields=fields or {}, **shown))
    response.status_code = status
    return response


def wants_json() -> bool:
    """Programs get JSON: the API, and whatever was sent as JSON."""
    return request.path.startswith("/api/") or request.is_json


def error_body(error: Exception) -> tuple[int, dict[str, Any]]:
    """The status of a refusal, and what programs are told of it."""
    said = _said(error)
    return said.status, _body(said.status, said.message, said.fields, said.code)


def _refusal(error: Exception) -> Response:
    said = _said(error)
    response = answer(said.status, said.message, said.fields, said.code)
    if said.status == 503:
        response.headers["Retry-After"] = "1"
    return response


def _said(error: Exception) -> ApiError:
    """Every refusal in words, in the reader's language."""
    match error:
        case ApiError():
            return error
        case Invalid():
            fields = {name: [gettext(words) for words in said] for name, said in error.fields.items()}
            names = ", ".join(fields)
            return ApiError(error.status, gettext("This cannot be taken: %(names)s.", names=names), fields)
        case Refused():
            return ApiError(409, sentence(error.reason), code=error.reason.code)
        case NotFound():
            return ApiError(404, gettext("There is no such thing here."))
        case Busy():
            return ApiError(503, gettext("Too much at once. Come again in a moment; nothing was stored."))
    raise error


def _body(status: int, message: str, fields: dict[str, list[str]] | None, code: str | None) -> dict[str, Any]:
    return {"code": code or CODES.get(status, "error"), "message": message, "fields": fields or {}}


def _http(error: HTTPException) -> Response:
    if error.response is not None:
        return Response.force_type(error.response)
    status = error.code or 500
    if isinstance(error, RequestEntityTooLarge):
        return answer(413, gettext("This is too large."), {"body": [gettext("This is too large.")]})
    nowhere = gettext("There is no such thing here.") if status == 404 else None
    response = answer(status, nowhere or error.description or error.name)
    for name, value in error.get_headers():
        if name.lower() in ("allow", "retry-after", "www-authenticate"):
            response.headers[name] = value
    return response


def _ours(error: Exception) -> Response:
    """Our fault. The number on the page is the number in the log."""
    reference = secrets.token_hex(4)
    log.error("request failed: %s", reference, exc_info=error)
    db.session.rollback()
    message = gettext("This is our fault, not yours. Number %(number)s.", number=reference)
    return answer(500, message, reference=reference)


def _now() -> str:
    at: datetime = clock.now()
    return at.strftime("%Y-%m-%d %H:%M UTC")
