"""Answers to feedback, with a case or without, one or many; and excuses."""

from __future__ import annotations

from typing import Any, Final
from uuid import UUID

from flask import Response
from sqlalchemy import Select, select

from cem.domain.reasons import Invalid, NotFound
from cem.domain.submission import N_
from cem.domain.vocabulary import Channel, ExcuseReason, LedgerState, Scope, Via
from cem.engine import replies
from cem.extensions import db
from cem.http import access
from cem.http.shapes import Code, Instant, LongText, Reference, Shape, Text, many, nested
from cem.models import Feedback, GroupMember, LedgerEntry, Site, Touchpoint
from cem.web.api.feedback import shown, visible
from cem.web.api.feedback_shapes import FeedbackView
from cem.web.api.places import path_of
from cem.web.api.resource import Resource, write_json

AT_ONCE: Final = 500
"""One approved text answers so many in one transaction; a longer one would keep others waiting."""

blueprint = Resource("api_replies", "What is said back to a customer, each with its evidence.")


class ReplyShape(Shape):
    text = LongText(required=True)
    via = Code(Via, required=True)


class ExcuseShape(Shape):
    reason = Code(ExcuseReason, required=True)
    evidence = LongText(required=True)


class FilterShape(Shape):
    """What is still owed and fits all of these. At least one is needed."""

    site = Text()
    touchpoint = Text()
    channel = Code(Channel)
    group = Reference(metadata={"description": "The feedback of a group's cases."})
    from_ = Instant(data_key="from")
    to = Instant()


class RepliesShape(ReplyShape):
    """Either ids or a filter."""

    ids = many(Reference(), AT_ONCE, least=1)
    filter = nested(FilterShape)


@blueprint.post("/feedback/<uuid:feedback_id>/replies")
@blueprint.open_to(Scope.CASES)
@blueprint.arguments(ReplyShape())
@blueprint.response(200, FeedbackView)
def reply(given: dict[str, Any], feedback_id: UUID) -> Response:
    """Answer one feedback. Where it has a live case, that is its first contact too."""
    visible(feedback_id)
    replies.reply(feedback_id, given["text"], given["via"], access.actor())
    return shown(feedback_id)


@blueprint.post("/feedback/<uuid:feedback_id>/excuse")
@blueprint.open_to(Scope.CASES)
@blueprint.arguments(ExcuseShape())
@blueprint.response(200, FeedbackView)
def excuse(given: dict[str, Any], feedback_id: UUID) -> Response:
    """Nothing is owed for this one. `unreachable` needs three contacts on three occasions."""
    visible(feedback_id)
    replies.excuse(feedback_id, given["reason"], given["evidence"], access.actor())
    return shown(feedback_id)


@blueprint.post("/feedback/replies")
@blueprint.open_to(Scope.CASES)
@blueprint.arguments(RepliesShape())
@blueprint.response(
    200,
    {
        "type": "object",
        "properties": {
            "replied": {"type": "integer"},
            "results": {"type": "array"},
            "left": {"type": "integer"},
        },
    },
)
def reply_to_many(given: dict[str, Any]) -> Response:
    """One approved text for all of them, or for none; `left` more fit the filter and are still owed."""
    if ("ids" in given) is ("filter" in given):
        raise Invalid({"ids": [N_("Give either ids or a filter.")]})
    ids, left = (given["ids"], 0) if "ids" in given else _filtered(given["filter"])
    ids = _all_visible(ids)
    made = replies.reply_to_many(ids, given["text"], given["via"], access.actor())
    results = [{"id": str(id), "reply_id": str(made[id])} for id in ids]
    return write_json({"replied": len(results), "results": results, "left": left})


def _all_visible(ids: list[UUID]) -> list[UUID]:
    """Each once, in the order given. Raises `NotFound` where one is not the caller's to see."""
    once = list(dict.fromkeys(ids))
    statement = (
        select(Feedback.id)
        .join(Site, Site.id == Feedback.site_id)
        .where(Feedback.id.in_(once), Site.path.startswith(access.visible_path(), autoescape=True))
    )
    if len(db.session.scalars(statement).all()) != len(once):
        raise NotFound
    return once


def _filtered(wanted: dict[str, Any]) -> tuple[list[UUID], int]:
    """The oldest that are owed and fit, and how many more there are."""
    if not wanted:
        raise Invalid({"filter": [N_("Give at least one condition.")]})
    ids = list(db.session.scalars(_owed(wanted).order_by(Feedback.id)))
    return ids[:AT_ONCE], len(ids[AT_ONCE:])


def _owed(wanted: dict[str, Any]) -> Select[Any]:
    f = Feedback
    statement = (
        select(f.id)
        .join(Site, Site.id == f.site_id)
        .join(LedgerEntry, LedgerEntry.feedback_id == f.id)
        .where(
            LedgerEntry.state == LedgerState.OWED,
            Site.path.startswith(access.visible_path(), autoescape=True),
        )
    )
    if "site" in wanted:
        statement = statement.where(Site.path.startswith(path_of(wanted["site"]), autoescape=True))
    if "touchpoint" in wanted:
        named = Touchpoint.code == wanted["touchpoint"]
        statement = statement.join(Touchpoint, Touchpoint.id == f.touchpoint_id).where(named)
    if "channel" in wanted:
        statement = statement.where(f.channel == wanted["channel"])
    if "group" in wanted:
        in_it = select(GroupMember.case_id).where(
            GroupMember.group_id == wanted["group"], GroupMember.left_at.is_(None)
        )
        statement = statement.where(LedgerEntry.case_id.in_(in_it))
    if "from_" in wanted:
        statement = statement.where(f.received_at >= wanted["from_"])
    if "to" in wanted:
        statement = statement.where(f.received_at < wanted["to"])
    return statement
