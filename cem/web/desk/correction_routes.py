"""`/desk/feedback/<id>/corrections`: one touch puts one finding right."""

from __future__ import annotations

from typing import Any, get_args
from uuid import UUID

from flask import redirect, request, url_for
from flask_login import current_user
from werkzeug.wrappers import Response

from cem.domain.corrections import Correction, places_of
from cem.domain.findings import Label, Span
from cem.domain.reasons import Invalid, NotFound, Refused
from cem.domain.review import SHARES
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
        why = request.form.get("why")
        found = said(what, request.form.get("words", ""), row.text or "")
        corrections.correct(id, found, access.actor(), why if why in SHARES else None)
    if request.form.get("back") == "review":
        return redirect(url_for("desk.review", last=id), 303)
    return redirect(_page_of(row), 303)


def said(what: str, words: str = "", text: str = "") -> Correction:
    """`level:-1`, `topic:noise:negative`, `topic:noise:none`, `risk:legal:yes`, `urgency:high`,
    `language:en`, `pii:name`, `pii:3:7:none`. Raises `Invalid`.

    `words` are those that say so, as they stand in `text`.
    """
    match what.split(":"):
        case ["level", "-2" | "-1" | "0" | "1" | "2" as level]:
            return Correction(int(level))
        case ["topic", code, side] if side in SIDES:
            spans = {code: _places(words, text)} if words.strip() and SIDES[side] else {}
            return Correction(topics={code: SIDES[side]}, spans=spans)
        case ["risk", code, "yes" | "no" as there]:
            return Correction(risks={code: there == "yes"})
        case ["urgency", "high" | "normal" as urgency]:
            return Correction(urgency=urgency)
        case ["language", code]:
            return Correction(language=code)
        case ["pii", kind]:
            return Correction(pii=dict.fromkeys(_places(words, text), kind))
        case ["pii", start, end, "none"] if start.isdecimal() and end.isdecimal():
            return Correction(pii={(int(start), int(end)): None})
    raise Invalid({"what": [N_("Touch one of the keys.")]})


def _places(words: str, text: str) -> tuple[Span, ...]:
    if not (found := places_of(words.strip(), text)):
        raise Invalid({"words": [N_("Write the words as they stand in the text, or mark them there.")]})
    return found


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
