"""The account in which every feedback is owed, answered or excused."""

from __future__ import annotations

from enum import StrEnum
from typing import Any

from flask import Response
from marshmallow import Schema, fields

from cem.dashboards import ledger
from cem.domain.vocabulary import Scope
from cem.http.shapes import Code
from cem.web.api.places import Slice, asked_path
from cem.web.api.resource import Resource, write_json

blueprint = Resource("api_ledger", "Owed, answered and excused: together always all there is.")


class By(StrEnum):
    SITE = "site"
    CHANNEL = "channel"
    DAY = "day"
    OWNER = "owner"


class LedgerQuery(Slice):
    by = Code(By)


class TotalsView(Schema):
    total = fields.Integer()
    owed = fields.Integer()
    overdue = fields.Integer(metadata={"description": "A part of `owed`."})
    answered = fields.Dict(keys=fields.String(), values=fields.Integer())
    excused = fields.Dict(keys=fields.String(), values=fields.Integer())
    parts = fields.List(fields.Dict(), metadata={"description": "With `by` only: the same for each `key`."})


@blueprint.get("/ledger")
@blueprint.open_to(Scope.READ)
@blueprint.arguments(LedgerQuery(), location="query")
@blueprint.response(200, TotalsView)
def totals(asked: dict[str, Any]) -> Response:
    """`total = owed + answered + excused`, for every slice."""
    span = (asked_path(asked), asked.get("from_"), asked.get("to"))
    shown = ledger.totals(*span).as_dict()
    if by := asked.get("by"):
        parts = ledger.breakdown(by.value, *span)
        shown["parts"] = [{"key": key, **part.as_dict()} for key, part in parts.items()]
    return write_json(shown)
