"""Findings put right through the API, and who did so when."""

from __future__ import annotations

from enum import StrEnum
from typing import Any, Final
from uuid import UUID

from flask import Response
from marshmallow import Schema, fields
from sqlalchemy import select

from cem.domain.corrections import Correction, level_of
from cem.domain.findings import Label, Sentiment, Span
from cem.domain.reasons import Invalid
from cem.domain.submission import N_
from cem.domain.vocabulary import PrivateKind, RiskCode, Scope, TextLanguage
from cem.engine import corrections
from cem.extensions import db
from cem.http import access
from cem.http.shapes import Code, Shape, Text, Truth, Whole, many, nested
from cem.models import CorrectionRow
from cem.web.api.feedback import shown, visible
from cem.web.api.feedback_shapes import FeedbackView, findings_of, iso
from cem.web.api.resource import Resource, write_json

MOST: Final = 50
"""More topics or risks than any text is about."""

blueprint = Resource("api_corrections", "What people say of a text instead of what understanding said.")


class LabelCode(StrEnum):
    NEGATIVE = "negative"
    NEUTRAL = "neutral"
    POSITIVE = "positive"


class SentimentShape(Shape):
    """A label or a level; with a label alone the level is the machine's where that is on the same side."""

    label = Code(LabelCode)
    level = Whole(-2, 2)


class UrgencyCode(StrEnum):
    HIGH = "high"
    NORMAL = "normal"


class TopicShape(Shape):
    """Without a sentiment: the text is not about this. Without `spans` it is about the whole text."""

    code = Text(required=True)
    sentiment = Code(LabelCode)
    spans = many(many(Whole(0), 2, 2), MOST)


class RiskShape(Shape):
    code = Code(RiskCode, required=True)
    present = Truth(load_default=True)


class PrivateShape(Shape):
    """Without a kind: nothing there tells who somebody is."""

    span = many(Whole(0), 2, 2, required=True)
    kind = Code(PrivateKind)


class CorrectionShape(Shape):
    """Only what is named is corrected. `undo` takes the last correction back and stands alone."""

    sentiment = nested(SentimentShape)
    topics = many(nested(TopicShape), MOST)
    risks = many(nested(RiskShape), MOST)
    urgency = Code(UrgencyCode)
    language = Code(TextLanguage)
    pii = many(nested(PrivateShape), MOST)
    undo = Truth()


class CorrectionView(Schema):
    """From the findings of `of_version` it made those of `version`. `undoes`: the line that it took back."""

    id = fields.String()
    of_version = fields.Integer()
    version = fields.Integer()
    corrected = fields.Dict()
    undoes = fields.String(allow_none=True)
    by = fields.String()
    at = fields.AwareDateTime()


class CorrectionsView(Schema):
    items = fields.List(fields.Nested(CorrectionView))


@blueprint.get("/feedback/<uuid:feedback_id>/corrections")
@blueprint.open_to(Scope.CASES, Scope.READ)
@blueprint.response(200, CorrectionsView)
def index(feedback_id: UUID) -> Response:
    """Every line of the log, oldest first. Nothing is ever taken out of it."""
    visible(feedback_id)
    c = CorrectionRow
    rows = db.session.scalars(select(c).where(c.feedback_id == feedback_id).order_by(c.version))
    return write_json({"items": [_view(row) for row in rows]})


@blueprint.post("/feedback/<uuid:feedback_id>/corrections")
@blueprint.open_to(Scope.CASES)
@blueprint.arguments(CorrectionShape())
@blueprint.response(200, FeedbackView)
def correct(given: dict[str, Any], feedback_id: UUID) -> Response:
    """The findings hold as corrected from now on; a text that turns out negative or risky opens a case."""
    visible(feedback_id)
    if given.pop("undo", False):
        if given:
            raise Invalid({"undo": [N_("Taking back stands alone: leave the other fields out.")]})
        corrections.undo(feedback_id, access.actor())
    else:
        corrections.correct(feedback_id, _said(given, feedback_id), access.actor())
    return shown(feedback_id)


def _said(given: dict[str, Any], feedback_id: UUID) -> Correction:
    return Correction(
        _level(given["sentiment"], feedback_id) if "sentiment" in given else None,
        {each["code"]: _label(each.get("sentiment")) for each in given.get("topics", ())},
        {each["code"].value: each["present"] for each in given.get("risks", ())},
        _value(given.get("urgency")),
        _value(given.get("language")),
        {_span(each["span"]): _value(each.get("kind")) for each in given.get("pii", ())},
        {
            each["code"]: tuple(map(_span, each["spans"]))
            for each in given.get("topics", ())
            if each.get("spans")
        },
    )


def _value(code: StrEnum | None) -> Any:
    return code.value if code is not None else None


def _span(pair: list[int]) -> Span:
    return pair[0], pair[1]


def _level(sentiment: dict[str, Any], feedback_id: UUID) -> int:
    label, level = _label(sentiment.get("label")), sentiment.get("level")
    if label is None:
        if level is None:
            raise Invalid({"sentiment": [N_("Give a label or a level.")]})
        return int(level)
    document = findings_of(feedback_id)
    usual = level_of(label, Sentiment(**document["sentiment"])) if document else 0
    if level is None:
        return usual
    if (level > 0) - (level < 0) != ("negative", "neutral", "positive").index(label) - 1:
        raise Invalid({"sentiment.level": [N_("Label and level must be on the same side.")]})
    return int(level)


def _label(code: LabelCode | None) -> Label | None:
    return code.value if code is not None else None  # type: ignore[return-value]


def _view(row: CorrectionRow) -> dict[str, Any]:
    return {
        "id": str(row.id),
        "of_version": row.of_version,
        "version": row.version,
        "corrected": row.document,
        "undoes": str(row.undoes) if row.undoes else None,
        "by": row.by,
        "at": iso(row.at),
    }
