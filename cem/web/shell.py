"""What stands around every page of the staff: where they can go, and who they are."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from flask import Flask, current_app
from flask_babel import lazy_gettext
from flask_login import current_user
from werkzeug.exceptions import HTTPException

from cem.http import access
from cem.http.access import Roles

_l = lazy_gettext


@dataclass(frozen=True, slots=True)
class Entry:
    address: str
    word: Any
    icon: str


ENTRIES: Final = (
    Entry("/desk", _l("On duty"), "desk"),
    Entry("/desk/owed", _l("To answer"), "chat"),
    Entry("/executive", _l("Figures"), "book"),
    Entry("/admin", _l("Administration"), "shield"),
    Entry("/me", _l("Me"), "person"),
)
"""In the order of the bar. One that has no page yet, or none for this person, is not shown."""


def register(app: Flask) -> None:
    app.add_template_global(places_to_go)
    app.add_template_global(may_open)


def places_to_go() -> list[Entry]:
    return [entry for entry in ENTRIES if may_open(entry.address)]


def may_open(address: str) -> bool:
    """Whether there is such a page, and whether this person may open it."""
    try:
        endpoint, _ = current_app.url_map.bind("").match(address)
    except HTTPException:
        return False
    rule = access.RULES.get(endpoint)
    return isinstance(rule, Roles) and current_user.is_authenticated and current_user.role in rule.allowed
