"""`/desk/groups/<id>`: many at once for one cause, and what a person does about all of them."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import redirect, render_template, request, url_for
from flask_babel import gettext
from flask_login import current_user
from werkzeug.wrappers import Response

from cem.domain.reasons import NotFound
from cem.domain.vocabulary import Via
from cem.engine import group_steps, notify
from cem.http import access
from cem.web.desk import group_queries, group_view
from cem.web.desk.forms import ReplyForm, options
from cem.web.desk.routes import desk, fragment, page, reader


@desk.get("/desk/groups/<uuid:id>")
def group(id: UUID) -> str:
    """Opening it is the receipt of what told this person of it."""
    _open(id)
    notify.seen_group(current_user.id, id)
    at = reader()
    return page("desk/group.html", at, group=group_view.page(_open(id), at))


@desk.get("/desk/groups/<uuid:id>/now")
def group_now(id: UUID) -> Response:
    at = reader()
    return fragment(render_template("desk/_group.html", now=at.now, group=group_view.page(_open(id), at)))


@desk.get("/desk/groups/<uuid:id>/<any(acknowledgement, separation, split):part>")
def group_form(id: UUID, part: str) -> Response:
    """Reached by going back after a form: the form is on the page of the group."""
    return redirect(url_for("desk.group", id=id), 303)


@desk.post("/desk/groups/<uuid:id>/acknowledgement")
def take_group(id: UUID) -> Response:
    _open(id)
    group_steps.acknowledge(id, access.actor())
    return redirect(url_for("desk.group", id=id), 303)


@desk.post("/desk/groups/<uuid:id>/separation")
def separate_from_group(id: UUID) -> Response:
    _open(id)
    try:
        group_steps.separate(id, UUID(request.form.get("case", "")), access.actor())
    except ValueError:
        raise NotFound from None
    return redirect(url_for("desk.group", id=id), 303)


@desk.post("/desk/groups/<uuid:id>/split")
def split_group(id: UUID) -> Response:
    _open(id)
    group_steps.split(id, access.actor())
    return redirect(url_for("desk.queue"), 303)


@desk.get("/desk/groups/<uuid:id>/replies")
def answer_group(id: UUID) -> str:
    return _answer_page(_open(id), ReplyForm(formdata=None))


@desk.post("/desk/groups/<uuid:id>/replies")
def send_to_group(id: UUID) -> Any:
    """First what it will be, for how many and how it reaches them; then, once approved, for all of them."""
    row, form = _open(id), ReplyForm()
    if not form.validate():
        return _answer_page(row, form), 422
    if request.form.get("approved") != "yes":
        return _answer_page(row, form, approving=True)
    group_steps.answer(id, form.text.data, Via(form.via.data), access.actor())
    return redirect(url_for("desk.group", id=id), 303)


def _open(id: UUID) -> Any:
    """The group, if its place is this person's to see."""
    row = group_queries.group(id)
    if row is None:
        raise NotFound
    access.must_see(row.path)
    return row


def _answer_page(row: Any, form: ReplyForm, *, approving: bool = False) -> str:
    at = reader()
    owed, reachable = group_queries.ways_to_answer(row.id)
    chosen = dict(options(form)["via"]).get(form.via.data, "")
    return page(
        "desk/group_answer.html",
        at,
        group=group_view.page(row, at),
        form=form,
        options=options(form),
        errors={name: messages for name, messages in form.errors.items() if name != "csrf_token"},
        approving=approving,
        owed=owed,
        reachable=reachable,
        chosen=chosen,
        word=gettext("One answer for all"),
    )
