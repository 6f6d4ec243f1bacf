"""The executives' pages, for them, for administrators, and for managers in their own places."""

from __future__ import annotations

from typing import Final
from uuid import UUID

from flask import Blueprint, Flask, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from cem.dashboards import items
from cem.domain.reasons import Invalid
from cem.domain.submission import N_
from cem.domain.vocabulary import Role
from cem.engine import emerging
from cem.http import access, security
from cem.web.executive import listing, monday, nav, plotly_file, spoken
from cem.web.executive.view import chosen

executive = Blueprint("executive", __name__, url_prefix="/executive")

READERS: Final = access.roles(Role.EXECUTIVE, Role.MANAGER)


@executive.get("")
def page() -> str:
    """Monday, 08:30: what changed, whether it is real, and what is owed."""
    security.allow_chart_styles()
    view = chosen()
    shown = monday.page(view)
    overdue = shown["ledger"].parts["overdue"]
    return render_template("executive/monday.html", **nav.shared(view, overdue), **shown)


@executive.get("/feedback")
def feedback() -> str:
    """What is behind a figure, item by item."""
    view = chosen()
    overdue = items.count(items.Filter(view.path, state="overdue"))
    return render_template("executive/feedback.html", **nav.shared(view, overdue), **listing.page(view))


@executive.post("/phrases/<uuid:id>")
def phrase(id: UUID) -> Response:
    """It is no topic, or it is one after all; for everybody, so only who sees all places may say so."""
    what = request.form.get("what")
    if what not in ("hide", "show"):
        raise Invalid({"what": [N_("Touch one of the keys.")]})
    if not spoken.sees_everything():
        access.refuse_and_record()
    emerging.set_hidden(id, what == "hide", access.actor())
    asked = {name: request.form[name] for name in ("site", "period") if request.form.get(name)}
    hidden = {"hidden": str(id)} if what == "hide" else {}
    return redirect(url_for("executive.page", **asked, **hidden, _anchor="new-words"), 303)


@executive.get("/plotly.js")
def plotly() -> Response:
    return plotly_file.answer()


def register(app: Flask) -> None:
    """Mount the pages and say who may open them."""
    access.rule("executive.page", READERS)
    access.rule("executive.feedback", READERS)
    access.rule("executive.phrase", READERS)
    access.rule("executive.plotly", access.PUBLIC)
    app.add_template_global(plotly_file.mark, "plotly_mark")
    app.register_blueprint(executive)
