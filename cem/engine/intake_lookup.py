"""What intake must know before it writes: keys used before, feedback stored before, customers met before."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, ClassVar
from uuid import UUID

from sqlalchemy import BindParameter, Connection, bindparam, select, tuple_

from cem.domain.reasons import Refused
from cem.domain.submission import GivenCustomer, Submission
from cem.domain.vocabulary import Tier
from cem.ids import new_id
from cem.models import Case, Customer, Feedback, IdempotencyKey, LedgerEntry
from cem.models.sealed import look_up_hash

_ENTRY_SHOWN = ("state", "owner_id", "due_at", "how", "reason", "evidence")
_CASE_SHOWN = ("id", "number", "state", "priority")
_PAIRS: BindParameter[Any] = bindparam("pairs", expanding=True)
_KEYS_USED = select(
    IdempotencyKey.owner, IdempotencyKey.key, IdempotencyKey.body_hash, IdempotencyKey.feedback_id
).where(tuple_(IdempotencyKey.owner, IdempotencyKey.key).in_(_PAIRS))
_SOURCES_MET = select(Feedback.source_system, Feedback.source_id, Feedback.id).where(
    tuple_(Feedback.source_system, Feedback.source_id).in_(_PAIRS)
)


@dataclass(frozen=True, slots=True)
class Receipt:
    """What the sender learns. `created` is False where the feedback had been stored before."""

    feedback_id: UUID
    tracking_code: str
    created: bool
    ledger: dict[str, Any]
    case: dict[str, Any] | None

    @classmethod
    def from_rows(
        cls, feedback: dict[str, Any], entry: dict[str, Any], case: dict[str, Any] | None, created: bool
    ) -> Receipt:
        return cls(
            feedback["id"],
            feedback["tracking_code"],
            created,
            {name: entry[name] for name in _ENTRY_SHOWN},
            case and {name: case[name] for name in _CASE_SHOWN},
        )


@dataclass(frozen=True, slots=True)
class CustomerFacts:
    id: UUID
    tier: Tier

    anonymous_tier: ClassVar[Tier] = Tier.UNKNOWN

    @classmethod
    def new(
        cls, given: GivenCustomer, language: str | None, now: datetime
    ) -> tuple[CustomerFacts, dict[str, Any]]:
        """A customer met for the first time, and the row to insert."""
        id = new_id(now)
        row = {
            "id": id,
            "external_id": given.external_id,
            "name": given.name,
            "phone": given.phone,
            "phone_hash": look_up_hash(given.phone) if given.phone else None,
            "email": given.email,
            "email_hash": look_up_hash(given.email) if given.email else None,
            "tier": Tier.UNKNOWN,
            "language": language,
            "contact_consent": bool(given.contact_consent),
            "created_at": now,
        }
        return cls(id, Tier.UNKNOWN), row


Identity = tuple[str, str | bytes]


def identities(given: GivenCustomer) -> list[Identity]:
    """What finds a customer again, the surest first."""
    found: list[Identity] = []
    if given.external_id:
        found.append(("external_id", given.external_id))
    if given.phone:
        found.append(("phone_hash", look_up_hash(given.phone)))
    if given.email:
        found.append(("email_hash", look_up_hash(given.email)))
    return found


@dataclass(slots=True)
class Known:
    """Grows while a batch is planned, so that equal keys inside it settle to one row."""

    keys: dict[tuple[str, str], tuple[bytes, UUID]] = field(default_factory=dict)
    sources: dict[tuple[str, str], UUID] = field(default_factory=dict)
    customers: dict[Identity, CustomerFacts] = field(default_factory=dict)

    def feedback_of(self, submission: Submission) -> UUID | None:
        """The feedback that this submission already is. Raises `Refused` for a key used with another body."""
        key = submission.idempotency
        if key and (key.owner, key.key) in self.keys:
            body_hash, feedback_id = self.keys[key.owner, key.key]
            if body_hash != key.body_hash:
                raise Refused("key_used_with_another_body")
            return feedback_id
        source = submission.source
        return self.sources.get((source.system, source.id)) if source else None

    def remember(self, submission: Submission, feedback_id: UUID) -> None:
        if key := submission.idempotency:
            self.keys.setdefault((key.owner, key.key), (key.body_hash, feedback_id))
        if source := submission.source:
            self.sources.setdefault((source.system, source.id), feedback_id)

    def customer_of(self, given: GivenCustomer) -> CustomerFacts | None:
        return next((self.customers[i] for i in identities(given) if i in self.customers), None)

    def remember_customer(self, given: GivenCustomer, facts: CustomerFacts) -> None:
        for identity in identities(given):
            self.customers.setdefault(identity, facts)


def find_known(connection: Connection, submissions: Sequence[Submission]) -> Known:
    """One query for each kind of identity that the batch carries."""
    return Known(
        keys=_keys(connection, [s.idempotency for s in submissions if s.idempotency]),
        sources=_sources(connection, [s.source for s in submissions if s.source]),
        customers=_customers(connection, [s.customer for s in submissions if s.customer]),
    )


def _keys(connection: Connection, given: Sequence[Any]) -> dict[tuple[str, str], tuple[bytes, UUID]]:
    if not given:
        return {}
    rows = connection.execute(_KEYS_USED, {"pairs": [(each.owner, each.key) for each in given]})
    return {(row.owner, row.key): (bytes(row.body_hash), row.feedback_id) for row in rows}


def _sources(connection: Connection, given: Sequence[Any]) -> dict[tuple[str, str], UUID]:
    if not given:
        return {}
    rows = connection.execute(_SOURCES_MET, {"pairs": [(each.system, each.id) for each in given]})
    return {(row.source_system, row.source_id): row.id for row in rows}


def _customers(connection: Connection, given: Iterable[GivenCustomer]) -> dict[Identity, CustomerFacts]:
    wanted: dict[str, set[str | bytes]] = {}
    for customer in given:
        for column, value in identities(customer):
            wanted.setdefault(column, set()).add(value)
    found: dict[Identity, CustomerFacts] = {}
    for name, values in wanted.items():
        column = getattr(Customer, name)
        statement = select(Customer.id, Customer.tier, column).where(
            column.in_(values), Customer.erased_at.is_(None)
        )
        for id, tier, value in connection.execute(statement):
            found[name, value if isinstance(value, str) else bytes(value)] = CustomerFacts(id, tier)
    return found


def receipts(connection: Connection, feedback_ids: Collection[UUID]) -> dict[UUID, Receipt]:
    """The receipts of feedback stored before, with the states of now."""
    if not feedback_ids:
        return {}
    e, c = LedgerEntry, Case
    statement = (
        select(
            Feedback.id, Feedback.tracking_code, e.state, e.owner_id, e.due_at, e.how, e.reason, e.evidence
        )
        .add_columns(c.id, c.number, c.state, c.priority)
        .join(e, e.feedback_id == Feedback.id)
        .outerjoin(c, c.id == e.case_id)
        .where(Feedback.id.in_(feedback_ids))
    )
    found: dict[UUID, Receipt] = {}
    for id, code, *rest in connection.execute(statement):
        entry = dict(zip(_ENTRY_SHOWN, rest[:6], strict=True))
        case = dict(zip(_CASE_SHOWN, rest[6:], strict=True)) if rest[6] else None
        found[id] = Receipt(id, code, False, entry, case)
    return found
