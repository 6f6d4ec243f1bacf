"""A notification in a browser (RFC 8030): encrypted for it alone (RFC 8291), from a hub that says who it is
(VAPID, RFC 8292)."""

from __future__ import annotations

import base64
import hashlib
import json
import os
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, Final
from urllib.parse import urlsplit

from cryptography.exceptions import InvalidKey
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from cem import clock
from cem.transports.base import Gone, Message, TransportError
from cem.transports.http import Http
from cem.transports.robots import cut

TTL: Final = timedelta(hours=4)
"""How long the browser's service keeps it for a browser that is away."""

_TOKEN_HOLDS: Final = timedelta(hours=12)
_URGENT: Final = frozenset({"page", "escalation", "group"})
_MOST: Final = 2_400  # bytes of words: the whole of it may have 4,096
_RECORD: Final = 4_096
_GONE: Final = (404, 410)
_LAST: Final = b"\x02"  # ends the only record
_CURVE: Final = ec.SECP256R1()
_ORDER: Final = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551


@dataclass(frozen=True, slots=True)
class Webpush:
    """`subject`: where the browser's service can write to, `mailto:` or `https:`."""

    http: Http
    key: ec.EllipticCurvePrivateKey = field(repr=False)
    subject: str

    def send(self, message: Message) -> str | None:
        there = Subscription.read(message.address)
        told = {"text": cut(message.text, _MOST), "url": message.link, "id": message.id}
        body = json.dumps(told | {"receipt": message.receipt}, ensure_ascii=False).encode()
        headers = {
            "Content-Type": "application/octet-stream",
            "Content-Encoding": "aes128gcm",
            "TTL": str(int(TTL.total_seconds())),
            "Urgency": "high" if message.kind in _URGENT else "normal",
            "Topic": _topic(message.id),
            "Authorization": self._authorization(there.endpoint),
        }
        answer = self.http.post(there.endpoint, encrypted(body, there), headers)
        if answer.status in _GONE:
            raise Gone("the browser wants no more")
        answer.refuse_errors()
        return None

    def _authorization(self, endpoint: str) -> str:
        parts = urlsplit(endpoint)
        claims = {
            "aud": f"{parts.scheme}://{parts.netloc}",
            "exp": int((clock.now() + _TOKEN_HOLDS).timestamp()),
            "sub": self.subject,
        }
        said = f"{_json({'typ': 'JWT', 'alg': 'ES256'})}.{_json(claims)}"
        r, s = decode_dss_signature(self.key.sign(said.encode(), ec.ECDSA(hashes.SHA256())))
        signature = to_text(r.to_bytes(32, "big") + s.to_bytes(32, "big"))
        return f"vapid t={said}.{signature}, k={public_text(self.key)}"


@dataclass(frozen=True, slots=True)
class Subscription:
    """What a browser gives: where, and the keys with which to write to it alone."""

    endpoint: str
    public: bytes
    auth: bytes = field(repr=False)

    @classmethod
    def read(cls, raw: str) -> Subscription:
        """Raises a permanent `TransportError` for what no browser gives."""
        try:
            given = json.loads(raw)
            public, auth = from_text(given["keys"]["p256dh"]), from_text(given["keys"]["auth"])
            ec.EllipticCurvePublicKey.from_encoded_point(_CURVE, public)
            if len(auth) != 16 or not isinstance(given["endpoint"], str):
                raise ValueError("no subscription")
        except (ValueError, TypeError, KeyError, InvalidKey):
            raise TransportError("this is no subscription of a browser", permanent=True) from None
        return cls(given["endpoint"], public, auth)


def key_from(secret: str) -> ec.EllipticCurvePrivateKey:
    """The hub's own key, the same in each of its processes: browsers are bound to it."""
    raw = hashlib.blake2b(b"web push", key=secret.encode()[:64], digest_size=48).digest()
    return ec.derive_private_key(int.from_bytes(raw, "big") % (_ORDER - 1) + 1, _CURVE)


def public_text(key: ec.EllipticCurvePrivateKey) -> str:
    return to_text(_point(key))


def encrypted(
    words: bytes,
    there: Subscription,
    key: ec.EllipticCurvePrivateKey | None = None,
    salt: bytes | None = None,
) -> bytes:
    """One record that only this browser can read. Key and salt are new each time; a test may give them."""
    own, salt = key or ec.generate_private_key(_CURVE), salt or os.urandom(16)
    theirs = ec.EllipticCurvePublicKey.from_encoded_point(_CURVE, there.public)
    shared = own.exchange(ec.ECDH(), theirs)
    bound = _derived(shared, there.auth, b"WebPush: info\0" + there.public + _point(own), 32)
    content_key = _derived(bound, salt, b"Content-Encoding: aes128gcm\0", 16)
    nonce = _derived(bound, salt, b"Content-Encoding: nonce\0", 12)
    head = salt + _RECORD.to_bytes(4, "big") + bytes([len(_point(own))]) + _point(own)
    return head + AESGCM(content_key).encrypt(nonce, words + _LAST, None)


def to_text(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


def from_text(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def _point(key: ec.EllipticCurvePrivateKey) -> bytes:
    return key.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)


def _derived(secret: bytes, salt: bytes, info: bytes, length: int) -> bytes:
    return HKDF(hashes.SHA256(), length, salt, info).derive(secret)


def _json(content: dict[str, Any]) -> str:
    return to_text(json.dumps(content, separators=(",", ":")).encode())


def _topic(id: str) -> str:
    """A second try takes the place of the first, where that still waits for its browser."""
    return to_text(hashlib.sha256(id.encode()).digest()[:24])
