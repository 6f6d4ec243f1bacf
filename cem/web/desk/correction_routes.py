"""`/desk/feedback/<id>/corrections`: one touch puts one finding right."""

from __future__ import annotations

from typing import Any, get_args
from uuid import UUID

from flask import redirect, request, url_for
from flask_login import current_user
from werkzeug.wrappers import Response

from cem.domain.corrections import Correction
from cem.domain.findings import Label
from cem.domain.reasons import Invalid, NotFound, Refused
from cem.domain.submission import N_
from cem.engine import corrections
from cem.extensions import db
from cem.http import access
from cem.models import Feedback
from cem.web.desk import queries
from cem.web.desk.routes import desk

SIDES = {**{label: label for label in get_args(Label)}, "none": None}


@desk.get("/desk/feedback/<uuid:id>/corrections")
def correct_form(id: UUID) -> Response:
    """Reached by going back after a touch: the keys stand beside the words."""
    return redirect(_page_of(_open(id)), 303)


@desk.post("/desk/feedback/<uuid:id>/corrections")
def correct(id: UUID) -> Response:
    row = _open(id)
    what = request.form.get("what", "")
    if what == "undo":
        corrections.undo(id, access.actor())
    else:
        corrections.correct(id, said(what), access.actor())
    return redirect(_page_of(row), 303)


def said(what: str) -> Correction:
    """`level:-1`, `topic:noise:negative`, `topic:noise:none`, `risk:legal:yes`. Raises `Invalid`."""
    match what.split(":"):
        case ["level", "-2" | "-1" | "0" | "1" | "2" as level]:
            return Correction(int(level))
        case ["topic", code, side] if side in SIDES:
            return Correction(topics={code: SIDES[side]})
        case ["risk", code, "yes" | "no" as there]:
            return Correction(risks={code: there == "yes"})
    raise Invalid({"what": [N_("Touch one of the keys.")]})


def must_handle(id: UUID) -> None:
    """Nobody judges a complaint about themselves. Raises `Refused`."""
    if db.session.scalar(db.select(Feedback.staff).where(Feedback.id == id)) == current_user.username:
        raise Refused("recused")


def _open(id: UUID) -> Any:
    row = queries.one_feedback(id)
    if row is None:
        raise NotFound
    access.must_see(row.path)
    must_handle(id)
    return row


def _page_of(row: Any) -> str:
    if row.number:
        return url_for("desk.case", number=row.number, _anchor=f"read-{row.id}")
    return url_for("desk.feedback", id=row.id, _anchor=f"read-{row.id}")
