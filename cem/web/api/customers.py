"""The contact card: who is calling, before the call is taken."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Any, Final

from flask import Response
from marshmallow import Schema, fields
from sqlalchemy import Select, func, select

from cem.domain.case import LIVE
from cem.domain.reasons import Invalid, NotFound
from cem.domain.submission import N_
from cem.domain.vocabulary import Scope
from cem.extensions import db
from cem.http import access
from cem.http.shapes import Shape, Text
from cem.models import Case, Customer, Feedback, LedgerEntry, Purchase, Site
from cem.models.sealed import look_up_hash
from cem.web.api.feedback_shapes import iso
from cem.web.api.resource import Resource, write_json

LATEST: Final = 10
"""So many feedbacks are on a card."""

blueprint = Resource("api_customers", "What a member of staff may know of a customer who calls.")


class CardQuery(Shape):
    """One of the two."""

    phone = Text()
    external_id = Text()


class CardView(Schema):
    """Only what happened in the places that the token sees."""

    id = fields.String()
    external_id = fields.String(allow_none=True)
    name = fields.String(allow_none=True)
    phone = fields.String(allow_none=True)
    email = fields.String(allow_none=True)
    tier = fields.String()
    language = fields.String(allow_none=True)
    consent = fields.Dict()
    purchases = fields.Dict()
    cases = fields.List(fields.Dict(), metadata={"description": "Those that are not over."})
    feedback = fields.List(fields.Dict(), metadata={"description": "The latest ten."})


@blueprint.get("/customers/card")
@blueprint.open_to(Scope.CASES)
@blueprint.arguments(CardQuery(), location="query")
@blueprint.response(200, CardView)
def card(asked: dict[str, str]) -> Response:
    """The card of one customer, by phone or by your own id of them."""
    customer = db.session.scalar(_identified(asked).order_by(Customer.created_at.desc()).limit(1))
    if customer is None:
        raise NotFound
    purchases, cases, feedback = _purchases(customer), _cases(customer), _feedback(customer)
    if not (purchases["n"] or cases or feedback or _sees_everything()):
        raise NotFound
    shown = {
        "id": str(customer.id),
        "external_id": customer.external_id,
        "name": customer.name,
        "phone": customer.phone,
        "email": customer.email,
        "tier": customer.tier,
        "language": customer.language,
        "consent": {"contact": customer.contact_consent},
        "purchases": purchases,
        "cases": cases,
        "feedback": feedback,
    }
    return write_json(shown)


def _identified(asked: dict[str, str]) -> Select[Any]:
    if len(asked) != 1:
        raise Invalid({"phone": [N_("Give either a phone or an external_id.")]})
    live = select(Customer).where(Customer.erased_at.is_(None))
    if "external_id" in asked:
        return live.where(Customer.external_id == asked["external_id"])
    return live.where(Customer.phone_hash.in_([look_up_hash(each) for each in _spellings(asked["phone"])]))


def _spellings(phone: str) -> set[str]:
    """As given; with the plus that nobody escaped; and without what is only there for the eye."""
    with_plus = re.sub(r"^ (?=\d)", "+", phone)
    return {phone, with_plus, re.sub(r"[\s().\-]", "", with_plus)}


def _sees_everything() -> bool:
    root = db.session.scalar(select(Site.path).where(Site.parent_id.is_(None)))
    return root is None or access.sees(root)


def _here(statement: Select[Any], site_id: Any) -> Select[Any]:
    statement = statement.join(Site, Site.id == site_id)
    return statement.where(Site.path.startswith(access.visible_path(), autoescape=True))


def _purchases(customer: Customer) -> dict[str, Any]:
    p = Purchase
    statement = select(p.currency, func.count(), func.sum(p.amount_minor), func.max(p.at)).where(
        p.customer_id == customer.id
    )
    rows = db.session.execute(_here(statement, p.site_id).group_by(p.currency).order_by(p.currency)).all()
    last: datetime | None = max((row[3] for row in rows), default=None)
    spent = [{"currency": currency, "amount_minor": int(amount)} for currency, _, amount, _ in rows]
    return {"n": sum(row[1] for row in rows), "last_at": iso(last), "spent": spent}


def _cases(customer: Customer) -> list[dict[str, Any]]:
    c = Case
    statement = select(c.id, c.number, c.state, c.priority, c.due_at, Site.code).where(
        c.customer_id == customer.id, c.state.in_(LIVE)
    )
    rows = db.session.execute(_here(statement, c.site_id).order_by(c.priority, c.id))
    return [
        {
            "id": str(row.id),
            "number": row.number,
            "state": row.state,
            "priority": row.priority,
            "site": row.code,
            "due_at": iso(row.due_at),
        }
        for row in rows
    ]


def _feedback(customer: Customer) -> list[dict[str, Any]]:
    f = Feedback
    statement = (
        select(f.id, f.received_at, f.channel, f.rating_scale, f.rating_value, f.text, Site.code)
        .add_columns(LedgerEntry.state)
        .join(LedgerEntry, LedgerEntry.feedback_id == f.id)
        .where(f.customer_id == customer.id)
    )
    rows = db.session.execute(_here(statement, f.site_id).order_by(f.received_at.desc(), f.id).limit(LATEST))
    return [
        {
            "id": str(row.id),
            "received_at": iso(row.received_at),
            "site": row.code,
            "channel": row.channel,
            "rating": row.rating_scale and {"scale": row.rating_scale, "value": row.rating_value},
            "text": row.text,
            "ledger": {"state": row.state},
        }
        for row in rows
    ]
