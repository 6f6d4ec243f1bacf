"""Scores with their interval and their n."""

from __future__ import annotations

from enum import StrEnum
from typing import Any, Final

from flask import Response
from marshmallow import Schema, fields

from cem.dashboards import scores
from cem.domain.reasons import NotFound
from cem.domain.vocabulary import Scope
from cem.http.shapes import Code
from cem.web.api.places import Slice, asked_path
from cem.web.api.resource import Resource, write_json

blueprint = Resource("api_metrics", "Scores, never without their interval and their n.")

By: Final = StrEnum("By", {name: name for name in scores.GROUPINGS})  # type: ignore[misc]


class MetricQuery(Slice):
    by = Code(By)


class FigureView(Schema):
    """`nps` is in points (-100 to 100), `csat` a share (0 to 1), `ces` a mean (1 to 7); intervals of 95 %."""

    key = fields.String()
    n = fields.Integer()
    value = fields.Float(allow_none=True)
    low = fields.Float(allow_none=True)
    high = fields.Float(allow_none=True)


@blueprint.get("/metrics/<name>")
@blueprint.open_to(Scope.READ)
@blueprint.arguments(MetricQuery(), location="query")
@blueprint.response(200, FigureView(many=True))
def figures(asked: dict[str, Any], name: str) -> Response:
    """`nps`, `csat` or `ces`, for everything (key `all`) or by part."""
    if name not in scores.SCORES:
        raise NotFound
    by = asked["by"].value if "by" in asked else None
    found = scores.scores(name, asked_path(asked), asked.get("from_"), asked.get("to"), by)
    return write_json(
        [{"key": key, "n": f.n, "value": f.value, "low": f.low, "high": f.high} for key, f in found]
    )
