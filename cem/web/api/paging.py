"""Lists, a page at a time: `?cursor=&limit=` -> `{"items", "next"}`."""

from __future__ import annotations

import base64
import binascii
import json
from typing import Any, Final

from marshmallow import ValidationError, fields

from cem.domain.reasons import Invalid
from cem.domain.submission import N_
from cem.http.shapes import Code, Instant, Shape, Text, instant

DEFAULT: Final = 100
MOST: Final = 500


class Limit(fields.Integer):
    """How many at once."""

    def _deserialize(self, value: Any, attr: Any, data: Any, **_: Any) -> int:
        if not (isinstance(value, str) and value.isascii() and value.isdigit() and len(value) < 10):
            raise ValidationError(N_("This must be a whole number."))
        if not 1 <= int(value) <= MOST:
            raise ValidationError(f"This must be a whole number from 1 to {MOST}.")
        return int(value)


class QueryInstant(Instant):
    """A time in an address, where a plus that nobody escaped has become a space."""

    def _deserialize(self, value: Any, attr: Any, data: Any, **_: Any) -> Any:
        return instant(value.replace(" ", "+") if isinstance(value, str) else value)


class Codes(Code):
    """One code, or several with commas between them."""

    def _deserialize(self, value: Any, attr: Any, data: Any, **more: Any) -> Any:
        return [super(Codes, self)._deserialize(each, attr, data, **more) for each in value.split(",")]


class QueryTruth(fields.Boolean):
    def _deserialize(self, value: Any, attr: Any, data: Any, **_: Any) -> bool:
        if value not in ("true", "false", "1", "0"):
            raise ValidationError(N_("This must be true or false."))
        return value in ("true", "1")


class Page(Shape):
    """What every list takes."""

    cursor = Text(limit=1000)
    limit = Limit(load_default=DEFAULT)


def to_cursor(*key: Any) -> str:
    """An opaque name of a place in a list."""
    return base64.urlsafe_b64encode(json.dumps(key).encode()).decode().rstrip("=")


def from_cursor(cursor: str, *types: type) -> list[Any]:
    """The key in a cursor. Raises `Invalid` for what `to_cursor` has not made."""
    try:
        key = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
        if not isinstance(key, list) or [type(each) for each in key] != list(types):
            raise ValueError("not a key")
    except (ValueError, binascii.Error, RecursionError):
        raise Invalid({"cursor": [N_("This is no cursor of ours.")]}) from None
    return key
