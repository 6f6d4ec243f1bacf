"""The hash chain of the audit trail: changing, inserting or removing a row breaks every hash after it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

GENESIS = bytes(32)


@dataclass(frozen=True, slots=True)
class Link:
    """One sealed row. `content` is everything it says, without its number and hash."""

    number: int
    content: dict[str, Any]
    hash: bytes


def seal(previous: bytes, number: int, content: dict[str, Any]) -> bytes:
    """SHA-256 over the hash before, the number and the content as canonical JSON."""
    text = json.dumps([number, content], sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(previous + text.encode()).digest()


def first_break(links: Iterable[Link]) -> int | None:
    """The number at which the chain breaks; None where it is whole."""
    previous, expected = GENESIS, 1
    for link in links:
        if link.number != expected or seal(previous, link.number, link.content) != link.hash:
            return expected
        previous, expected = link.hash, expected + 1
    return None
