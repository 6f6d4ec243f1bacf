"""Feedback that a program sends: one JSON object, described in the OpenAPI document by these shapes."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

from marshmallow import ValidationError

from cem.domain.ratings import SCALES, Rating
from cem.domain.reasons import Invalid
from cem.domain.submission import N_, GivenAnswer, GivenCustomer, Idempotency, Source, Submission
from cem.domain.vocabulary import Channel, Kind
from cem.http.shapes import (
    Attributes,
    Code,
    Instant,
    LongText,
    Shape,
    Text,
    Truth,
    Whole,
    load,
    many,
    nested,
)
from surveys.channels.base import body_hash

ANSWERS: Final = 100
CHOICES: Final = 100
LANGUAGE_LIMIT: Final = 20
_TAG: Final = re.compile(r"[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*")
SCALE_CODES: Final = StrEnum("SCALE_CODES", {code: code for code in SCALES})  # type: ignore[misc]


@dataclass(frozen=True, slots=True)
class Sender:
    """Who sends it: the owner of the key (`token:…`), and the part of the place tree it may store into."""

    owner: str
    visible_path: str = ""


class RatingShape(Shape):
    scale = Code(SCALE_CODES, required=True)
    value = Whole(required=True)


class AnswerShape(Shape):
    question = Text(required=True)
    scale = Code(SCALE_CODES)
    value = Whole()
    choices = many(Text(), CHOICES)
    text = LongText(empty=True)


class SurveyShape(Shape):
    code = Text(required=True)
    version = Whole(1)


class ConsentShape(Shape):
    contact = Truth()


class CustomerShape(Shape):
    external_id = Text()
    name = Text()
    phone = Text()
    email = Text()
    consent = nested(ConsentShape)


class SourceShape(Shape):
    system = Text(required=True)
    id = Text(required=True)
    url = Text()


class LanguageTag(Text):
    """BCP 47, as far as it names a language, a script and a region."""

    def _deserialize(self, value: Any, attr: Any, data: Any, **more: Any) -> str:
        tag = super()._deserialize(value, attr, data, **more)
        if len(tag) > LANGUAGE_LIMIT or not _TAG.fullmatch(tag):
            raise ValidationError(N_("This is no language tag such as zh-Hans or en."))
        return tag


class FeedbackShape(Shape):
    """A rating or a text at least."""

    channel = Code(Channel, required=True)
    site = Text(required=True)
    touchpoint = Text()
    rating = nested(RatingShape)
    text = LongText(empty=True)
    answers = many(nested(AnswerShape), ANSWERS)
    survey = nested(SurveyShape)
    language = LanguageTag()
    occurred_at = Instant()
    customer = nested(CustomerShape)
    source = nested(SourceShape)
    order_id = Text()
    staff = Text()
    kind = Code(Kind)
    attributes = Attributes()


SHAPE: Final = FeedbackShape()


def parse(raw: Any, sender: Sender, key: str) -> Submission:
    """The feedback in `raw` under the sender's key. Raises `Invalid` naming every field that is wrong."""
    given = load(SHAPE, raw)
    survey = given.get("survey", {})
    return Submission(
        channel=given["channel"],
        site=given["site"],
        touchpoint=given.get("touchpoint"),
        rating=_rating("rating", given["rating"]) if "rating" in given else None,
        text=given.get("text"),
        answers=tuple(_answer(number, answer) for number, answer in enumerate(given.get("answers", ()))),
        survey_code=survey.get("code"),
        survey_version=survey.get("version"),
        language=given.get("language"),
        occurred_at=given.get("occurred_at"),
        customer=_customer(given.get("customer", {})),
        source=Source(**given["source"]) if "source" in given else None,
        order_id=given.get("order_id"),
        staff=given.get("staff"),
        kind=given.get("kind"),
        attributes=given.get("attributes"),
        idempotency=Idempotency(sender.owner, key, body_hash(raw)),
        visible_path=sender.visible_path,
    )


def _rating(where: str, given: Mapping[str, Any]) -> Rating:
    scale = SCALES[given["scale"]]
    if not scale.low <= given["value"] <= scale.high:
        raise Invalid({f"{where}.value": [f"{scale.code} goes from {scale.low} to {scale.high}."]})
    return Rating(scale.code, given["value"])


def _answer(number: int, given: Mapping[str, Any]) -> GivenAnswer:
    """A value on a scale has to be on it; one without a scale (an amount, a count) is any whole number."""
    where, scale = f"answers.{number}", None
    if "scale" in given:
        if "value" not in given:
            raise Invalid({f"{where}.value": ["A scale needs its value."]})
        scale = _rating(where, given).scale
    choices = tuple(given["choices"]) if "choices" in given else None
    return GivenAnswer(given["question"], scale, given.get("value"), choices, given.get("text"))


def _customer(given: Mapping[str, Any]) -> GivenCustomer | None:
    """Nobody, where nothing says who it is."""
    named = {name: value for name, value in given.items() if name != "consent"}
    if not named:
        return None
    return GivenCustomer(**named, contact_consent=given.get("consent", {}).get("contact"))
