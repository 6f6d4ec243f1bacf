"""A draft of a letter to a case's customer, and the check that nothing in a letter comes from nowhere."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Response
from marshmallow import Schema, fields

from cem.domain.reasons import Invalid, Reason
from cem.domain.vocabulary import ResolutionCode, Scope
from cem.engine import reply_drafts
from cem.engine.reply_facts import Asked
from cem.http import access, letter_words
from cem.http.shapes import Code, LongText, Shape
from cem.http.their_page import status_url
from cem.http.words import sentence
from cem.web.api.cases import must_see_case
from cem.web.api.resource import Resource, write_json

blueprint = Resource("api_case_draft", "Letters to customers: drafted from the case, checked against it.")


class DraftQuery(Shape):
    """`resolution`: the letter says that it is solved, by this outcome."""

    resolution = Code(ResolutionCode)


class FactView(Schema):
    """`code` is `said rating risk kind place owner promise done code link`."""

    code = fields.String()
    text = fields.String()


class SentenceView(Schema):
    text = fields.String()
    rests_on = fields.List(fields.Nested(FactView))


class DraftView(Schema):
    """Nothing is stored and nothing is sent. Where there is no letter, `text` is empty and `why_none` says
    why; `left_to_you` says what only a person can add."""

    text = fields.String()
    language = fields.String()
    stage = fields.String(metadata={"description": "`open`, `taken`, `solving` or `solved`."})
    sentences = fields.List(fields.Nested(SentenceView))
    why_none = fields.Dict(allow_none=True, metadata={"description": "`{code, text}`"})
    left_to_you = fields.Dict(allow_none=True, metadata={"description": "`{code, text}`"})


class LetterShape(Shape):
    text = LongText(required=True)
    resolution = Code(ResolutionCode)


class CheckedView(Schema):
    text = fields.String()
    ungrounded = fields.List(fields.Dict(), metadata={"description": "Empty: everything is in the case."})


@blueprint.get("/cases/<uuid:case_id>/reply-draft")
@blueprint.open_to(Scope.CASES, Scope.READ)
@blueprint.arguments(DraftQuery(), location="query")
@blueprint.response(200, DraftView)
def draft(asked: dict[str, Any], case_id: UUID) -> Response:
    """A letter in the customer's language, made of facts of the case alone, sentence by sentence."""
    must_see_case(case_id)
    made = reply_drafts.for_case(case_id, _asked(asked))
    return write_json(
        {
            "text": made.draft.text,
            "language": made.facts.language,
            "stage": made.facts.stage,
            "sentences": [
                {
                    "text": one.text,
                    "rests_on": [{"code": fact.code, "text": fact.text} for fact in one.rests_on],
                }
                for one in made.draft.sentences
            ],
            "why_none": _reason(made.draft.why_none),
            "left_to_you": _reason(made.draft.left),
        }
    )


@blueprint.post("/cases/<uuid:case_id>/reply-draft")
@blueprint.open_to(Scope.CASES)
@blueprint.arguments(LetterShape())
@blueprint.response(200, CheckedView)
def check(given: dict[str, Any], case_id: UUID) -> Response:
    """Whether a letter written elsewhere says only what the case says. 422 names each number, day, name,
    link, promise or personal detail that the case does not hold."""
    must_see_case(case_id)
    made = reply_drafts.for_case(case_id, _asked(given))
    if found := reply_drafts.check(given["text"], made.facts):
        raise Invalid({"text": letter_words.notices(found)})
    return write_json({"text": given["text"], "ungrounded": []})


def _asked(given: dict[str, Any]) -> Asked:
    done = given.get("resolution")
    return Asked(access.actor(), status_url, solving=done is not None, done=done)


def _reason(reason: Reason | None) -> dict[str, str] | None:
    return {"code": reason.code, "text": sentence(reason)} if reason else None
