"""What all resources of the API share: who may, how often, how a body is read and an answer written."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any, Final, NoReturn, TypeVar

from flask import Flask, Response, g, request
from flask_babel import gettext
from flask_smorest import Api, Blueprint
from marshmallow import Schema, fields
from webargs.flaskparser import FlaskParser

from cem.domain.vocabulary import Scope
from cem.extensions import csrf
from cem.http import access
from cem.http.auth import Token
from cem.http.calls import CallCounter
from cem.http.errors import ApiError, answer
from cem.http.shapes import invalid

PREFIX: Final = "/api/v1"
BODY_LIMIT: Final = 1024 * 1024
"""Bytes of a body."""
CALLS: Final = CallCounter(6_000)
"""A minute, for each token."""

_View = TypeVar("_View", bound=Callable[..., Any])


class ErrorDetail(Schema):
    code = fields.String()
    message = fields.String(metadata={"description": "In the language of Accept-Language."})
    fields_ = fields.Dict(
        keys=fields.String(), values=fields.List(fields.String()), data_key="fields"
    )  # `fields` itself is marshmallow's


class ErrorShape(Schema):
    """Every refusal looks like this."""

    error = fields.Nested(ErrorDetail)


class Parser(FlaskParser):
    """Reads bodies and queries strictly; what is wrong is refused in the contract's shape."""

    DEFAULT_UNKNOWN_BY_LOCATION: Final[dict[str, str | None]] = {}  # type: ignore[misc]

    def load_json(self, req: Any, schema: Any) -> Any:
        return read_json()

    def load_querystring(self, req: Any, schema: Any) -> dict[str, str]:
        return {name: value for name, value in request.args.items() if name != "lang"}

    def handle_error(self, error: Any, *_: Any, **__: Any) -> NoReturn:
        raise invalid(next(iter(error.messages.values())))


class Described(Api):
    """The OpenAPI document. Errors are rendered by cem.http.errors, as everywhere."""

    ERROR_SCHEMA = ErrorShape

    def _register_error_handlers(self) -> None:
        pass


class Resource(Blueprint):
    """A part of the API: token only, counted by token, never by a cookie's session."""

    ARGUMENTS_PARSER = Parser()

    def __init__(self, name: str, description: str) -> None:
        super().__init__(name, __name__, url_prefix=PREFIX, description=description)
        csrf.exempt(self)
        self.before_request(_refuse_too_many)

    def open_to(self, *scopes: Scope) -> Callable[[_View], _View]:
        """Say which tokens may call a view (those of `admin` always may)."""

        def register(view: _View) -> _View:
            access.rule(f"{self.name}.{view.__name__}", access.scopes(*scopes))
            return view

        return register


def describe(app: Flask) -> Described:
    app.config.update(
        API_TITLE="Answered 有应",
        API_VERSION="v1",
        OPENAPI_VERSION="3.1.0",
        API_SPEC_OPTIONS={
            "security": [{"token": []}],
            "info": {"description": "Feedback in, cases and answers out. Retries are safe."},
        },
    )
    api = Described(app)
    api.spec.components.security_scheme("token", {"type": "http", "scheme": "bearer"})
    return api


def _refuse_too_many() -> Response | None:
    token: Token = g.token
    seconds = CALLS.too_many(token.id)
    if not seconds:
        return None
    response = answer(429, gettext("More than %(limit)s calls in a minute.", limit=CALLS.limit))
    response.headers["Retry-After"] = str(seconds)
    return response


def read_json() -> Any:
    """The body as JSON. Raises 400 for what is none, 413 above 1 MiB, 415 for another content type.

    An action without words needs no body at all.
    """
    request.max_content_length = BODY_LIMIT
    raw = request.get_data(cache=False)
    if not raw:
        return {}
    if request.mimetype != "application/json":
        raise ApiError(415, gettext("Send JSON: Content-Type: application/json."))
    return parse_json(raw)


def parse_json(raw: bytes) -> Any:
    try:
        return json.loads(raw.decode(), parse_constant=_refuse_constant)
    except (ValueError, RecursionError):
        message = gettext("This is no JSON in UTF-8.")
        raise ApiError(400, message, {"body": [message]}) from None


def write_json(payload: Any, status: int = 200) -> Response:
    try:
        body = json.dumps(payload, ensure_ascii=False, separators=(",", ":")).encode()
    except UnicodeEncodeError:  # a refusal repeats half a pair of what was sent
        body = json.dumps(payload).encode()
    return Response(body, status, mimetype="application/json")


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is no JSON")
