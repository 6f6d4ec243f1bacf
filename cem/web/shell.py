"""What stands around every page of the staff: where they can go, and who they are."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from flask import Flask, current_app
from flask_babel import gettext, lazy_gettext, ngettext
from flask_login import current_user
from werkzeug.exceptions import HTTPException

from cem import clock
from cem.domain.proof import Standing
from cem.engine import reconciler
from cem.http import access
from cem.http.access import Roles
from cem.http.pages import when
from cem.web import times

_l = lazy_gettext


@dataclass(frozen=True, slots=True)
class Entry:
    address: str
    word: Any
    icon: str


ENTRIES: Final = (
    Entry("/desk", _l("On duty"), "desk"),
    Entry("/desk/owed", _l("To answer"), "chat"),
    Entry("/executive", _l("Monday page"), "book"),
    Entry("/admin", _l("Administration"), "shield"),
    Entry("/me", _l("Me"), "person"),
)
"""In the order of the bar. One that has no page yet, or none for this person, is not shown."""


def register(app: Flask) -> None:
    app.add_template_global(places_to_go)
    app.add_template_global(may_open)
    app.add_template_global(ledger_proof_said)


def ledger_proof_said() -> str:
    """What everybody has to know of the proof of the ledger; nothing while it is proved."""
    proof = reconciler.standing()
    if proof.standing is Standing.PROVED:
        return ""
    if proof.standing is Standing.WRONG:
        return ngettext(
            "Something is wrong in the ledger since %(since)s: %(num)s fault. The administrator sees which.",
            "Something is wrong in the ledger since %(since)s: %(num)s faults. The administrator sees which.",
            proof.faults,
            since=_time(proof.since),
        )
    if proof.at is None:
        return gettext("Nobody has checked the ledger yet: the schedule does not run.")
    return gettext(
        "Nobody has checked the ledger since %(time)s: the schedule stands still.", time=_time(proof.at)
    )


def _time(at: datetime | None) -> str:
    here = times.zone()
    return when(at.astimezone(here), clock.now().astimezone(here)) if at else ""


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
