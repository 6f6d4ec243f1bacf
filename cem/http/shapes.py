"""Strict shapes of what programs send. What does not fit is refused by the name of its field.

Built on marshmallow, so that the OpenAPI document describes exactly what is accepted.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any, ClassVar, Final
from uuid import UUID

from marshmallow import RAISE, Schema, ValidationError, fields, validate

from cem.domain.reasons import Invalid
from cem.domain.submission import ATTRIBUTE_LIMIT, N_, STRING_LIMIT, TEXT_LIMIT

TOO_LONG: Final = N_("This is too long.")
NEEDED: Final = N_("This is needed.")
NO_NULL: Final = N_("Leave this out, or give a value.")
BAD_CHARACTER: Final = N_("This holds a character that no text can hold (NUL or half a pair).")
EMPTY: Final = N_("This must not be empty.")
NO_TIME: Final = N_("This must be a time in ISO 8601 with its offset.")
NO_NUMBER: Final = N_("This must be a whole number.")
NO_TEXT: Final = N_("This must be a text.")

SHOWN: Final = 20
"""How many wrong fields one answer names; nobody reads more, and a body may hold thousands."""
LARGEST: Final = 2**31 - 1
"""Whole numbers beyond it fit no column; none has a meaning."""
LARGEST_ATTRIBUTE: Final = 2**53
EARLIEST: Final = datetime(1970, 1, 1, tzinfo=UTC)


class Shape(Schema):
    """An object with exactly these fields."""

    class Meta:
        unknown = RAISE

    error_messages: ClassVar[dict[str, str]] = {
        "unknown": N_("There is no such field."),
        "type": N_("This must be a JSON object."),
    }


class _Checked:
    """Its validators are for the document: `_deserialize` has said the same in our words."""

    def _validate(self, value: Any) -> None:
        pass


class Text(_Checked, fields.String):
    """A text; `limit` counts Unicode code points. Blank ones are refused unless `empty` is true."""

    def __init__(self, *, limit: int = STRING_LIMIT, empty: bool = False, **more: Any) -> None:
        bounds = validate.Length(min=0 if empty else 1, max=limit)
        super().__init__(error_messages=_WORDS | {"invalid": NO_TEXT}, validate=bounds, **more)
        self.limit, self.empty = limit, empty

    def _deserialize(self, value: Any, attr: Any, data: Any, **_: Any) -> str:
        if not isinstance(value, str):
            raise self.make_error("invalid")
        return _plain(value, self.limit, empty=self.empty)


class LongText(Text):
    """What a person said or wrote."""

    def __init__(self, **more: Any) -> None:
        super().__init__(limit=TEXT_LIMIT, **more)


class Whole(_Checked, fields.Integer):
    """A whole number: no text, no fraction, no truth value."""

    def __init__(self, low: int = -LARGEST, high: int = LARGEST, **more: Any) -> None:
        bounds = validate.Range(low, high)
        super().__init__(strict=True, error_messages=_WORDS, validate=bounds, **more)
        self.low, self.high = low, high

    def _deserialize(self, value: Any, attr: Any, data: Any, **_: Any) -> int:
        if isinstance(value, bool) or not isinstance(value, int):
            raise ValidationError(NO_NUMBER)
        if not self.low <= value <= self.high:
            raise ValidationError(_out_of_range(self.low, self.high))
        return value


class Truth(fields.Boolean):
    def __init__(self, **more: Any) -> None:
        super().__init__(error_messages=_WORDS, **more)

    def _deserialize(self, value: Any, attr: Any, data: Any, **_: Any) -> bool:
        if not isinstance(value, bool):
            raise ValidationError(N_("This must be true or false."))
        return value


class Code(_Checked, fields.String):
    """One of the codes of a vocabulary."""

    def __init__(self, vocabulary: type[StrEnum], **more: Any) -> None:
        codes = [each.value for each in vocabulary]
        super().__init__(error_messages=_WORDS, validate=validate.OneOf(codes), **more)
        self.vocabulary, self.codes = vocabulary, ", ".join(codes)

    def _deserialize(self, value: Any, attr: Any, data: Any, **_: Any) -> StrEnum:
        try:
            return self.vocabulary(value)
        except ValueError:
            raise ValidationError(f"Use one of: {self.codes}.") from None


class Instant(fields.AwareDateTime):
    """A time with its offset, as UTC."""

    def __init__(self, **more: Any) -> None:
        super().__init__(error_messages=_WORDS, **more)

    def _deserialize(self, value: Any, attr: Any, data: Any, **_: Any) -> datetime:
        return instant(value)


class Reference(fields.UUID):
    """The id of something of ours: opaque to whoever sends it."""

    def __init__(self, **more: Any) -> None:
        super().__init__(error_messages=_WORDS, **more)

    def _deserialize(self, value: Any, attr: Any, data: Any, **_: Any) -> UUID:
        try:
            return UUID(value)
        except (ValueError, TypeError, AttributeError):
            raise ValidationError(N_("There is no such thing here.")) from None


class Attributes(fields.Dict):
    """Names and plain values of the sender's own; at most twenty."""

    def __init__(self, **more: Any) -> None:
        super().__init__(error_messages=_WORDS, **more)

    def _deserialize(self, value: Any, attr: Any, data: Any, **_: Any) -> dict[str, Any]:
        if not isinstance(value, dict):
            raise ValidationError(N_("This must be a JSON object."))
        if len(value) > ATTRIBUTE_LIMIT:
            raise ValidationError(N_("No more than 20 attributes are taken."))
        return {_plain(name, STRING_LIMIT): self._value(name, each) for name, each in value.items()}

    @staticmethod
    def _value(name: str, value: Any) -> Any:
        if isinstance(value, str):
            try:
                return _plain(value, STRING_LIMIT, empty=True)
            except ValidationError as error:
                raise ValidationError({name: error.messages}) from None
        if isinstance(value, bool) or (isinstance(value, int) and abs(value) <= LARGEST_ATTRIBUTE):
            return value
        if isinstance(value, float) and math.isfinite(value):
            return value
        raise ValidationError({name: [N_("This must be a text, a number, or true or false.")]})


