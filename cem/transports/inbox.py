"""The inbox on the duty desk: being marked sent is being delivered, the live stream shows it."""

from __future__ import annotations

from cem.transports.base import Message


class Inbox:
    def send(self, message: Message) -> str | None:
        return None
