"""A server that speaks the chat completions protocol of OpenAI: one question, one answer, some seconds."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from cem.transports.http import Http


@dataclass(frozen=True, slots=True)
class Server:
    """`private`: whether it may lie in a private network, or speak plain http."""

    url: str = field(repr=False)
    model: str
    key: str | None = field(default=None, repr=False)
    seconds: float = 20.0
    private: bool = False

    @property
    def host(self) -> str:
        return urlsplit(self.url).netloc


def ask(server: Server, request: str) -> dict[str, Any]:
    """The answer's document, empty where it is none. Raises `TransportError`, which tells no address or key.

    No redirect is followed, nothing is tried again, and 64 KiB of an answer are read.
    """
    headers = {"Content-Type": "application/json; charset=utf-8", "Accept": "application/json"}
    if server.key:
        headers["Authorization"] = f"Bearer {server.key}"
    http = Http(private=server.private, seconds=server.seconds)
    answer = http.post(f"{server.url}/chat/completions", request.encode(), headers)
    answer.refuse_errors()
    return answer.json