def nested(shape: type[Shape], **more: Any) -> fields.Nested:
    return fields.Nested(shape, error_messages=_WORDS, **more)


def many(inner: fields.Field[Any], most: int, least: int = 0, **more: Any) -> fields.List[Any]:
    wrong_number = f"This must hold {least} to {most} items."
    words = _WORDS | {"invalid": N_("This must be a list.")}
    size = validate.Length(least, most, error=wrong_number)
    return fields.List(inner, error_messages=words, validate=size, **more)


def load(shape: Schema, raw: Any) -> dict[str, Any]:
    """`raw` in its shape. Raises `Invalid` naming the fields (413 where something is too long)."""
    try:
        loaded: dict[str, Any] = shape.load(raw)
        return loaded
    except ValidationError as error:
        raise invalid(error.messages) from None


def invalid(messages: Any) -> Invalid:
    """marshmallow's nested messages, by the dotted names of the fields."""
    found: dict[str, list[str]] = {}
    for name, message in _flat("", messages):
        found.setdefault(name[:STRING_LIMIT], []).append(message)
        if len(found) == SHOWN:
            break
    too_long = {name: [TOO_LONG] for name, said in found.items() if TOO_LONG in said}
    return Invalid(too_long, status=413) if too_long else Invalid(found)


def instant(raw: Any) -> datetime:
    """A time that somebody sent, in UTC. Raises `ValidationError`."""
    try:
        at = datetime.fromisoformat(raw)
        at = at.astimezone(UTC) if at.tzinfo is not None else None
    except (ValueError, TypeError, OverflowError):
        at = None
    if at is None:
        raise ValidationError(NO_TIME)
    if at < EARLIEST:
        raise ValidationError(N_("This time lies too far in the past."))
    return at


_WORDS: Final = {"required": NEEDED, "null": NO_NULL, "type": N_("This must be a JSON object.")}


def _plain(text: str, limit: int, *, empty: bool = False) -> str:
    if len(text) > limit:
        raise ValidationError(TOO_LONG)
    if not empty and not text.strip():
        raise ValidationError(EMPTY)
    if not text.isascii():
        try:
            text.encode()
        except UnicodeEncodeError:
            raise ValidationError(BAD_CHARACTER) from None
    if "\0" in text:
        raise ValidationError(BAD_CHARACTER)
    return text


def _out_of_range(low: int, high: int) -> str:
    return f"This must be a whole number from {low} to {high}."


def _flat(where: str, messages: Any) -> Iterator[tuple[str, str]]:
    if isinstance(messages, Mapping):
        for name, inner in messages.items():
            deeper = where if name == "_schema" else f"{where}.{name}" if where else str(name)
            yield from _flat(deeper, inner)
    elif isinstance(messages, list | tuple):
        for inner in messages:
            yield from _flat(where, inner)
    else:
        yield where or "body", str(messages)
