"""`/desk/groups/<id>`: many at once for one cause, and what a person does about all of them."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import redirect, render_template, request, url_for
from flask_login import current_user
from werkzeug.wrappers import Response

from cem.domain.reasons import NotFound
from cem.engine import group_steps, notify
from cem.http import access
from cem.web.desk import group_queries, group_view
from cem.web.desk.routes import desk, fragment, page, reader


@desk.get("/desk/groups/<uuid:id>")
def group(id: UUID) -> str:
    """Opening it is the receipt of what told this person of it."""
    open_group(id)
    notify.seen_group(current_user.id, id)
    at = reader()
    return page("desk/group.html", at, group=group_view.page(open_group(id), at, request.args.get("of")))


@desk.get("/desk/groups/<uuid:id>/now")
def group_now(id: UUID) -> Response:
    at = reader()
    shown = group_view.page(open_group(id), at, request.args.get("of"))
    return fragment(render_template("desk/_group.html", now=at.now, group=shown))


@desk.get("/desk/groups/<uuid:id>/<any(acknowledgement, separation, split):part>")
def group_form(id: UUID, part: str) -> Response:
    """Reached by going back after a form: the form is on the page of the group."""
    return redirect(url_for("desk.group", id=id), 303)


@desk.post("/desk/groups/<uuid:id>/acknowledgement")
def take_group(id: UUID) -> Response:
    open_group(id)
    group_steps.acknowledge(id, access.actor())
    return redirect(url_for("desk.group", id=id), 303)


@desk.post("/desk/groups/<uuid:id>/separation")
def separate_from_group(id: UUID) -> Response:
    open_group(id)
    try:
        group_steps.separate(id, UUID(request.form.get("case", "")), access.actor())
    except ValueError:
        raise NotFound from None
    return redirect(url_for("desk.group", id=id), 303)


@desk.post("/desk/groups/<uuid:id>/split")
def split_group(id: UUID) -> Response:
    open_group(id)
    group_steps.split(id, access.actor())
    return redirect(url_for("desk.queue"), 303)


def open_group(id: UUID) -> Any:
    """The group, if its place is this person's to see."""
    row = group_queries.group(id)
    if row is None:
        raise NotFound
    access.must_see(row.path)
    return row
