"""What can be done with a case. The answer is the case; or 409 with why not, and then nothing has changed."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Response

from cem.domain.reasons import Invalid, NotFound
from cem.domain.submission import N_
from cem.domain.vocabulary import ExcuseReason, Outcome, PauseReason, ResolutionCode, Scope, Via
from cem.engine import case_endings, cases, reopenings
from cem.engine.case_endings import Resolution
from cem.engine.case_steps import Seen
from cem.http import access
from cem.http.shapes import Code, LongText, Reference, Shape, Text
from cem.web.api.case_shapes import CaseView, case_view
from cem.web.api.cases import must_see_case
from cem.web.api.resource import Resource, write_json

blueprint = Resource("api_case_actions", "One touch each; refused with a sentence where the state says no.")


class Nothing(Shape):
    """No field. A body is not needed."""


class AssignmentShape(Shape):
    user = Text(required=True, metadata={"description": "A user name."})


class NoteShape(Shape):
    text = LongText(required=True)


class ContactShape(Shape):
    via = Code(Via, required=True)
    summary = LongText(required=True)
    outcome = Code(Outcome, load_default=Outcome.REACHED)


class PauseShape(Shape):
    reason = Code(PauseReason, required=True)


class ResolutionShape(Shape):
    """Without a reply only after a contact that reached the customer."""

    code = Code(ResolutionCode, required=True)
    summary = LongText(required=True)
    customer_words = LongText()
    reply = LongText()


class DismissalShape(Shape):
    reason = Code(ExcuseReason, required=True)
    evidence = LongText(required=True)


class MergeShape(Shape):
    into = Reference(required=True)


class ReopeningShape(Shape):
    reason = LongText(required=True)


def _action(path: str, shape: Shape) -> Any:
    """The decorators of every action: its address, its scope, its body, its answer."""

    def decorate(view: Any) -> Any:
        view = blueprint.response(200, CaseView)(view)
        view = blueprint.arguments(shape)(view)
        view = blueprint.open_to(Scope.CASES)(view)
        return blueprint.post(f"/cases/<uuid:case_id>/{path}")(view)

    return decorate


@_action("acknowledgement", Nothing())
def acknowledge(_given: dict[str, Any], case_id: UUID) -> Response:
    """One of ours took it: no further page goes out. A token leaves the owner."""
    cases.acknowledge(_seen(case_id))
    return write_json(case_view(case_id))


@_action("assignment", AssignmentShape())
def assign(given: dict[str, Any], case_id: UUID) -> Response:
    """Hand it to somebody else, who is told. Nobody owns a complaint about themselves."""
    cases.assign(_seen(case_id), given["user"])
    return write_json(case_view(case_id))


@_action("notes", NoteShape())
def note(given: dict[str, Any], case_id: UUID) -> Response:
    """Keep words for colleagues."""
    cases.note(_seen(case_id), given["text"])
    return write_json(case_view(case_id))


@_action("contacts", ContactShape())
def contact(given: dict[str, Any], case_id: UUID) -> Response:
    """Somebody tried to reach the customer; reaching them is an answer."""
    cases.contact(_seen(case_id), given["via"], given["summary"], given["outcome"])
    return write_json(case_view(case_id))


@_action("pause", PauseShape())
def pause(given: dict[str, Any], case_id: UUID) -> Response:
    """The promises wait, for the customer or for a third party."""
    cases.pause(_seen(case_id), given["reason"])
    return write_json(case_view(case_id))


@_action("resumption", Nothing())
def resume(_given: dict[str, Any], case_id: UUID) -> Response:
    """The promises run on, each with the time that it had left."""
    cases.resume(_seen(case_id))
    return write_json(case_view(case_id))


@_action("resolution", ResolutionShape())
def resolve(given: dict[str, Any], case_id: UUID) -> Response:
    """It is put right: with a reply, or after a contact that reached."""
    case_endings.resolve(_seen(case_id), Resolution(**given))
    return write_json(case_view(case_id))


@_action("closure", Nothing())
def close(_given: dict[str, Any], case_id: UUID) -> Response:
    """It is over."""
    case_endings.close(_seen(case_id))
    return write_json(case_view(case_id))


@_action("dismissal", DismissalShape())
def dismiss(given: dict[str, Any], case_id: UUID) -> Response:
    """It was no dissatisfaction to put right; everything owed through it is excused."""
    case_endings.dismiss(_seen(case_id), given["reason"], given["evidence"])
    return write_json(case_view(case_id))


@_action("merge", MergeShape())
def merge(given: dict[str, Any], case_id: UUID) -> Response:
    """Both are one: it goes on in the other case."""
    seen = _seen(case_id)
    try:
        must_see_case(given["into"])
    except NotFound:
        raise Invalid({"into": [N_("There is no such case.")]}) from None
    case_endings.merge(seen, given["into"])
    return write_json(case_view(case_id))


@_action("reopening", ReopeningShape())
def reopen(given: dict[str, Any], case_id: UUID) -> Response:
    """It was not over. After 14 days a new case follows the old one, and is the answer."""
    return write_json(case_view(reopenings.reopen(_seen(case_id), given["reason"])))


def _seen(case_id: UUID) -> Seen:
    """Whoever calls acts on the case as it is now. Raises `NotFound` for what they may not see."""
    must_see_case(case_id)
    return Seen(case_id, access.actor())
