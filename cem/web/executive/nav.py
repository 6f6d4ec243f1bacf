"""What stands around the executives' pages: the bar, who is signed in, the address to come back to."""

from __future__ import annotations

from typing import Any

from flask import request, url_for
from flask_babel import gettext
from flask_login import current_user

from cem.web.executive.view import View
from cem.web.shell import places_to_go


def shared(view: View, overdue: int) -> dict[str, Any]:
    """The executives' own pages first, then wherever else this person may go."""
    own = [
        (url_for("executive.page"), gettext("Monday page")),
        (url_for("executive.feedback"), gettext("Ledger")),
    ]
    known = {"/me", *(address for address, _ in own)}
    others = [(entry.address, entry.word) for entry in places_to_go() if entry.address not in known]
    return {
        "view": view,
        "overdue": overdue,
        "overdue_href": view.items(state="overdue"),
        "nav": [*own, *others],
        "here": request.path,
        "who": current_user.name,
        "back": request.full_path.rstrip("?"),
    }
