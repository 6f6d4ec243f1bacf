"""A webhook as in Standard Webhooks: signed, repeatable, and with ids instead of words."""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from cem import clock
from cem.transports.base import Gone, Message, TransportError
from cem.transports.http import Http
from cem.transports.robots import signed

PREFIX: Final = "whsec_"
_GONE: Final = 410


@dataclass(frozen=True, slots=True)
class Webhook:
    http: Http

    def send(self, message: Message) -> str | None:
        keys = [key_of(secret) for secret in (message.secret or "").split(" ")]
        seconds = int(clock.now().timestamp())
        at = message.at or clock.now()
        content = {"type": message.kind, "timestamp": at.isoformat(), "data": dict(message.ids)}
        body = json.dumps(content).encode()
        headers = {
            "Content-Type": "application/json",
            "webhook-id": message.id,
            "webhook-timestamp": str(seconds),
            "webhook-signature": signatures(keys, message.id, seconds, body),
        }
        answer = self.http.post(message.address, body, headers)
        if answer.status == _GONE:
            raise Gone("HTTP 410: it wants no more")
        answer.refuse_errors()
        return None


def signatures(keys: Iterable[bytes], id: str, seconds: int, body: bytes) -> str:
    """One for each key, with a space between: during a rotation either secret fits."""
    said = f"{id}.{seconds}.".encode() + body
    return " ".join(f"v1,{signed(key, said)}" for key in keys)


def key_of(secret: str) -> bytes:
    """The key behind `whsec_<base 64>`. Raises a permanent `TransportError` where it is none."""
    try:
        key = base64.b64decode(secret.removeprefix(PREFIX), validate=True)
    except (binascii.Error, ValueError):
        key = b""
    if not secret.startswith(PREFIX) or not key:
        raise TransportError("its secret is not one of a webhook", permanent=True)
    return key
