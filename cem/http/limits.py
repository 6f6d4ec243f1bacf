"""Who is counted by the rate limits of pages without a sign-in: a keyed hash, never an address."""

from __future__ import annotations

import hashlib
import hmac

from flask import current_app, request
from flask_login import current_user

PUBLIC = "60 per minute"
KIOSK = "120 per minute"
RECEIPTS = "1200 per minute"
"""A provider of text messages sends all of its receipts from one address."""
SIGN_IN_ADDRESS = "60 per 10 minutes"
SIGN_IN_PERSON_HERE = "10 per 10 minutes"
SIGN_IN_PERSON = "100 per hour"
"""The last one is wide: a stranger elsewhere must not lock somebody out of their own desk."""


def address() -> str:
    """The sender's address, hashed with the hub's key: it can be counted, not read."""
    return _hashed(f"address:{request.remote_addr}")


def device() -> str:
    """The kiosk whose token is in the path."""
    return _hashed(f"device:{(request.view_args or {}).get('token')}")


def tried_name() -> str:
    """The user name that a sign-in tries, from wherever."""
    return _hashed(f"person:{request.form.get('username', '').strip().casefold()}")


def tried_name_here() -> str:
    """The same from one address."""
    return _hashed(f"{tried_name()}@{request.remote_addr}")


def signed_in() -> str:
    """The person who signed in."""
    return _hashed(f"user:{current_user.get_id()}")


def _hashed(whom: str) -> str:
    return hmac.new(current_app.config["SECRET_KEY"].encode(), whom.encode(), hashlib.sha256).hexdigest()[:32]
