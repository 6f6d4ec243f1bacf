"""Who is counted by the rate limits of pages without a sign-in: a keyed hash, never an address."""

from __future__ import annotations

import hashlib
import hmac

from flask import current_app, request

PUBLIC = "60 per minute"
KIOSK = "120 per minute"


def address() -> str:
    """The sender's address, hashed with the hub's key: it can be counted, not read."""
    return _hashed(f"address:{request.remote_addr}")


def device() -> str:
    """The kiosk whose token is in the path."""
    return _hashed(f"device:{(request.view_args or {}).get('token')}")


def _hashed(whom: str) -> str:
    return hmac.new(current_app.config["SECRET_KEY"].encode(), whom.encode(), hashlib.sha256).hexdigest()[:32]
