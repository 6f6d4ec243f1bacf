"""What every transport is asked, and how it says no."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Message:
    """`id` is the same at every try, so that a transport can refuse a second copy."""

    id: str
    kind: str
    to: str
    text: str


class TransportError(Exception):
    """It did not go out. `permanent`: trying again would not help."""

    def __init__(self, reason: str, *, permanent: bool) -> None:
        super().__init__(reason)
        self.permanent = permanent


class Transport(Protocol):
    def send(self, message: Message) -> str | None:
        """Send it; the other side's id of it, if it gives one. Raises `TransportError`."""
