"""A robot in a Feishu (飞书) or Lark group, signed where its administrator chose that."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from cem import clock
from cem.transports.base import Message
from cem.transports.http import Http
from cem.transports.robots import cut, signed, tell

BUSY: Final = frozenset({2200, 9499, 11232})
"""An error of theirs; too many requests (two codes, by where they are counted)."""
_MOST: Final = 18_000  # bytes: the whole request may have 20 KB


@dataclass(frozen=True, slots=True)
class Feishu:
    http: Http

    def send(self, message: Message) -> str | None:
        content: dict[str, Any] = {"msg_type": "text", "content": {"text": cut(message.words, _MOST)}}
        tell(self.http, message.address, content | _signature(message.secret), BUSY, "code", "StatusCode")
        return None


def _signature(secret: str | None) -> dict[str, str]:
    """The instant in seconds; together with the secret it is the key, and nothing is signed with it."""
    if secret is None:
        return {}
    seconds = str(int(clock.now().timestamp()))
    return {"timestamp": seconds, "sign": signed(f"{seconds}\n{secret}".encode())}
