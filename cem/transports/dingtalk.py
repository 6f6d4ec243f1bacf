"""A robot in a DingTalk (钉钉) group, signed where its administrator chose that."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final
from urllib.parse import urlencode

from cem import clock
from cem.transports.base import Message
from cem.transports.http import Http
from cem.transports.robots import cut, signed, tell

BUSY: Final = frozenset({-1, 130101, 410100})
"""The system is busy; the robot was too fast (two codes, by the age of the robot)."""
_MOST: Final = 20_000  # bytes


@dataclass(frozen=True, slots=True)
class Dingtalk:
    http: Http

    def send(self, message: Message) -> str | None:
        content = {"msgtype": "text", "text": {"content": cut(message.words, _MOST)}}
        tell(self.http, _address(message), content, BUSY, "errcode")
        return None


def _address(message: Message) -> str:
    """With the instant in milliseconds and its signature: both are keyed with and over the same secret."""
    if message.secret is None:
        return message.address
    millis = int(clock.now().timestamp() * 1000)
    sign = signed(message.secret.encode(), f"{millis}\n{message.secret}".encode())
    joint = "&" if "?" in message.address else "?"
    return f"{message.address}{joint}{urlencode({'timestamp': millis, 'sign': sign})}"
