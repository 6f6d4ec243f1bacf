"""A robot in a WeCom (企业微信) group. The key in its address is its secret."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from cem.transports.base import Message
from cem.transports.http import Http
from cem.transports.robots import cut, tell

BUSY: Final = frozenset({-1, 45009, 45033})
"""The system is busy; more than its messages in a minute; too many calls at once."""
_MOST: Final = 2048  # bytes


@dataclass(frozen=True, slots=True)
class Wecom:
    http: Http

    def send(self, message: Message) -> str | None:
        content = {"msgtype": "text", "text": {"content": cut(message.words, _MOST)}}
        tell(self.http, message.address, content, BUSY, "errcode")
        return None
