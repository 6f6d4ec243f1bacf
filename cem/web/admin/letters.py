"""`/admin/letters`: what stands below every draft of a letter to somebody who complained."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final
from uuid import UUID

from flask import redirect, render_template, request, url_for
from flask_babel import gettext

from cem.domain.reasons import Invalid
from cem.engine import recourse
from cem.extensions import db
from cem.http import access
from cem.http.i18n import LANGUAGES
from cem.models import User
from cem.web.admin.blueprint import READERS, WRITERS, admin
from cem.web.times import zone

VIEWS: Final[dict[str, Any]] = {"letters": READERS, "state_recourse": WRITERS}


@admin.get("/letters")
def letters() -> str:
    holds = recourse.holding()
    return _page(holds.text if holds else {}, {})


@admin.post("/letters")
def state_recourse() -> Any:
    """It holds for the next draft; letters that were sent stay as they are."""
    given = {language: request.form.get(language, "") for language in LANGUAGES}
    try:
        recourse.state(given, access.actor())
    except Invalid as invalid:
        wrong = {name: [gettext(words) for words in said] for name, said in invalid.fields.items()}
        return _page(given, wrong), 422
    return redirect(url_for("admin.letters", done="kept"), 303)


def _page(given: dict[str, str], errors: dict[str, list[str]]) -> str:
    return render_template(
        "admin/letters.html",
        given=given,
        errors=errors,
        fields=[(code, LANGUAGES[code].name) for code in recourse.LANGUAGES],
        longest=recourse.LONGEST,
        stated=_stated(),
        done=request.args.get("done", ""),
    )


def _stated() -> tuple[str, datetime] | None:
    """Who said it last, and when."""
    holds = recourse.holding()
    if holds is None:
        return None
    who = db.session.get(User, UUID(holds.by[5:])) if holds.by.startswith("user:") else None
    return (who.name if who else "", holds.at.astimezone(zone()))
