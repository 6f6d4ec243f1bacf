"""`/desk/cases/<number>/replies`: a letter to the customer, and the drafts that help to write one.

A draft is asked for by a person and put into the field before them; nothing is stored and nothing is sent.
"""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from cem.domain.case import LIVE
from cem.domain.reasons import Refused
from cem.domain.vocabulary import Via
from cem.engine import replies, reply_drafts
from cem.engine.reply_drafts import Made
from cem.http import access
from cem.web.desk import actions, case_routes, feedback_routes, letter_view
from cem.web.desk.case_rows import Rows
from cem.web.desk.forms import ACTS, ExcuseForm, ReplyForm
from cem.web.desk.letter_view import LetterView
from cem.web.desk.routes import desk, fragment


@desk.get("/desk/cases/<int:number>/replies")
def case_reply(number: int) -> Any:
    rows = _writable(number)
    return _page(rows, ReplyForm(formdata=None))


@desk.post("/desk/cases/<int:number>/replies")
def send_case_reply(number: int) -> Any:
    """The letter goes out: the customer has an answer, and whoever wrote it has the case."""
    rows, form = _writable(number), ReplyForm()
    if not form.may_go(one.tracking_code for one in rows.feedback):
        return _page(rows, form), 422
    replies.reply(rows.case.feedback_id, form.text.data, Via(form.via.data), access.actor())
    return redirect(url_for("desk.case", number=number), 303)


@desk.get("/desk/cases/<int:number>/reply-draft")
def case_draft_page(number: int) -> Response:
    """Reached by going back after a draft: the field is on the form."""
    return redirect(url_for("desk.case", number=number), 303)


@desk.post("/desk/cases/<int:number>/reply-draft")
def draft_for_case(number: int) -> Any:
    """The field with a draft in it, with what stood there before, or with what is amiss in it."""
    rows = case_routes.open_case(number)
    solving = request.args.get("on") == "resolution"
    made = reply_drafts.for_case(rows.case.id, letter_view.asked(solving=solving))
    about = (rows.case.feedback_id, rows.case.id)
    if solving:
        form = ACTS["resolution"].form()
        value = str(form.reply.data or "")
        letter = letter_view.wanted(case_routes.reply_field(rows, made, value), made, *about)
        return _answer(letter, lambda: _again(number, "resolution", form, letter))
    reply_form = ReplyForm()
    letter = letter_view.wanted(_field(rows, made, str(reply_form.text.data or "")), made, *about)
    return _answer(letter, lambda: _again(number, "replies", reply_form, letter))


@desk.get("/desk/feedback/<uuid:id>/reply-draft")
def feedback_draft_page(id: UUID) -> Response:
    return redirect(url_for("desk.feedback", id=id), 303)


@desk.post("/desk/feedback/<uuid:id>/reply-draft")
def draft_for_feedback(id: UUID) -> Any:
    feedback_routes.open_feedback(id)
    form = ReplyForm()
    made = reply_drafts.for_feedback(id, letter_view.asked())
    field = feedback_routes.answer_field(id, made, str(form.text.data or ""))
    letter = letter_view.wanted(field, made, id)
    nothing = ExcuseForm(formdata=None)
    return _answer(
        letter,
        lambda: feedback_routes.shown_page(feedback_routes.open_feedback(id), form, nothing, letter),
    )


def _answer(letter: LetterView, whole: Any) -> Any:
    """A part of the page for a script, the whole page without one."""
    if "X-Fragment" not in request.headers:
        return whole()
    part = "desk/_amiss.html" if request.form.get("want") == "check" else "desk/_letter.html"
    return fragment(render_template(part, letter=letter, errors={}))


def _again(number: int, action: str, form: Any, letter: LetterView) -> str:
    """The whole page, from rows that are read anew: the database may have been let go of meanwhile."""
    return case_routes.form_page(case_routes.open_case(number), action, form, letter=letter)


def _writable(number: int) -> Rows:
    rows = case_routes.open_case(number)
    if actions.is_recused(rows):
        raise Refused("recused")
    if rows.case.state not in LIVE:
        raise Refused("draft_nothing_owed")
    return rows


def _field(rows: Rows, made: Made, value: str) -> LetterView:
    return LetterView(
        name="text",
        label=gettext("Your letter"),
        hint=gettext("It stands on their page at once, with your name under it."),
        address=url_for("desk.draft_for_case", number=rows.case.number),
        language=made.facts.language,
        value=value,
        rows=9,
    )


def _page(rows: Rows, form: ReplyForm, letter: LetterView | None = None) -> str:
    if letter is None:
        made = reply_drafts.for_case(rows.case.id, letter_view.asked())
        letter = letter_view.checked(_field(rows, made, str(form.text.data or "")), made)
    return case_routes.form_page(rows, "replies", form, letter=letter)
