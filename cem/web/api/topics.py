"""What customers write about that they did not before."""

from __future__ import annotations

from typing import Any, Final
from uuid import UUID

from flask import Response
from marshmallow import Schema, fields
from sqlalchemy import select

from cem.dashboards import emerging
from cem.dashboards.emerging import New
from cem.domain.vocabulary import Scope
from cem.engine.emerging import WEEK
from cem.extensions import db
from cem.http.shapes import Shape, Text
from cem.models import Site
from cem.web.api.feedback_shapes import iso
from cem.web.api.places import asked_path
from cem.web.api.resource import Resource, write_json

LABELS: Final = ("negative", "neutral", "positive")

blueprint = Resource("api_topics", "What customers write about that they did not before.")


class TopicsQuery(Shape):
    site = Text()


class EmergingView(Schema):
    """In `n` of `of` distinct texts of the places that are asked for; `before`, `weeks` (oldest first, this
    one last) and `sentiment` are those of all places. `p_value`: how likely so many are by chance."""

    id = fields.String()
    phrase = fields.String()
    n = fields.Integer()
    of = fields.Integer()
    before = fields.Integer()
    before_of = fields.Integer()
    weeks = fields.List(fields.Integer())
    sentiment = fields.Dict(keys=fields.String(), values=fields.Integer())
    topics = fields.List(fields.String())
    sites = fields.Dict(keys=fields.String(), values=fields.Integer())
    p_value = fields.Float()
    examples = fields.List(fields.String(), metadata={"description": "Ids of feedback, the clearest first."})
    feedback = fields.List(fields.String(), metadata={"description": "Ids, 500 at most."})


class LookView(Schema):
    """`as_of` is null before the first look; the texts are those of `from` to `as_of`."""

    as_of = fields.AwareDateTime(allow_none=True)
    from_ = fields.AwareDateTime(allow_none=True, data_key="from")
    texts = fields.Integer()
    items = fields.List(fields.Nested(EmergingView))


@blueprint.get("/topics/emerging")
@blueprint.open_to(Scope.READ)
@blueprint.arguments(TopicsQuery(), location="query")
@blueprint.response(200, LookView)
def emerging_topics(asked: dict[str, Any]) -> Response:
    """The phrases that are new in the last seven days, the clearest first; without those that people hid."""
    look = emerging.last_look(asked_path(asked))
    if look is None:
        return write_json({"as_of": None, "from": None, "texts": 0, "items": []})
    codes = {row.id: row.code for row in db.session.execute(select(Site.id, Site.code))}
    items = [_item(each, codes) for each in look.found]
    start = iso(look.at - WEEK)
    return write_json({"as_of": iso(look.at), "from": start, "texts": look.texts, "items": items})


def _item(each: New, codes: dict[UUID, str]) -> dict[str, Any]:
    return {
        "id": str(each.id),
        "phrase": each.shown,
        "n": each.n,
        "of": each.of,
        "before": each.before,
        "before_of": each.before_of,
        "weeks": list(each.weeks),
        "sentiment": {label: each.labels.get(label, 0) for label in LABELS},
        "topics": list(each.topics),
        "sites": {codes[id]: n for id, n in each.sites.items()},
        "p_value": each.p_value,
        "examples": [str(id) for id in each.examples],
        "feedback": [str(id) for id in each.ids],
    }
