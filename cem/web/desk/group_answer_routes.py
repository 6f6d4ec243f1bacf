"""`/desk/groups/<id>/replies` and `/resolution`: one text, or one outcome, for many of a group.

What takes long is done in parts: each request does some and shows how far it is, and the page goes on by
itself. What was done is done: a page that is closed half-way, or sent twice, does nothing twice.
"""

from __future__ import annotations

from typing import Any, Final
from uuid import UUID

from flask import redirect, request, url_for
from flask_babel import gettext

from cem.domain.vocabulary import ResolutionCode, Via
from cem.engine import group_answers
from cem.engine.case_endings import Resolution
from cem.engine.group_answers import Outcome
from cem.extensions import db
from cem.http import access
from cem.web.desk import group_answer_view as views
from cem.web.desk.forms import CHOOSE, GroupReplyForm, OutcomeForm, options
from cem.web.desk.group_routes import open_group
from cem.web.desk.routes import desk, page, reader

IN_PARTS: Final = 40
"""Cases that one request does: about a second."""


@desk.get("/desk/groups/<uuid:id>/replies")
def answer_group(id: UUID) -> str:
    return _answer_page(open_group(id), GroupReplyForm(formdata=None))


@desk.post("/desk/groups/<uuid:id>/replies")
def send_to_group(id: UUID) -> Any:
    """First who gets it and who does not, and why; then, once approved, it goes to those who do."""
    row, form = open_group(id), GroupReplyForm()
    chosen = _chosen()
    if not form.validate():
        return _answer_page(row, form, chosen), 422
    if not chosen and form.which.data == "some":
        form.which.errors = [CHOOSE]
        return _answer_page(row, form, chosen), 422
    if request.form.get("approved") != "yes":
        return _answer_page(row, form, chosen if form.which.data == "some" else None, approving=True)
    said = (id, form.text.data, Via(form.via.data), access.actor(), chosen)
    outcome = group_answers.answer(*said, _after(), IN_PARTS)
    if outcome.after is not None:
        return _progress(row, "desk.send_to_group", form, chosen, outcome)
    return _over(row, group_answers.answer(*said), gettext("One answer for all"))


@desk.get("/desk/groups/<uuid:id>/resolution")
def outcome_of_group(id: UUID) -> str:
    return _outcome_page(open_group(id), OutcomeForm(formdata=None))


@desk.post("/desk/groups/<uuid:id>/resolution")
def resolve_group(id: UUID) -> Any:
    """Every case whose customer has an answer is solved, with the same code and words."""
    row, form = open_group(id), OutcomeForm()
    if not form.validate():
        return _outcome_page(row, form), 422
    meant = _chosen() or group_answers.answered(db.session, id)
    resolution = Resolution(ResolutionCode(form.code.data), form.summary.data)
    outcome = group_answers.resolve(id, resolution, access.actor(), meant, _after(), IN_PARTS)
    if outcome.after is not None:
        return _progress(row, "desk.resolve_group", form, meant, outcome)
    rest = group_answers.resolve(id, resolution, access.actor(), meant)
    return _over(row, rest, gettext("Solve all that were answered"))


def _chosen() -> list[UUID]:
    """The cases that were ticked, or approved."""
    try:
        return [UUID(each) for each in request.form.getlist("case")]
    except ValueError:
        return []


def _after() -> UUID | None:
    try:
        return UUID(request.form["after"])
    except (KeyError, ValueError):
        return None


def _tried() -> int:
    """How many earlier parts were about: shown, and nothing else."""
    given = request.form.get("tried", "0")
    return int(given) if given.isdecimal() and len(given) < 6 else 0


def _answer_page(row: Any, form: GroupReplyForm, chosen: Any = None, *, approving: bool = False) -> str:
    at = reader()
    via = Via(form.via.data) if approving else Via.MESSAGE
    return page(
        "desk/group_answer.html",
        at,
        group=views.head(row, at),
        form=form,
        options=options(form),
        errors={name: messages for name, messages in form.errors.items() if name != "csrf_token"},
        approving=approving,
        to=views.recipients(row.id, via, access.actor(), at, chosen if approving else None),
        ticked=set(map(str, chosen or ())),
        way=dict(options(form)["via"]).get(form.via.data, ""),
        word=gettext("One answer for all"),
    )


def _outcome_page(row: Any, form: OutcomeForm) -> str:
    at = reader()
    return page(
        "desk/group_outcome.html",
        at,
        group=views.head(row, at),
        form=form,
        options=options(form),
        errors={name: messages for name, messages in form.errors.items() if name != "csrf_token"},
        count=len(group_answers.answered(db.session, row.id)),
        word=gettext("Solve all that were answered"),
    )


def _progress(row: Any, action: str, form: Any, chosen: list[UUID], outcome: Outcome) -> str:
    """How far it is, and the form that goes on after the last one."""
    at = reader()
    tried = _tried() + outcome.done + len(outcome.refused)
    fields = [(field.name, field.data) for field in form if field.name not in ("csrf_token", "version")]
    hidden = [*fields, ("approved", "yes"), ("after", outcome.after), ("tried", tried)]
    return page(
        "desk/group_progress.html",
        at,
        group=views.head(row, at),
        action=url_for(action, id=row.id),
        hidden=[(name, value) for name, value in hidden if value is not None],
        chosen=chosen,
        tried=tried,
    )


def _over(row: Any, rest: Outcome, word: str) -> Any:
    """Back to the group; where some said no, first which and why."""
    if not rest.refused:
        return redirect(url_for("desk.group", id=row.id), 303)
    at = reader()
    refused = views.refusals(rest.refused)
    return page("desk/group_done.html", at, group=views.head(row, at), refused=refused, word=word)
