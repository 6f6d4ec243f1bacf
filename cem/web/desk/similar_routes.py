"""`/desk/cases/<number>/similar`: how others have solved what is like this."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import render_template, request, url_for
from flask_babel import gettext

from cem.engine import similar
from cem.engine.similar import Solved
from cem.http import access, labels
from cem.http.i18n import localized
from cem.http.words import sentence
from cem.web.desk import actions, case_rows, case_view
from cem.web.desk.case_rows import Rows
from cem.web.desk.routes import desk, fragment, page, reader
from cem.web.desk.rows import Reader


@dataclass(frozen=True, slots=True)
class SimilarView:
    """`use` leads to the form of this case with the other one's reply in it; empty where it can't be used."""

    number: int
    href: str
    likeness: str
    where: str
    received_at: str
    resolved_at: str
    text: str
    language: str
    how: str
    summary: str
    reply: str
    customer: str
    use: str


@desk.get("/desk/cases/<int:number>/similar")
def similar_cases(number: int) -> Any:
    """A part of the case's page, fetched when somebody comes to it; a page of its own without script."""
    access.must_see(case_rows.path_of(number))
    rows, at = case_rows.read(number), reader()
    found = similar.solved_like(rows.case.id, access.visible_path())
    shown = {
        "number": number,
        "similar": [_view(one, rows, at) for one in found.items],
        "why_none": sentence(found.why) if found.why else "",
    }
    if "X-Fragment" in request.headers:
        return fragment(render_template("desk/_similar.html", **shown))
    return page("desk/similar.html", at, case=case_view.view(rows, at), **shown)


def _view(one: Solved, rows: Rows, at: Reader) -> SimilarView:
    usable = one.reply and "resolution" in actions.possible(rows)
    place = " · ".join(filter(None, (localized(one.site), localized(one.touchpoint or {}))))
    return SimilarView(
        number=one.number,
        href=url_for("desk.case", number=one.number),
        likeness=str(labels.LIKENESSES[one.likeness.value]),
        where=place,
        received_at=at.time(one.received_at),
        resolved_at=gettext("Solved %(time)s", time=at.time(one.resolved_at)),
        text=one.text,
        language=one.language or "",
        how=str(labels.RESOLUTIONS[one.code.value]),
        summary=one.summary,
        reply=one.reply or "",
        customer=str(labels.CUSTOMERS_WORD[one.customer]),
        use=_form(rows.case.number, one.number) if usable else "",
    )


def _form(number: int, like: int) -> str:
    return url_for("desk.act", number=number, action="resolution", like=like)
