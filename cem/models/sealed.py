"""Personal data at rest: encrypted with the hub's key, found again by a keyed hash."""

from __future__ import annotations

import base64
import hashlib
import hmac

from cryptography.fernet import Fernet, MultiFernet
from sqlalchemy import LargeBinary
from sqlalchemy.engine import Dialect
from sqlalchemy.types import TypeDecorator

_keys: dict[str, bytes] = {}
_box: list[MultiFernet] = []


def use_key(secret_key: str) -> None:
    """Derive the sealing and the look-up key from the hub's secret. Called once by `create_app`."""
    seal = hashlib.blake2b(b"seal", key=secret_key.encode()[:64], digest_size=32).digest()
    _keys["look-up"] = hashlib.blake2b(b"look-up", key=secret_key.encode()[:64], digest_size=32).digest()
    _box[:] = [MultiFernet([Fernet(base64.urlsafe_b64encode(seal))])]


def look_up_hash(value: str) -> bytes:
    """A keyed hash (HMAC-SHA-256) of a contact, equal for equal values, useless without the key."""
    return hmac.digest(_keys["look-up"], value.strip().casefold().encode(), "sha256")


class Sealed(TypeDecorator[str]):
    """A text that only this hub can read back."""

    impl = LargeBinary
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> bytes | None:
        return None if value is None else _box[0].encrypt(value.encode())

    def process_result_value(self, value: bytes | None, dialect: Dialect) -> str | None:
        return None if value is None else _box[0].decrypt(bytes(value)).decode()
