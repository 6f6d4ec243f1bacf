"""The promises, and their times, in words."""

from __future__ import annotations

from typing import Any, Final

from flask_babel import gettext, lazy_gettext

_l = lazy_gettext

PROMISES: Final[dict[str, Any]] = {
    "acknowledge": _l("Take it"),
    "first_contact": _l("First contact"),
    "resolve": _l("Solve"),
}


def minutes(number: int) -> str:
    """A target as people say it: hours where they are whole."""
    if number >= 60 and number % 60 == 0:
        return gettext("%(number)s h", number=number // 60)
    return gettext("%(number)s min", number=number)
