"""`/admin`: what there is, whether it is well, and what waits."""

from __future__ import annotations

from typing import Any, Final

from flask import render_template, url_for

from cem.dashboards import items
from cem.engine import reconciler
from cem.http import access
from cem.http.words import sentence
from cem.web.admin import overview
from cem.web.admin.blueprint import READERS, admin

VIEWS: Final[dict[str, Any]] = {"home": READERS}


@admin.get("")
def home() -> str:
    path = access.visible_path()
    return render_template(
        "admin/home.html",
        company=overview.company(path),
        places=overview.places(path),
        account=overview.account(path),
        lists={state: url_for("executive.feedback", state=state) for state in items.LEDGER},
        checks=overview.checks(),
        proof=reconciler.standing(),
        faults=[sentence(reason) for reason in reconciler.found()],
        waiting=overview.waiting(path),
        understanding=overview.understanding(),
    )
