"""Feedback comes in: stored with its ledger entry, and with the case that a bad rating opens, in one commit.

This is the hot path. It takes many submissions in one transaction (the one exception to "one function, one
transaction") and writes with Core; `intake_writer` gathers them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, update

from cem.domain import calendars, ledger
from cem.domain.localtime import zone
from cem.domain.reasons import Invalid, Refused
from cem.domain.routing import Assignment
from cem.domain.rules import Signal, Verdict, judge
from cem.domain.severity import triage
from cem.domain.submission import N_, Submission, check, inferred_kind
from cem.domain.vocabulary import LedgerState, Tier
from cem.engine.assigning import assign
from cem.engine.intake_lookup import CustomerFacts, Known, Receipt, find_known, receipts
from cem.engine.intake_rows import answer_rows, feedback_row, first_move
from cem.engine.opening import ORDER, Opening, number_cases, open_case
from cem.engine.organisation import Organisation, Place, current
from cem.engine.rows import Rows
from cem.engine.transaction import Event
from cem.ids import new_id
from cem.models import (
    Answer,
    Customer,
    Feedback,
    IdempotencyKey,
    LedgerEntry,
    LedgerMove,
)

Result = Receipt | Exception


@dataclass(slots=True)
class _Batch:
    """One batch on its way: what it may know, what it will write, and which feedback each key stands for."""

    organisation: Organisation
    known: Known
    now: datetime
    rows: Rows
    planned: dict[UUID, tuple[dict[str, Any], dict[str, Any], dict[str, Any] | None]]
    consents: dict[UUID, bool]


def record(
    connection: Connection, submissions: Sequence[Submission], now: datetime
) -> tuple[list[Result], list[Event]]:
    """Store a batch; one result each, in order: a receipt, or the refusal. What is refused stores nothing.

    The caller owns the transaction and tells the events after its commit.
    """
    organisation = current(connection, held=True)
    batch = _Batch(organisation, find_known(connection, submissions), now, Rows(), {}, {})
    found = [_take(batch, submission) for submission in submissions]
    number_cases(connection, batch.rows)
    batch.rows.write(connection, ORDER)
    for customer_id, consent in batch.consents.items():
        connection.execute(update(Customer).where(Customer.id == customer_id).values(contact_consent=consent))
    old = receipts(connection, {each[0] for each in found if isinstance(each, tuple)} - batch.planned.keys())
    return [_result(batch, old, each) for each in found], batch.rows.events


def plan_past(
    organisation: Organisation, known: Known, rows: Rows, submission: Submission, at: datetime
) -> tuple[dict[str, Any], dict[str, Any], dict[str, Any] | None]:
    """Add to `rows` what `record` would have written at an instant of the past: for a history that is told.

    The rows of the feedback, of its ledger entry and of its case, which has no number yet.
    """
    batch = _Batch(organisation, known, at, rows, {}, {})
    return batch.planned[_plan(batch, submission)]


_Found = tuple[UUID, bool] | Exception
"""A feedback and whether this submission made it; or why it was not taken."""


def _take(batch: _Batch, submission: Submission) -> _Found:
    """The feedback that this submission is, and whether it is new; or why it cannot be taken."""
    try:
        check(submission, batch.now)
        before = batch.known.feedback_of(submission)
        if before is not None:
            _keep_key(batch, submission, before)
            batch.known.remember(submission, before)
            return before, False
        id = _plan(batch, submission)
        batch.known.remember(submission, id)
        return id, True
    except (Invalid, Refused) as refusal:
        return refusal


def _result(batch: _Batch, old: dict[UUID, Receipt], found: _Found) -> Result:
    if isinstance(found, Exception):
        return found
    id, created = found
    if id in old:
        return old[id]
    feedback, entry, case = batch.planned[id]
    return Receipt.from_rows(feedback, entry, case, created)


def _plan(batch: _Batch, submission: Submission) -> UUID:
    """Add all rows of one new feedback to the batch."""
    place, touchpoint_id = _place(batch.organisation, submission)
    survey_version_id = _survey_version(batch.organisation, submission)
    customer = _customer(batch, submission)
    id = new_id(batch.now)
    feedback = {"id": id, **feedback_row(batch.now, submission, place)}
    feedback |= {
        "touchpoint_id": touchpoint_id,
        "customer_id": customer.id if customer else None,
        "survey_version_id": survey_version_id,
    }
    entry, case = _entry_and_case(batch, submission, place, feedback, customer)
    batch.rows.add(Feedback, feedback)
    batch.rows.add(LedgerEntry, entry)
    batch.rows.add(LedgerMove, first_move(batch.now, entry, submission))
    for answer in answer_rows(batch.now, submission, feedback):
        batch.rows.add(Answer, answer)
    _keep_key(batch, submission, id)
    batch.rows.say(
        batch.now,
        "feedback.stored",
        feedback=id,
        site_path=place.path,
        text=True if submission.text else None,
    )
    batch.planned[id] = (feedback, entry, case)
    return id


def _keep_key(batch: _Batch, submission: Submission, feedback_id: UUID) -> None:
    """A key stands for its feedback from its first use on, also where that was found by its source."""
    key = submission.idempotency
    if key is None or (key.owner, key.key) in batch.known.keys:
        return
    row = {"owner": key.owner, "key": key.key, "body_hash": key.body_hash}
    batch.rows.add(IdempotencyKey, row | {"feedback_id": feedback_id, "at": batch.now})


def _place(organisation: Organisation, submission: Submission) -> tuple[Place, UUID | None]:
    place = organisation.by_code.get(submission.site)
    if place is None or not place.path.startswith(submission.visible_path):
        raise Invalid({"site": [N_("There is no such site.")]})
    if not place.takes_feedback:
        raise Invalid({"site": [N_("This site takes no feedback; give one of its branches.")]})
    if submission.touchpoint is None:
        return place, None
    if submission.touchpoint not in place.touchpoints:
        raise Invalid({"touchpoint": [N_("This site has no such touchpoint.")]})
    return place, place.touchpoints[submission.touchpoint]


def _survey_version(organisation: Organisation, submission: Submission) -> UUID | None:
    if submission.survey_code is None:
        return None
    versions = organisation.surveys.get(submission.survey_code)
    if not versions:
        raise Invalid({"survey.code": [N_("There is no such survey.")]})
    version = submission.survey_version if submission.survey_version is not None else max(versions)
    if version not in versions:
        raise Invalid({"survey.version": [N_("This survey has no such version.")]})
    return versions[version]


def _customer(batch: _Batch, submission: Submission) -> CustomerFacts | None:
    """The customer, found again by what identifies one, or new. Consent is recorded as last given."""
    if submission.customer is None:
        return None
    facts = batch.known.customer_of(submission.customer)
    if facts is None:
        facts, row = CustomerFacts.new(submission.customer, submission.language, batch.now)
        batch.rows.add(Customer, row)
        batch.known.remember_customer(submission.customer, facts)
    elif submission.customer.contact_consent is not None:
        batch.consents[facts.id] = submission.customer.contact_consent
    return facts


def _entry_and_case(
    batch: _Batch,
    submission: Submission,
    place: Place,
    feedback: dict[str, Any],
    customer: CustomerFacts | None,
) -> tuple[dict[str, Any], dict[str, Any] | None]:
    entry: dict[str, Any] = dict.fromkeys(
        ("owner_id", "due_at", "next_step_at", "how", "reason", "evidence", "case_id")
    )
    entry |= {"feedback_id": feedback["id"], "state": LedgerState.OWED, "changed_at": batch.now}
    if ledger.thanked_on_the_spot(submission.rating, submission.text, other_words=submission.has_other_words):
        thanks = ledger.thanks()
        return entry | {"state": thanks.state, "how": thanks.how, "evidence": thanks.evidence}, None
    now, staff = batch.now, submission.staff
    tier = customer.tier if customer else CustomerFacts.anonymous_tier
    verdict = _verdict(now, place, submission, tier)
    guidance = verdict.guidance
    named_by = guidance.owner_reason.args["rule"] if guidance.owner_reason else None
    key = (place.id, staff, now, guidance.owner, named_by)
    assignment = batch.rows.once(
        ("assignment", *key), lambda: assign(batch.organisation, place, staff, now, guidance)
    )
    if verdict.triage is None:
        owed = batch.rows.once(("owed", *key), lambda: owed_without_case(place, assignment, now))
        return entry | owed, None
    opening = Opening(
        feedback["id"],
        place,
        feedback["touchpoint_id"],
        feedback["customer_id"],
        tier,
        feedback["occurred_at"],
        now,
        verdict.triage,
        assignment,
        guidance,
    )
    case = open_case(batch.rows, opening, now, by="intake")
    due_at = case.first_contact_due_at
    owed = {"owner_id": case.owner_id, "due_at": due_at, "next_step_at": due_at, "case_id": case.id}
    return entry | owed, case.row


def _verdict(now: datetime, place: Place, submission: Submission, tier: Tier) -> Verdict:
    """What the rating alone asks for; the words are understood later."""
    base = triage(submission.rating, None)
    if not place.rules:
        return Verdict(base)
    signal = Signal(
        submission.channel,
        inferred_kind(submission),
        place.path,
        now.astimezone(zone(place.timezone)),
        submission.rating,
        None,
        tier,
        submission.touchpoint,
    )
    return judge(place.rules, signal, base)


def owed_without_case(place: Place, assignment: Assignment, now: datetime) -> dict[str, Any]:
    """Owner, due time, and next step: the hand-over at the end of this duty, or the due time."""
    due_at = calendars.business_days_after(now, ledger.BUSINESS_DAYS_WITHOUT_A_CASE, place.calendar)
    until = assignment.until
    return {
        "owner_id": UUID(assignment.owner),
        "due_at": due_at,
        "next_step_at": min(until, due_at) if until else due_at,
    }
