"""`/desk/alike/<id>`: texts that say almost the same and have something in common, side by side."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from flask import redirect, url_for
from werkzeug.wrappers import Response

from cem.domain.reasons import NotFound
from cem.engine import coordination
from cem.http import access
from cem.http.words import sentence
from cem.web.desk import queries
from cem.web.desk.routes import desk, page, reader
from cem.web.desk.rows import entry_row


@dataclass(frozen=True, slots=True)
class AlikeView:
    id: UUID
    said: str


def shown(feedback: Sequence[UUID]) -> AlikeView | None:
    """The line that leads from one of them to all of them."""
    group = coordination.group_of(feedback) if feedback else None
    return AlikeView(group.id, sentence(group.reason)) if group else None


@desk.get("/desk/alike/<uuid:id>")
def alike(id: UUID) -> str:
    group = coordination.of_group(id, access.visible_path())
    if group is None:
        raise NotFound
    at = reader()
    rows = [entry_row(row, at) for row in queries.alike_in(access.visible_path(), id)]
    return page("desk/alike.html", at, rows=rows, said=sentence(group.reason), id=id, may_part=group.whole)


@desk.post("/desk/alike/<uuid:id>")
def part_alike(id: UUID) -> Response:
    coordination.part(id, access.visible_path(), access.actor())
    return redirect(url_for("desk.queue"), 303)
