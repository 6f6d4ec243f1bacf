"""Column types that keep the house's promises on both databases.

What goes into SQLite is converted by one function each, not by a chain of them: a tap binds sixty values.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import BINARY, JSON, DateTime, String, Uuid
from sqlalchemy.engine import Dialect
from sqlalchemy.types import TypeDecorator, TypeEngine

from cem.extensions import db

Json = JSON(none_as_null=True)
Bind = Callable[[Any], Any]


class UtcDateTime(TypeDecorator[datetime]):
    """An aware instant. Refuses naive ones going in; gives UTC coming out (SQLite drops time zones)."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"naive time {value!r} refused")
        return value.astimezone(UTC)

    def bind_processor(self, dialect: Dialect) -> Bind | None:
        return _instant_as_text if dialect.name == "sqlite" else super().bind_processor(dialect)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Id(TypeDecorator[UUID]):
    """A UUID: 16 bytes on SQLite, `uuid` on PostgreSQL."""

    impl = BINARY(16)
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        return dialect.type_descriptor(Uuid() if dialect.name == "postgresql" else BINARY(16))

    def bind_processor(self, dialect: Dialect) -> Bind | None:
        return None if dialect.name == "postgresql" else _id_as_bytes

    def process_result_value(self, value: Any, dialect: Dialect) -> UUID | None:
        if value is None or isinstance(value, UUID):
            return value
        return UUID(bytes=value)


class Code(TypeDecorator[StrEnum]):
    """A code of the vocabulary, kept as its text."""

    impl = String(32)
    cache_ok = True

    def __init__(self, vocabulary: type[StrEnum]) -> None:
        super().__init__()
        self.vocabulary = vocabulary

    def bind_processor(self, dialect: Dialect) -> Bind:
        texts = {code.value: code.value for code in self.vocabulary}

        def as_text(value: StrEnum | str | None) -> str | None:
            return None if value is None else texts.get(value) or self.vocabulary(value).value

        return as_text

    def process_result_value(self, value: str | None, dialect: Dialect) -> Any:
        return None if value is None else self.vocabulary(value)


def _instant_as_text(value: datetime | None) -> str | None:
    """As SQLAlchemy reads it again."""
    if value is None:
        return None
    if value.tzinfo is None:
        raise ValueError(f"naive time {value!r} refused")
    return value.astimezone(UTC).replace(tzinfo=None).isoformat(" ", "microseconds")


def _id_as_bytes(value: UUID | None) -> bytes | None:
    return None if value is None else value.bytes


db.Model.registry.update_type_annotation_map({UUID: Id})
