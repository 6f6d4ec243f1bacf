"""A draft of a letter to a case's customer, and the check that nothing in a letter comes from nowhere."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Response
from marshmallow import Schema, fields

from cem.domain.reasons import Invalid, Reason
from cem.domain.vocabulary import ResolutionCode, Scope
from cem.engine import reply_drafts
from cem.engine.assistant import About, Reworded
from cem.engine.reply_facts import Asked
from cem.extensions import db
from cem.http import access, letter_words
from cem.http import assistant as asking
from cem.http.errors import ApiError, answer
from cem.http.shapes import Code, LongText, Shape
from cem.http.their_page import status_url
from cem.http.words import sentence
from cem.models import Case
from cem.web.api.cases import must_see_case
from cem.web.api.resource import Resource, write_json

blueprint = Resource("api_case_draft", "Letters to customers: drafted from the case, checked against it.")


class DraftQuery(Shape):
    """`resolution`: the letter says that it is solved, by this outcome."""

    resolution = Code(ResolutionCode)


class RewordShape(DraftQuery):
    """The draft to be reworded is that of the case; words of your own do not leave."""


class FactView(Schema):
    """`code` is `said rating risk kind place owner promise done code link recourse`."""

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


class RewordedView(Schema):
    """Nothing is sent to the customer. The question and its answer are kept in the assistant's log."""

    text = fields.String()
    language = fields.String()
    stage = fields.String(metadata={"description": "`open`, `taken`, `solving` or `solved`."})


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


@blueprint.post("/cases/<uuid:case_id>/reply-draft/rewording")
@blueprint.open_to(Scope.CASES)
@blueprint.arguments(RewordShape())
@blueprint.response(200, RewordedView)
def reword(given: dict[str, Any], case_id: UUID) -> Response:
    """The draft in other words, by the assistant that an administrator switched on. 409 says why not: it is
    off, somebody may be hurt, or its answer held what the case does not, each thing named in `fields`. A
    repeated call asks again; above five in a minute it is 429, and 503 while others wait for it."""
    must_see_case(case_id)
    made = reply_drafts.for_case(case_id, _asked(given))
    feedback_id = db.session.get_one(Case, case_id).feedback_id
    result = asking.reword(made, About(feedback_id, case_id, access.actor()))
    if result.why is not None:
        return _not_reworded(result.why, result)
    facts = made.facts
    return write_json({"text": result.text, "language": facts.language, "stage": facts.stage})


def _not_reworded(why: Reason, result: Reworded) -> Response:
    if why.code == "assistant_busy":
        raise ApiError(503, sentence(why), code=why.code)
    if why.code == "assistant_too_often":
        response = answer(429, sentence(why), code=why.code)
        response.headers["Retry-After"] = str(why.args["seconds"])
        return response
    amiss = {"text": letter_words.notices(result.amiss)} if result.amiss else None
    raise ApiError(409, sentence(why), amiss, why.code)


def _asked(given: dict[str, Any]) -> Asked:
    done = given.get("resolution")
    return Asked(access.actor(), status_url, solving=done is not None, done=done)


def _reason(reason: Reason | None) -> dict[str, str] | None:
    return {"code": reason.code, "text": sentence(reason)} if reason else None
