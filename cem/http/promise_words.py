"""The promises, and their times, in words."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final

from flask_babel import gettext, lazy_gettext

_l = lazy_gettext

PROMISES: Final[dict[str, Any]] = {
    "acknowledge": _l("Take it"),
    "first_contact": _l("First contact"),
    "resolve": _l("Solve"),
}


def listed(words: Iterable[object]) -> str:
    """Words one after the other, with the comma of the reader's language between them."""
    return gettext(", ").join(str(word) for word in words)


def minutes(number: int) -> str:
    """A target as people say it: hours where they are whole."""
    if number >= 60 and number % 60 == 0:
        return gettext("%(number)s h", number=number // 60)
    return gettext("%(number)s min", number=number)
