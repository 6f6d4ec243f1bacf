"""What the robots of the three messengers have in common: JSON in, a code of their own out."""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Collection, Mapping
from typing import Any, Final

from cem.transports.base import TransportError
from cem.transports.http import Answer, Http

SENT: Final = 0


def tell(http: Http, url: str, content: Mapping[str, Any], busy: Collection[int], *names: str) -> None:
    """Post it, and read the code by which the provider says what became of it (under the first of `names`).

    A refused message often comes back with status 200, and a busy provider with 400: its own code is read
    before the status. Raises `TransportError` for every code but `SENT`; those in `busy` are worth a retry.
    """
    answer = http.post_json(url, content)
    code = _code(answer, names)
    if code is None:
        answer.refuse_errors()
        raise TransportError("the answer cannot be read", permanent=False)
    if code != SENT:
        raise TransportError(f"code {code}", permanent=code not in busy, wait=answer.wait)


def _code(answer: Answer, names: tuple[str, ...]) -> int | None:
    content = answer.json
    found = next((content[name] for name in names if name in content), None)
    return found if isinstance(found, int) else None


def cut(text: str, most: int) -> str:
    """The text with `most` bytes of UTF-8 at the most, never half a letter."""
    raw = text.encode()
    return text if len(raw) <= most else raw[: most - 3].decode(errors="ignore") + "…"


def signed(key: bytes, words: bytes = b"") -> str:
    """HMAC-SHA-256, as base 64."""
    return base64.b64encode(hmac.digest(key, words, hashlib.sha256)).decode()
