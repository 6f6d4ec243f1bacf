"""Looking at cases."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any, Final
from uuid import UUID

from flask import Response
from marshmallow import Schema, fields
from sqlalchemy import ColumnElement, Select, case, exists, func, literal, or_, select, tuple_

from cem import clock
from cem.domain.case import LIVE
from cem.domain.reasons import Invalid, NotFound
from cem.domain.submission import N_
from cem.domain.vocabulary import CaseState, Priority, PromiseState, Scope
from cem.extensions import db
from cem.http import access
from cem.http.shapes import Text
from cem.models import Case, Promise, Site, User
from cem.models.types import Code, Id, UtcDateTime
from cem.web.api.case_shapes import CaseSummary, CaseView, case_view, summaries
from cem.web.api.paging import Codes, Page, QueryTruth, from_cursor, to_cursor
from cem.web.api.places import path_of
from cem.web.api.resource import Resource, write_json

blueprint = Resource("api_cases", "The work of putting dissatisfaction right.")

_NEVER: Final = datetime(9999, 1, 1, tzinfo=UTC)


class CasesQuery(Page):
    """`state` and `priority` take several codes with commas between them."""

    state = Codes(CaseState)
    priority = Codes(Priority)
    site = Text()
    owner = Text(metadata={"description": "A user name."})
    overdue = QueryTruth()


class CasesView(Schema):
    items = fields.List(fields.Nested(CaseSummary))
    next = fields.String(allow_none=True)


@blueprint.get("/cases")
@blueprint.open_to(Scope.CASES, Scope.READ)
@blueprint.arguments(CasesQuery(), location="query")
@blueprint.response(200, CasesView)
def index(asked: dict[str, Any]) -> Response:
    """The most urgent first: what is not over, by priority, by what is due next."""
    statement = select(Case.id, *_urgency()).where(*_conditions(asked))
    if "cursor" in asked:
        statement = statement.where(tuple_(*_urgency(), Case.id) > _place(asked["cursor"]))
    found = db.session.execute(_ordered(statement).limit(asked["limit"] + 1)).all()
    page = found[: asked["limit"]]
    following = None
    if len(found) > len(page):
        id, over, priority, due_at = page[-1]
        following = to_cursor(over, str(priority), due_at.isoformat(), str(id))
    return write_json({"items": summaries([row[0] for row in page]), "next": following})


@blueprint.get("/cases/<uuid:case_id>")
@blueprint.open_to(Scope.CASES, Scope.READ)
@blueprint.response(200, CaseView)
def show(case_id: UUID) -> Response:
    """One case, with its promises as they stand now and its history."""
    must_see_case(case_id)
    return write_json(case_view(case_id))


def must_see_case(case_id: UUID) -> None:
    """Raises `NotFound` where there is no such case for the caller."""
    path = db.session.scalar(select(Site.path).join(Case, Case.site_id == Site.id).where(Case.id == case_id))
    if path is None:
        raise NotFound
    access.must_see(path)


def _urgency() -> tuple[Any, ...]:
    """Over or not, priority, next due time. The codes of priorities sort as they should."""
    over = case((Case.state.in_(LIVE), 0), else_=1)
    return over, Case.priority, func.coalesce(Case.due_at, literal(_NEVER, UtcDateTime), type_=UtcDateTime)


def _ordered(statement: Select[Any]) -> Select[Any]:
    return statement.order_by(*_urgency(), Case.id)


def _place(cursor: str) -> ColumnElement[Any]:
    over, priority, due_at, id = from_cursor(cursor, int, str, str, str)
    try:
        key = (over, Priority(priority), datetime.fromisoformat(due_at), UUID(id))
        if key[2].tzinfo is None or over not in (0, 1):
            raise ValueError("not a key of ours")
    except ValueError:
        raise Invalid({"cursor": [N_("This is no cursor of ours.")]}) from None
    typed = (literal(key[1], Code(Priority)), literal(key[2], UtcDateTime), literal(key[3], Id))
    return tuple_(literal(over), *typed)


def _conditions(asked: dict[str, Any]) -> list[ColumnElement[bool]]:
    path = path_of(asked["site"]) if "site" in asked else access.visible_path()
    there = select(Site.id).where(Site.path.startswith(path, autoescape=True))
    conditions: list[ColumnElement[bool]] = [Case.site_id.in_(there)]
    if "state" in asked:
        conditions.append(Case.state.in_(asked["state"]))
    if "priority" in asked:
        conditions.append(Case.priority.in_(asked["priority"]))
    if "owner" in asked:
        conditions.append(Case.owner_id == _user(asked["owner"]))
    if "overdue" in asked:
        conditions.append(_overdue() if asked["overdue"] else ~_overdue())
    return conditions


def _overdue() -> ColumnElement[bool]:
    """A promise was missed and is not kept yet: noticed by the sweep, or due a moment ago."""
    p = Promise
    missed = or_(
        p.state == PromiseState.BREACHED,
        (p.state == PromiseState.RUNNING) & (p.due_at <= clock.now()),
    )
    late = exists().where(p.case_id == Case.id, p.fulfilled_at.is_(None), p.ended_at.is_(None), missed)
    return Case.state.in_(LIVE) & late


def _user(username: str) -> UUID:
    id: UUID | None = db.session.scalar(select(User.id).where(User.username == username))
    if id is None:
        raise Invalid({"owner": [N_("There is nobody with this user name.")]})
    return id
