"""Feedback as the API shows it, and the shapes that its document describes."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from marshmallow import Schema, fields
from sqlalchemy import select

from cem import models
from cem.domain.vocabulary import LedgerState
from cem.engine.intake_lookup import Receipt
from cem.extensions import db
from cem.http.their_page import status_url
from cem.models import (
    Answer,
    Customer,
    Feedback,
    LedgerEntry,
    Site,
    Survey,
    SurveyVersion,
    Touchpoint,
)
from cem.web.api.people import person


class PersonView(Schema):
    id = fields.String()
    username = fields.String()
    name = fields.String()


class LedgerView(Schema):
    """Where the answer to one feedback stands."""

    state = fields.Enum(LedgerState, by_value=True)
    owner = fields.Nested(PersonView, allow_none=True)
    due_at = fields.AwareDateTime(allow_none=True)
    how = fields.String(allow_none=True)
    reason = fields.String(allow_none=True)
    evidence = fields.Dict(allow_none=True)


class CaseLink(Schema):
    id = fields.String()
    number = fields.Integer()
    state = fields.String()
    priority = fields.String()


class ReceiptView(Schema):
    """What the sender of a feedback learns."""

    id = fields.String()
    tracking_code = fields.String()
    status_url = fields.Url()
    ledger = fields.Nested(LedgerView)
    case = fields.Nested(CaseLink, allow_none=True)


class FeedbackView(Schema):
    """A feedback as it was sent, and what became of it."""

    id = fields.String()
    tracking_code = fields.String()
    status_url = fields.Url()
    channel = fields.String()
    site = fields.String()
    touchpoint = fields.String(allow_none=True)
    rating = fields.Dict(allow_none=True)
    text = fields.String(allow_none=True)
    answers = fields.List(fields.Dict())
    survey = fields.Dict(allow_none=True)
    language = fields.String(allow_none=True)
    occurred_at = fields.AwareDateTime()
    received_at = fields.AwareDateTime()
    customer = fields.Dict(allow_none=True)
    source = fields.Dict(allow_none=True)
    order_id = fields.String(allow_none=True)
    staff = fields.String(allow_none=True)
    kind = fields.String()
    kind_given = fields.Boolean()
    attributes = fields.Dict(allow_none=True)
    flags = fields.List(fields.String())
    findings = fields.Dict(allow_none=True)
    ledger = fields.Nested(LedgerView)
    case_id = fields.String(allow_none=True)


def receipt_view(receipt: Receipt) -> dict[str, Any]:
    case = receipt.case
    return {
        "id": str(receipt.feedback_id),
        "tracking_code": receipt.tracking_code,
        "status_url": status_url(receipt.tracking_code),
        "ledger": ledger_view(receipt.ledger),
        "case": case and {**case, "id": str(case["id"])},
    }


def ledger_view(entry: dict[str, Any]) -> dict[str, Any]:
    return {
        "state": entry["state"],
        "owner": person(entry["owner_id"]),
        "due_at": iso(entry["due_at"]),
        "how": entry["how"],
        "reason": entry["reason"],
        "evidence": entry["evidence"],
    }


def iso(at: datetime | None) -> str | None:
    return at.isoformat() if at is not None else None


def feedback_view(feedback: Feedback, *, with_contact: bool) -> dict[str, Any]:
    """As stored. Name, phone and e-mail of the customer only `with_contact`."""
    site, touchpoint, survey = _places_and_survey(feedback)
    entry = db.session.get_one(LedgerEntry, feedback.id)
    return {
        "id": str(feedback.id),
        "tracking_code": feedback.tracking_code,
        "status_url": status_url(feedback.tracking_code),
        "channel": feedback.channel,
        "site": site,
        "touchpoint": touchpoint,
        "rating": _rating(feedback),
        "text": feedback.text,
        "answers": _answers(feedback),
        "survey": survey,
        "language": feedback.language,
        "occurred_at": iso(feedback.occurred_at),
        "received_at": iso(feedback.received_at),
        "customer": _customer(feedback, with_contact=with_contact),
        "source": _source(feedback),
        "order_id": feedback.order_id,
        "staff": feedback.staff,
        "kind": feedback.kind,
        "kind_given": feedback.kind_given,
        "attributes": feedback.attributes,
        "flags": feedback.flags or [],
        "findings": findings_of(feedback.id),
        "ledger": ledger_view({name: getattr(entry, name) for name in _ENTRY}),
        "case_id": str(entry.case_id) if entry.case_id else None,
    }


_ENTRY = ("state", "owner_id", "due_at", "how", "reason", "evidence")


def _places_and_survey(feedback: Feedback) -> tuple[str, str | None, dict[str, Any] | None]:
    statement = (
        select(Site.code, Touchpoint.code, Survey.code, SurveyVersion.version)
        .select_from(Site)
        .outerjoin(Touchpoint, Touchpoint.id == feedback.touchpoint_id)
        .outerjoin(SurveyVersion, SurveyVersion.id == feedback.survey_version_id)
        .outerjoin(Survey, Survey.id == SurveyVersion.survey_id)
        .where(Site.id == feedback.site_id)
    )
    site, touchpoint, survey, version = db.session.execute(statement).one()
    return site, touchpoint, {"code": survey, "version": version} if survey else None


def _rating(feedback: Feedback) -> dict[str, Any] | None:
    if feedback.rating_scale is None:
        return None
    return {"scale": feedback.rating_scale, "value": feedback.rating_value}


def _answers(feedback: Feedback) -> list[dict[str, Any]]:
    """The answers as sent. The first row of a rated feedback is its rating, which stands by itself."""
    a = Answer
    statement = (
        select(a.question, a.scale, a.value, a.choices, a.text)
        .where(a.feedback_id == feedback.id)
        .order_by(a.id)
    )
    rows = db.session.execute(statement).mappings().all()
    first = 1 if feedback.rating_scale is not None else 0
    return [{name: value for name, value in row.items() if value is not None} for row in rows[first:]]


def _customer(feedback: Feedback, *, with_contact: bool) -> dict[str, Any] | None:
    customer = db.session.get(Customer, feedback.customer_id) if feedback.customer_id else None
    if customer is None:
        return None
    shown = {"external_id": customer.external_id, "tier": customer.tier}
    if with_contact:
        shown |= {"name": customer.name, "phone": customer.phone, "email": customer.email}
    return shown | {"consent": {"contact": customer.contact_consent}}


def _source(feedback: Feedback) -> dict[str, Any] | None:
    if feedback.source_system is None:
        return None
    url = {"url": feedback.source_url} if feedback.source_url else {}
    return {"system": feedback.source_system, "id": feedback.source_id, **url}


def findings_of(feedback_id: UUID) -> dict[str, Any] | None:
    """What holds: the last reading, as corrected. None while nobody has read it, or without words."""
    return db.session.scalar(models.findings_of(feedback_id))
