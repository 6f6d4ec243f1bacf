"""Solved cases that are like one, for whoever answers in another program."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Response
from marshmallow import Schema, fields

from cem.domain.vocabulary import Scope
from cem.engine import similar
from cem.engine.similar import Solved
from cem.http import access
from cem.http.words import sentence
from cem.web.api.cases import must_see_case
from cem.web.api.feedback_shapes import iso
from cem.web.api.resource import Resource, write_json

blueprint = Resource("api_similar", "How others have solved what is like a case.")


class SimilarView(Schema):
    """`likeness` is `nearly_the_same`, `much_alike` or `somewhat_alike`; `customer` is `solved` where they
    said so, `not_at_first` where they once said that it was not, else `no_answer`. What would tell who
    somebody is stands as `•••` in every text."""

    id = fields.String()
    number = fields.Integer()
    likeness = fields.String()
    site = fields.String()
    received_at = fields.AwareDateTime()
    resolved_at = fields.AwareDateTime()
    text = fields.String()
    language = fields.String(allow_none=True)
    resolution = fields.String()
    summary = fields.String()
    reply = fields.String(allow_none=True)
    customer = fields.String()


class SimilarCases(Schema):
    items = fields.List(fields.Nested(SimilarView), metadata={"description": "Five at most, nearest first."})
    why_none = fields.Dict(allow_none=True, metadata={"description": "`{code, text}` where there are none."})


@blueprint.get("/cases/<uuid:case_id>/similar")
@blueprint.open_to(Scope.CASES, Scope.READ)
@blueprint.response(200, SimilarCases)
def index(case_id: UUID) -> Response:
    """Solved cases whose customers said much the same, among those that the caller may see."""
    must_see_case(case_id)
    found = similar.solved_like(case_id, access.visible_path())
    why = {"code": found.why.code, "text": sentence(found.why)} if found.why else None
    return write_json({"items": [_item(one) for one in found.items], "why_none": why})


def _item(one: Solved) -> dict[str, Any]:
    return {
        "id": str(one.id),
        "number": one.number,
        "likeness": one.likeness,
        "site": one.site_code,
        "received_at": iso(one.received_at),
        "resolved_at": iso(one.resolved_at),
        "text": one.text,
        "language": one.language,
        "resolution": one.code,
        "summary": one.summary,
        "reply": one.reply,
        "customer": one.customer,
    }
