"""Whom a case is about: nobody handles a complaint about themselves, whichever of its feedbacks says so."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from functools import cache
from typing import Any
from uuid import UUID

from sqlalchemy import CompoundSelect, bindparam, select, union
from sqlalchemy.orm import Session

from cem.domain.actors import Actor
from cem.domain.reasons import Refused
from cem.engine import audit
from cem.engine.case_steps import Seen, append
from cem.engine.transaction import transaction
from cem.models import Case, Feedback, LedgerEntry, User

Recused = frozenset[str]


def of_case(session: Session, case_id: UUID) -> Recused:
    """The ids of the people whom any feedback of this case is about, also one that was merged into it."""
    return of_cases(session, [case_id])[case_id]


def of_cases(session: Session, case_ids: Collection[UUID]) -> Mapping[UUID, Recused]:
    """The same of each of these."""
    found: dict[UUID, set[str]] = {id: set() for id in case_ids}
    for case_id, user_id in session.execute(_named(), {"cases": list(case_ids)}):
        found[case_id].add(str(user_id))
    return {id: frozenset(people) for id, people in found.items()}


@cache
def _named() -> CompoundSelect[Any]:
    """Whoever works here and is named by a feedback of one of the `cases`."""
    cases: Any = bindparam("cases", expanding=True)
    own = select(Case.id, User.id).select_from(Case).join(Feedback, Feedback.id == Case.feedback_id)
    through = select(LedgerEntry.case_id, User.id).select_from(LedgerEntry)
    through = through.join(Feedback, Feedback.id == LedgerEntry.feedback_id)
    named = User.username == Feedback.staff
    return union(
        own.join(User, named).where(Case.id.in_(cases)),
        through.join(User, named).where(LedgerEntry.case_id.in_(cases)),
    )


@contextmanager
def kept(seen: Seen) -> Iterator[None]:
    """That somebody was to own a complaint about themselves stays in the audit trail and on the timeline."""
    try:
        yield
    except Refused as refusal:
        if refusal.reason.code == "recused":
            _remember(seen, refusal.reason.args["user"])
        raise


def _remember(seen: Seen, user: str) -> None:
    with transaction() as tx:
        case = tx.session.get_one(Case, seen.case_id)
        append(tx, case, "assignment_refused", seen.by, case.state, {"to": user})
        tx.audit(str(seen.by), "case.recusal", case.id, user=user)


@contextmanager
def kept_of(by: Actor, subject: UUID) -> Iterator[None]:
    """That it was tried stays in the audit trail, where there is no case or several of them."""
    try:
        yield
    except Refused as refusal:
        if refusal.reason.code == "recused":
            audit.record(by, "case.recusal", subject, user=refusal.reason.args["user"])
        raise
