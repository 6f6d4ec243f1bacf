"""What every transport is asked, and how it says no."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Protocol


@dataclass(frozen=True, slots=True)
class Message:
    """`id` is the same at every try, so that the other side can refuse a second copy.

    `to` is a name to show. Where it goes, and with which secret, is known to the transport alone and never
    printed (a webhook may have two secrets, with a space between); `ids` are those of what the message is
    about, which was `at`. Whoever knows `receipt` may say there that it arrived.
    """

    id: str
    kind: str
    to: str
    text: str
    address: str = field(default="", repr=False)
    secret: str | None = field(default=None, repr=False)
    link: str | None = None
    receipt: str | None = field(default=None, repr=False)
    ids: Mapping[str, Any] = field(default_factory=dict)
    at: datetime | None = None

    @property
    def words(self) -> str:
        """The text, and where to act on it."""
        return f"{self.text}\n{self.link}" if self.link else self.text


class TransportError(Exception):
    """It did not go out. `permanent`: trying again would not help. `wait`: not before so long.

    The reason is kept and shown: it holds no address, no secret and nothing that the other side has written.
    """

    def __init__(self, reason: str, *, permanent: bool, wait: timedelta | None = None) -> None:
        super().__init__(reason)
        self.permanent = permanent
        self.wait = wait


class Gone(TransportError):
    """The other side wants no message at this address any more, ever."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason, permanent=True)


class Transport(Protocol):
    def send(self, message: Message) -> str | None:
        """Send it; the other side's id of it, if it gives one. Raises `TransportError`.

        Takes a few seconds at most, touches no database, and may run beside others in a thread.
        """
