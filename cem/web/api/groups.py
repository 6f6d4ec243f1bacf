"""Cases that came at once for one cause: looked at, taken, and taken apart together."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from flask import Response
from marshmallow import Schema, fields
from sqlalchemy import ColumnElement, select

from cem.dashboards.groups import Facts, facts_of
from cem.domain.reasons import Invalid, NotFound, Reason
from cem.domain.submission import N_
from cem.domain.vocabulary import ResolutionCode, Scope
from cem.engine import group_answers, group_steps
from cem.engine.case_endings import Resolution
from cem.extensions import db
from cem.http import access
from cem.http.shapes import Code, LongText, Reference, Shape, Text, many
from cem.http.words import sentence
from cem.models import CaseGroup, GroupMember, Site
from cem.web.api.case_actions import Nothing
from cem.web.api.case_shapes import CaseSummary, summaries
from cem.web.api.feedback_shapes import iso
from cem.web.api.paging import Page, QueryTruth, from_cursor, to_cursor
from cem.web.api.people import names
from cem.web.api.places import path_of
from cem.web.api.resource import Resource, write_json

SHOWN: Final = 500
"""Cases of one group in an answer; `GET /cases/{id}` shows each in full."""

blueprint = Resource("api_groups", "Many at once for one cause: one page for all, each answered on its own.")


class GroupsQuery(Page):
    site = Text()
    ended = QueryTruth(metadata={"description": "Those that are over too; without it those that are not."})


class GroupSummary(Schema):
    """`state` is `open` while nobody has taken it, then `acknowledged`, at last `ended`."""

    id = fields.String()
    state = fields.String()
    site = fields.String()
    cause = fields.Dict(metadata={"description": "`{kind, code}`: a touchpoint, a topic, or the site"})
    reason = fields.Dict(metadata={"description": "`{code, text}`"})
    priority = fields.String()
    count = fields.Integer(metadata={"description": "The cases that are in it."})
    open = fields.Integer(metadata={"description": "Those that nobody has taken."})
    owed = fields.Integer(metadata={"description": "Feedback that is still owed an answer."})
    due_at = fields.AwareDateTime(allow_none=True)
    started_at = fields.AwareDateTime()
    joined_at = fields.AwareDateTime()
    next_step_at = fields.AwareDateTime(allow_none=True)
    acknowledged_at = fields.AwareDateTime(allow_none=True)
    acknowledged_by = fields.String(allow_none=True)
    ended_at = fields.AwareDateTime(allow_none=True)


class GroupsView(Schema):
    items = fields.List(fields.Nested(GroupSummary))
    next = fields.String(allow_none=True)


class GroupView(GroupSummary):
    cases = fields.List(
        fields.Nested(CaseSummary), metadata={"description": "The oldest first, 500 at most."}
    )


class SeparationShape(Shape):
    case = Reference(required=True)


class OutcomeShape(Shape):
    code = Code(ResolutionCode, required=True)
    summary = LongText(required=True)
    cases = many(Reference(), SHOWN, least=1)


class RefusedCase(Schema):
    case = fields.String()
    code = fields.String()
    message = fields.String()


class OutcomeView(Schema):
    """`resolved` were resolved now; each of `refused` says why it was not."""

    resolved = fields.Integer()
    refused = fields.List(fields.Nested(RefusedCase))


@blueprint.get("/groups")
@blueprint.open_to(Scope.CASES, Scope.READ)
@blueprint.arguments(GroupsQuery(), location="query")
@blueprint.response(200, GroupsView)
def index(asked: dict[str, Any]) -> Response:
    """The newest first."""
    statement = select(CaseGroup.id, CaseGroup.started_at).join(Site, Site.id == CaseGroup.site_id)
    statement = statement.where(*_conditions(asked)).order_by(CaseGroup.id.desc())
    found = [row.id for row in db.session.execute(statement.limit(asked["limit"] + 1))]
    shown = found[: asked["limit"]]
    following = to_cursor(str(shown[-1])) if len(found) > len(shown) else None
    return write_json({"items": _shown(shown), "next": following})


@blueprint.get("/groups/<uuid:group_id>")
@blueprint.open_to(Scope.CASES, Scope.READ)
@blueprint.response(200, GroupView)
def show(group_id: UUID) -> Response:
    """One group with its cases."""
    _must_see(group_id)
    return write_json(_view(group_id))


def _action(path: str, shape: Shape) -> Any:
    def decorate(view: Any) -> Any:
        view = blueprint.response(200, GroupView)(view)
        view = blueprint.arguments(shape)(view)
        view = blueprint.open_to(Scope.CASES)(view)
        return blueprint.post(f"/groups/<uuid:group_id>/{path}")(view)

    return decorate


@_action("acknowledgement", Nothing())
def acknowledge(_given: dict[str, Any], group_id: UUID) -> Response:
    """One of ours took all of it: every case is acknowledged, and no further page goes out."""
    _must_see(group_id)
    group_steps.acknowledge(group_id, access.actor())
    return write_json(_view(group_id))


@_action("separation", SeparationShape())
def separate(given: dict[str, Any], group_id: UUID) -> Response:
    """This case is something else: it leaves the group and is paged on its own."""
    _must_see(group_id)
    try:
        group_steps.separate(group_id, given["case"], access.actor())
    except NotFound:
        raise Invalid({"case": [N_("There is no such case.")]}) from None
    return write_json(_view(group_id))


@_action("split", Nothing())
def split(_given: dict[str, Any], group_id: UUID) -> Response:
    """They are not one thing: the group ends, and each of its cases goes on by its own ladder."""
    _must_see(group_id)
    group_steps.split(group_id, access.actor())
    return write_json(_view(group_id))


@blueprint.post("/groups/<uuid:group_id>/resolution")
@blueprint.open_to(Scope.CASES)
@blueprint.arguments(OutcomeShape())
@blueprint.response(200, OutcomeView)
def resolve(given: dict[str, Any], group_id: UUID) -> Response:
    """Every case whose customer has an answer (of `cases`, where they are given) is resolved, each by its own
    rules. What was resolved before is passed over, so that asking twice does nothing twice."""
    _must_see(group_id)
    resolution = Resolution(given["code"], given["summary"])
    outcome = group_answers.resolve(group_id, resolution, access.actor(), given.get("cases"))
    refused = [
        {"case": str(case), "code": reason.code, "message": sentence(reason)}
        for case, reason in outcome.refused.items()
    ]
    return write_json({"resolved": outcome.done, "refused": refused})


def _must_see(group_id: UUID) -> None:
    """Raises `NotFound` where there is no such group for the caller."""
    of_group = select(Site.path).join(CaseGroup, CaseGroup.site_id == Site.id)
    path = db.session.scalar(of_group.where(CaseGroup.id == group_id))
    if path is None:
        raise NotFound
    access.must_see(path)


def _conditions(asked: dict[str, Any]) -> list[ColumnElement[bool]]:
    path = path_of(asked["site"]) if "site" in asked else access.visible_path()
    conditions = [Site.path.startswith(path, autoescape=True)]
    if not asked.get("ended"):
        conditions.append(CaseGroup.ended_at.is_(None))
    if "cursor" in asked:
        conditions.append(CaseGroup.id < _place(asked["cursor"]))
    return conditions


def _place(cursor: str) -> UUID:
    (id,) = from_cursor(cursor, str)
    try:
        return UUID(id)
    except ValueError:
        raise Invalid({"cursor": [N_("This is no cursor of ours.")]}) from None


def _view(group_id: UUID) -> dict[str, Any]:
    db.session.rollback()
    in_it = select(GroupMember.case_id).where(GroupMember.group_id == group_id, GroupMember.left_at.is_(None))
    ids = list(db.session.scalars(in_it.order_by(GroupMember.case_id).limit(SHOWN)))
    return {**_shown([group_id])[0], "cases": summaries(ids)}


def _shown(ids: Sequence[UUID]) -> list[dict[str, Any]]:
    statement = select(CaseGroup, Site.code).join(Site, Site.id == CaseGroup.site_id)
    found = {row[0].id: row for row in db.session.execute(statement.where(CaseGroup.id.in_(ids)))}
    facts = facts_of(ids)
    known = names(row[0].acknowledged_by for row in found.values() if row[0].acknowledged_by)
    return [_summary(*found[id], facts[id], known) for id in ids]


def _summary(group: CaseGroup, site: str, facts: Facts, known: dict[str, str]) -> dict[str, Any]:
    by = group.acknowledged_by

    def at(instant: datetime | None) -> str | None:
        return iso(instant) if instant else None

    return {
        "id": str(group.id),
        "state": state_of(group),
        "site": site,
        "cause": {"kind": group.cause_kind.value, "code": group.cause_code or None},
        "reason": {"code": group.reason["code"], "text": sentence(Reason.from_dict(group.reason))},
        "priority": group.priority,
        "count": facts.count,
        "open": facts.open,
        "owed": facts.owed,
        "due_at": at(facts.due_at),
        "started_at": at(group.started_at),
        "joined_at": at(group.joined_at),
        "next_step_at": at(group.next_step_at),
        "acknowledged_at": at(group.acknowledged_at),
        "acknowledged_by": known.get(by, by) if by else None,
        "ended_at": at(group.ended_at),
    }


def state_of(group: CaseGroup) -> str:
    if group.ended_at is not None:
        return "ended"
    return "acknowledged" if group.acknowledged_at is not None else "open"
