"""Who a program is: bearer tokens, hashed at rest, with a scope and a part of the place tree."""

from __future__ import annotations

import hashlib
import time
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from flask import g, request
from flask_babel import gettext
from sqlalchemy import select

from cem.domain.actors import Actor
from cem.domain.vocabulary import Scope
from cem.extensions import db
from cem.http.errors import ApiError
from cem.models import ApiToken

REMEMBERED: Final = 1.0
"""Seconds for which a token is believed without asking the database again: a revoked one is out by then."""


@dataclass(frozen=True, slots=True)
class Token:
    """What the request may do. `sees` is the prefix of the places that it may touch."""

    id: UUID
    scope: Scope
    sees: str

    @property
    def actor(self) -> Actor:
        return Actor("token", str(self.id))


_known: dict[str, tuple[float, Token]] = {}


def hash_token(token: str) -> str:
    """Tokens are random and long, so a plain SHA-256 is enough to keep them."""
    return hashlib.sha256(token.encode()).hexdigest()


def require(*allowed: Scope) -> Token:
    """The request's token. Raises 401 without a valid one, 403 with one that may not do this."""
    given = request.headers.get("Authorization", "")
    token = _look_up(given.removeprefix("Bearer ")) if given.startswith("Bearer ") else None
    if token is None:
        raise ApiError(401, gettext("Send a valid token: Authorization: Bearer …"))
    if token.scope is not Scope.ADMIN and token.scope not in allowed:
        raise ApiError(403, gettext("This token may not do that."))
    g.token = token
    return token


def still_holds(token: Token) -> bool:
    """Whether a token that was believed earlier may still do the same: asked now and then by open streams."""
    row = db.session.execute(
        select(ApiToken.scope, ApiToken.site_path).where(ApiToken.id == token.id, ApiToken.ended_at.is_(None))
    ).one_or_none()
    return row is not None and (row.scope, row.site_path) == (token.scope, token.sees)


def _look_up(text: str) -> Token | None:
    digest = hash_token(text)
    believed = _known.get(digest)
    if believed and believed[0] > time.monotonic():
        return believed[1]
    row = db.session.execute(
        select(ApiToken.id, ApiToken.scope, ApiToken.site_path).where(
            ApiToken.token_hash == digest, ApiToken.ended_at.is_(None)
        )
    ).one_or_none()
    if row is None:
        _known.pop(digest, None)
        return None
    token = Token(*row)
    _known[digest] = (time.monotonic() + REMEMBERED, token)
    return token
