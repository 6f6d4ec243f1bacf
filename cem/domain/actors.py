"""Who acts: a person, a program with a token, the customer, or the hub itself."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class Actor:
    """`str(actor)` is what history keeps: `user:<id>`, `token:<id>`, `customer`, `hub`."""

    kind: Literal["user", "token", "customer", "hub"]
    id: str | None = None

    def __str__(self) -> str:
        return f"{self.kind}:{self.id}" if self.id else self.kind

    @property
    def user_id(self) -> str | None:
        """The id of the person, where it is one."""
        return self.id if self.kind == "user" else None


HUB = Actor("hub")
CUSTOMER = Actor("customer")
