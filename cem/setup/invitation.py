"""The one-time link that sets an empty hub up, for whoever reads its terminal or its instance folder."""

from __future__ import annotations

import hmac
from pathlib import Path
from typing import Final

from cem.ids import new_token
from cem.setup import is_empty

FILE: Final = "setup-link"


def issue(instance: Path) -> str:
    """The link's token, a new one at each start, so that an old one that leaked is worth nothing."""
    token, path = new_token(), instance / FILE
    path.unlink(missing_ok=True)
    path.touch(mode=0o600)
    path.write_text(token, encoding="ascii")
    return token


def is_valid(instance: Path, token: str) -> bool:
    """Whether this link opens the set-up: the newest one, and only while nobody has set the hub up."""
    try:
        known = (instance / FILE).read_text(encoding="ascii")
    except OSError:
        return False
    return hmac.compare_digest(known.encode(), token.encode()) and is_empty()


def use_up(instance: Path) -> None:
    (instance / FILE).unlink(missing_ok=True)
