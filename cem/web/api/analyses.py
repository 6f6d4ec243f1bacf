"""What texts say, without storing them."""

from __future__ import annotations

import threading
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Final

from flask import Response
from marshmallow import Schema, ValidationError, fields
from sqlalchemy import select

from cem.domain.ratings import Rating
from cem.domain.reasons import Invalid
from cem.domain.submission import N_
from cem.domain.vocabulary import Scope
from cem.engine import understanding
from cem.extensions import db
from cem.http import access
from cem.http.shapes import Code, LongText, Shape, Text, many, nested
from cem.models import Site
from cem.web.api.resource import Resource, write_json
from nlp.packs import PACKS
from surveys.channels.api import LanguageTag, RatingShape

if TYPE_CHECKING:
    from nlp.pipeline import TextIn

AT_ONCE: Final = 256

blueprint = Resource("api_analyses", "Understanding, for texts that are not feedback of ours.")

PackCode: Final = StrEnum("PackCode", {code: code for code in PACKS})  # type: ignore[misc]


class AnyRating(fields.Nested):
    """`{scale, value}`, or a bare number of stars."""

    def _deserialize(self, value: Any, attr: Any, data: Any, **more: Any) -> Rating:
        stars = isinstance(value, int) and not isinstance(value, bool)
        given: Any = super()._deserialize(
            {"scale": "stars5", "value": value} if stars else value, attr, data, **more
        )
        try:
            return Rating(given["scale"].value, given["value"])
        except ValueError:
            raise ValidationError({"value": [N_("This is not on the scale.")]}) from None


class TextShape(Shape):
    id = Text(required=True)
    text = LongText(required=True, empty=True)
    rating = AnyRating(RatingShape)
    language = LanguageTag()


class AnalysesShape(Shape):
    """`pack` says which topics exist; by default the pack of the first branch that the token sees."""

    texts = many(nested(TextShape), AT_ONCE, required=True)
    pack = Code(PackCode)


class SentimentView(Schema):
    label = fields.String()
    level = fields.Integer()
    score = fields.Float()
    confidence = fields.Float()
    abstained = fields.Boolean()


class FindingsView(Schema):
    """Spans count Unicode code points of the text as sent; their end is exclusive."""

    id = fields.String()
    language = fields.String()
    sentiment = fields.Nested(SentimentView)
    topics = fields.List(fields.Dict())
    risks = fields.List(fields.Dict())
    urgency = fields.String()
    pii = fields.List(fields.Dict())
    model = fields.String()


@blueprint.post("/analyses")
@blueprint.open_to(Scope.CASES)
@blueprint.arguments(AnalysesShape())
@blueprint.response(200, FindingsView(many=True))
def analyse(given: dict[str, Any]) -> Response:
    """The findings of up to 256 texts, in their order. Nothing is stored."""
    from nlp.pipeline import TextIn

    texts = [TextIn(each["text"], each.get("rating"), each.get("language")) for each in given["texts"]]
    pack = given["pack"].value if "pack" in given else _usual_pack()
    found = _understand(pack, texts)
    return write_json(
        [{"id": each["id"], **one.as_dict()} for each, one in zip(given["texts"], found, strict=True)]
    )


_one_at_a_time = threading.Lock()


def _understand(pack: str, texts: list[TextIn]) -> list[Any]:
    db.session.remove()  # thinking needs no connection
    with _one_at_a_time:
        try:
            return understanding.reader().pipeline(pack).analyse(texts)
        except ValueError:
            raise Invalid({"texts": [N_("One of these texts cannot be read.")]}) from None


def _usual_pack() -> str:
    statement = (
        select(Site.pack)
        .where(Site.level == "branch", Site.path.startswith(access.visible_path(), autoescape=True))
        .order_by(Site.path)
        .limit(1)
    )
    return str(db.session.scalar(statement) or PACKS[0])
