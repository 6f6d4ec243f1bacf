"""What the channels share: the hash of a body, and reading single fields without trusting them."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from marshmallow import ValidationError

from cem.domain.reasons import Invalid
from cem.domain.submission import N_
from cem.http import shapes


def body_hash(body: Any) -> bytes:
    """Equal for equal JSON values, whatever their spelling was."""
    spelled = json.dumps(body, sort_keys=True, separators=(",", ":"), ensure_ascii=True)
    return hashlib.sha256(spelled.encode()).digest()


def only(raw: Any, allowed: frozenset[str]) -> Mapping[str, Any]:
    """`raw` as an object that has no other fields. Raises `Invalid` with the names of those it has."""
    if not isinstance(raw, dict):
        raise Invalid({"body": [N_("This must be a JSON object.")]})
    if unknown := sorted(set(raw) - allowed):
        raise Invalid({name: [N_("There is no such field.")] for name in unknown})
    return raw


def event_id(raw: Any) -> str:
    """An id that the device made for this one event."""
    try:
        return str(UUID(raw))
    except (ValueError, TypeError, AttributeError):
        raise Invalid({"event_id": [N_("This must be a UUID.")]}) from None


def whole(name: str, raw: Any) -> int:
    if isinstance(raw, bool) or not isinstance(raw, int):
        raise Invalid({name: [N_("This must be a whole number.")]})
    return raw


def instant(name: str, raw: Any) -> datetime:
    """A time with its offset, as UTC."""
    try:
        return shapes.instant(raw)
    except ValidationError as error:
        raise Invalid({name: list(error.messages)}) from None
