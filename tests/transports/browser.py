"""A browser with its keys, as far as it takes part in web push: it subscribes, and reads what was sent to it.

Written from RFC 8291 and RFC 8188 with HMAC alone, so that it shares nothing with what it checks.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import secrets
from dataclasses import dataclass, field

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from cem.transports.webpush import to_text


@dataclass
class Browser:
    key: ec.EllipticCurvePrivateKey = field(default_factory=lambda: ec.generate_private_key(ec.SECP256R1()))
    auth: bytes = field(default_factory=lambda: secrets.token_bytes(16))

    @property
    def public(self) -> bytes:
        return self.key.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)

    def subscription(self, url: str, path: str = "/push/7f00") -> str:
        keys = {"p256dh": to_text(self.public), "auth": to_text(self.auth)}
        return json.dumps({"endpoint": f"{url}{path}", "expirationTime": None, "keys": keys})

    def decrypted(self, body: bytes) -> str:
        salt, length = body[:16], body[20]
        point, record = body[21 : 21 + length], body[21 + length :]
        theirs = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), point)
        shared = _hmac(self.auth, self.key.exchange(ec.ECDH(), theirs))
        ikm = _hmac(shared, b"WebPush: info\0" + self.public + point + b"\x01")
        prk = _hmac(salt, ikm)
        key = _hmac(prk, b"Content-Encoding: aes128gcm\0\x01")[:16]
        nonce = _hmac(prk, b"Content-Encoding: nonce\0\x01")[:12]
        padded = AESGCM(key).decrypt(nonce, record, None)
        words, end = padded.rstrip(b"\0")[:-1], padded.rstrip(b"\0")[-1:]
        assert end == b"\x02", "the last record ends with 2"
        return words.decode()


def _hmac(key: bytes, words: bytes) -> bytes:
    return hmac.new(key, words, hashlib.sha256).digest()
