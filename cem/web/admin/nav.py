"""What stands around the administrators' pages: one list of their places, and the way out of them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from flask import request
from flask_babel import lazy_gettext
from flask_login import current_user

from cem import clock
from cem.dashboards import items
from cem.http import access
from cem.web.admin.blueprint import admin, may_change
from cem.web.shell import may_open, places_to_go
from cem.web.times import zone

_l = lazy_gettext

ENTRIES: Final[Sequence[tuple[str, Any]]] = (
    ("/admin", _l("Overview")),
    ("/admin/rules", _l("Rules")),
    ("/admin/rehearsal", _l("Rehearsal")),
    ("/admin/roster", _l("Roster")),
    ("/admin/ladder", _l("Ladder")),
    ("/admin/promises", _l("Promises")),
    ("/admin/calendars", _l("Calendars")),
    ("/admin/people", _l("People")),
    ("/admin/deliveries", _l("Notifications")),
    ("/admin/robots", _l("Robots")),
    ("/admin/model", _l("Model")),
    ("/admin/letters", _l("Letters")),
    ("/admin/assistant", _l("Assistant")),
)
"""In the order of the bar. One that has no page, or none for this person, is not shown."""


@admin.context_processor
def around() -> dict[str, Any]:
    """`around`, for the base and its pages: the bar, whoever reads, whether they may change, the time."""
    if not current_user.is_authenticated:
        return {}
    nav = [(address, word) for address, word in ENTRIES if may_open(address)]
    inside = {address for address, _ in nav}
    shown = {
        "nav": nav,
        "here": _here([address for address, _ in nav]),
        "elsewhere": [entry for entry in places_to_go() if entry.address not in inside],
        "who": current_user.name,
        "back": request.full_path.rstrip("?"),
        "overdue": items.count(items.Filter(access.visible_path(), state="overdue")),
        "overdue_href": "/executive/feedback?state=overdue",
        "may_change": may_change(),
        "now": clock.now().astimezone(zone()),
    }
    return {"around": shown}


def _here(addresses: Sequence[str]) -> str:
    """The entry whose page is open, or the one it lies below."""
    below = [each for each in addresses if request.path == each or request.path.startswith(f"{each}/")]
    return max(below, key=len, default="")
