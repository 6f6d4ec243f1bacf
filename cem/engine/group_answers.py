"""One text, or one outcome, for many of a group: each case by its own rules, with its own evidence."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from cem.domain.actors import Actor
from cem.domain.case import LIVE
from cem.domain.reaching import Contact, why_not
from cem.domain.reasons import Reason, Refused
from cem.domain.vocabulary import LedgerState, Via
from cem.engine import case_endings, replies
from cem.engine.case_endings import Resolution
from cem.engine.case_steps import Seen
from cem.engine.organisation import current
from cem.extensions import db
from cem.models import Case, Customer, Feedback, GroupMember, LedgerEntry

AT_ONCE: Final = 20
"""So many are answered in one transaction: whoever else has to write waits for it."""

Only = Collection[UUID] | None
"""Which cases of the group are meant; None: all of them."""


@dataclass(frozen=True, slots=True)
class Owed:
    """A feedback that is owed an answer. `why_not`: it does not get one this way, and why."""

    feedback_id: UUID
    case_id: UUID
    number: int
    why_not: Reason | None


@dataclass(frozen=True, slots=True)
class Outcome:
    """How many were done; which cases said no, and why; and after which to go on, where there are more."""

    done: int = 0
    refused: Mapping[UUID, Reason] = field(default_factory=dict)
    after: UUID | None = None


def owed(session: Session, group_id: UUID, via: Via, by: Actor, only: Only = None) -> list[Owed]:
    """Who would get a text by this way and who would not, the oldest first."""
    user_ids = current(session.connection()).user_ids
    return [
        Owed(row.feedback_id, row.case_id, row.number, _why_not(row, via, by, user_ids))
        for row in session.execute(_owed(group_id, only))
    ]


def answer(
    group_id: UUID, text: str, via: Via, by: Actor, only: Only = None,
    after: UUID | None = None, at_most: int | None = None,
) -> Outcome:  # fmt: skip
    """One approved text for those who are still owed an answer and get it this way.

    Whoever has an answer already gets no second one, so that asking twice does nothing twice.
    """
    waiting = [each for each in _now(owed, group_id, via, by, only) if each.why_not is None]
    cases = {each.feedback_id: each.case_id for each in waiting}
    ids, following = _part(sorted(cases), after, at_most)
    done = 0
    refused: dict[UUID, Reason] = {}
    for start in range(0, len(ids), AT_ONCE):
        some = ids[start : start + AT_ONCE]
        many, said_no = _each(some, lambda part: replies.reply_to_owed(part, text, via, by))
        done += many
        refused |= {cases[id]: reason for id, reason in said_no.items()}
    return Outcome(done, refused, following)


def answered(session: Session, group_id: UUID, only: Only = None) -> list[UUID]:
    """The cases whose customers have their answer, and which nobody has ended yet."""
    still_owed = (
        select(LedgerEntry.case_id)
        .where(LedgerEntry.case_id == Case.id, LedgerEntry.state == LedgerState.OWED)
        .correlate(Case)
        .exists()
    )
    statement = select(Case.id).join(GroupMember, GroupMember.case_id == Case.id)
    statement = statement.where(_in_it(group_id, only), Case.state.in_(LIVE), ~still_owed)
    return list(session.scalars(statement.order_by(Case.id)))


def resolve(
    group_id: UUID, resolution: Resolution, by: Actor, only: Only = None,
    after: UUID | None = None, at_most: int | None = None,
) -> Outcome:  # fmt: skip
    """One outcome for all that were answered; what cannot be resolved says why, and the others are."""
    ids, following = _part(_now(answered, group_id, only), after, at_most)
    done = 0
    refused: dict[UUID, Reason] = {}
    for case_id in ids:
        try:
            case_endings.resolve(Seen(case_id, by), resolution)
            done += 1
        except Refused as refusal:
            refused[case_id] = refusal.reason
    return Outcome(done, refused, following)


def _each(ids: Sequence[UUID], do: Callable[[Sequence[UUID]], int]) -> tuple[int, dict[UUID, Reason]]:
    """All of them in one transaction; where one says no, each in its own."""
    try:
        return do(ids), {}
    except Refused as refusal:
        if len(ids) == 1:
            return 0, {ids[0]: refusal.reason}
    done = 0
    refused: dict[UUID, Reason] = {}
    for id in ids:
        many, said_no = _each([id], do)
        done, refused = done + many, refused | said_no
    return done, refused


def _part(ids: Sequence[UUID], after: UUID | None, at_most: int | None) -> tuple[list[UUID], UUID | None]:
    """Those after this one, some at a time; and after which to go on, None where these are the last."""
    rest = [id for id in ids if after is None or id > after]
    some = rest[:at_most]
    return some, some[-1] if some and len(rest) > len(some) else None


def _now(read: Callable[..., Any], *about: Any) -> Any:
    """Read before the first transaction begins, so that none is held meanwhile."""
    db.session.rollback()
    return read(db.session, *about)


def _why_not(row: Any, via: Via, by: Actor, user_ids: Mapping[str, str]) -> Reason | None:
    if by.user_id is not None and user_ids.get(row.staff or "") == by.user_id:
        return Reason("recused", {"user": by.user_id})
    known = row.customer_id is not None
    customer = Contact(row.contact_consent, row.phone is not None, row.email is not None) if known else None
    return why_not(via, customer)


def _owed(group_id: UUID, only: Only) -> Select[Any]:
    columns = (Feedback.id.label("feedback_id"), Case.id.label("case_id"), Case.number, Feedback.staff)
    contact = (Feedback.customer_id, Customer.contact_consent, Customer.phone, Customer.email)
    statement: Any = (
        select(*columns, *contact)
        .select_from(LedgerEntry)
        .join(Feedback, Feedback.id == LedgerEntry.feedback_id)
        .join(Case, Case.id == LedgerEntry.case_id)
        .join(GroupMember, GroupMember.case_id == Case.id)
        .outerjoin(Customer, Customer.id == Feedback.customer_id)
        .where(_in_it(group_id, only), LedgerEntry.state == LedgerState.OWED)
        .order_by(Feedback.id)
    )
    return statement  # type: ignore[no-any-return]


def _in_it(group_id: UUID, only: Only) -> Any:
    in_it = (GroupMember.group_id == group_id) & GroupMember.left_at.is_(None)
    return in_it if only is None else in_it & GroupMember.case_id.in_(only)
