"""A reason is a code and its arguments; it becomes a sentence when shown, in its reader's language."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Reason:
    """`args` hold ids, codes and numbers, never words that a customer said."""

    code: str
    args: dict[str, Any] = field(default_factory=dict)

    def as_dict(self) -> dict[str, Any]:
        return {"code": self.code, "args": self.args}

    @classmethod
    def from_dict(cls, raw: dict[str, Any]) -> Reason:
        return cls(raw["code"], dict(raw.get("args", {})))


class Refused(Exception):
    """The product says no, and why. Nothing has changed. Shown with status 409."""

    def __init__(self, code: str, **args: Any) -> None:
        super().__init__(code)
        self.reason = Reason(code, args)


class Invalid(Exception):
    """What was sent cannot be taken: `fields` maps a field's name to its messages. 422, or 413."""

    def __init__(self, fields: dict[str, list[str]], status: int = 422) -> None:
        super().__init__(str(fields))
        self.fields = fields
        self.status = status


class NotFound(Exception):
    """There is no such thing, or none that this person may see."""
