"""`/desk/feedback/<id>`: what opened no case is owed an answer all the same."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import redirect, url_for
from flask_babel import gettext
from flask_login import current_user
from werkzeug.wrappers import Response

from cem.domain.findings import Findings
from cem.domain.reasons import NotFound
from cem.domain.vocabulary import ExcuseReason, LedgerState, Via
from cem.engine import replies, reply_drafts
from cem.engine.reply_drafts import Made
from cem.extensions import db
from cem.http import access
from cem.http.correctors import last_lines
from cem.models import Reply
from cem.web.desk import alike_routes, letter_view, queries, reading_view
from cem.web.desk.forms import ExcuseForm, ReplyForm, options
from cem.web.desk.letter_view import LetterView
from cem.web.desk.routes import desk, page, reader
from cem.web.desk.rows import Reader, entry_row


@desk.get("/desk/feedback/<uuid:id>")
def feedback(id: UUID) -> Any:
    row = open_feedback(id)
    if row.number:
        return redirect(url_for("desk.case", number=row.number), 303)
    return shown_page(row, ReplyForm(formdata=None), ExcuseForm(formdata=None))


@desk.get("/desk/feedback/<uuid:id>/<any(replies, excuse):part>")
def feedback_form(id: UUID, part: str) -> Response:
    """Reached by going back after a form: the form is on the page of the feedback."""
    return redirect(url_for("desk.feedback", id=id), 303)


@desk.post("/desk/feedback/<uuid:id>/replies")
def reply(id: UUID) -> Any:
    row, form = open_feedback(id), ReplyForm()
    if not form.may_go([row.tracking_code]):
        return shown_page(row, form, ExcuseForm(formdata=None)), 422
    replies.reply(id, form.text.data, Via(form.via.data), access.actor())
    return redirect(url_for("desk.feedback", id=id), 303)


@desk.post("/desk/feedback/<uuid:id>/excuse")
def excuse(id: UUID) -> Any:
    row, form = open_feedback(id), ExcuseForm()
    if not form.validate():
        return shown_page(row, ReplyForm(formdata=None), form), 422
    replies.excuse(id, ExcuseReason(form.reason.data), form.evidence.data, access.actor())
    return redirect(url_for("desk.owed"), 303)


def open_feedback(id: UUID) -> Any:
    row = queries.one_feedback(id)
    if row is None:
        raise NotFound
    access.must_see(row.path)
    return row


def answer_field(id: UUID, made: Made, value: str) -> LetterView:
    return LetterView(
        name="text",
        label=gettext("Your answer"),
        hint=gettext("It stands on their page at once, with your name under it."),
        address=url_for("desk.draft_for_feedback", id=id),
        language=made.facts.language,
        value=value,
    )


def _letter(row: Any, form: ReplyForm) -> LetterView:
    made = reply_drafts.for_feedback(row.id, letter_view.asked())
    return letter_view.checked(answer_field(row.id, made, str(form.text.data or "")), made)


def shown_page(row: Any, answering: ReplyForm, excusing: ExcuseForm, letter: LetterView | None = None) -> str:
    at = reader()
    given = db.session.scalars(db.select(Reply).where(Reply.feedback_id == row.id).order_by(Reply.at)).all()
    names = queries.names_of({UUID(one.by[5:]) for one in given if one.by.startswith("user:")})
    return page(
        "desk/feedback.html",
        at,
        row=entry_row(row, at),
        code=row.tracking_code,
        owed=row.state is LedgerState.OWED,
        given=[(at.local(one.at), one.text, names.get(one.by, "")) for one in given],
        id=row.id,
        alike=alike_routes.shown([row.id] if row.flags else []),
        reading=_reading(row, at),
        may_correct=row.staff != current_user.username,
        letter=letter or _letter(row, answering),
        answering=answering,
        excusing=excusing,
        options=options(answering) | options(excusing),
        errors=answering.errors | excusing.errors,
    )


def _reading(row: Any, at: Reader) -> reading_view.ReadingView | None:
    findings = Findings.from_dict(row.findings) if row.findings else None
    return reading_view.view(row, findings, row.pack, last_lines([row.id]), at)
