"""Text messages, by whichever provider stands behind the interface."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Protocol

from cem.transports.base import Message
from cem.transports.http import Http


class SmsProvider(Protocol):
    """Somebody who takes a text for a phone number."""

    def take(self, id: str, phone: str, text: str, receipt: str | None = None) -> str | None:
        """Their id of it, if they give one. The same `id` again is the same message.
        `receipt` is an address to tell what became of it.

        Raises `TransportError`.
        """


@dataclass(frozen=True, slots=True)
class Sms:
    provider: SmsProvider

    def send(self, message: Message) -> str | None:
        return self.provider.take(message.id, message.address, message.text, message.receipt)


@dataclass(frozen=True, slots=True)
class HttpSms:
    """A provider, or a gateway of one's own, that takes `POST {"id", "to", "text"}` with a bearer token.

    2xx: taken; 408, 429, 5xx: later; anything else: never.
    """

    http: Http
    url: str = field(repr=False)
    token: str | None = field(repr=False)

    def take(self, id: str, phone: str, text: str, receipt: str | None = None) -> str | None:
        headers = {"Content-Type": "application/json; charset=utf-8", "Idempotency-Key": id}
        if self.token:
            headers["Authorization"] = f"Bearer {self.token}"
        told = {"id": id, "to": phone, "text": text} | ({"receipt_url": receipt} if receipt else {})
        body = json.dumps(told, ensure_ascii=False).encode()
        answer = self.http.post(self.url, body, headers)
        answer.refuse_errors()
        theirs = answer.json.get("id")
        return str(theirs)[:200] if theirs else None
