"""A draft of a letter to a customer, and the check that nothing in a letter comes from nowhere.

Nothing is sent and nothing is stored here: whoever asked reads the draft, changes it, and sends it or not.
"""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select

from cem.domain.letters.compose import Draft, compose
from cem.domain.letters.facts import CaseFacts
from cem.domain.letters.grounding import Ungrounded, ungrounded
from cem.domain.reasons import Reason
from cem.domain.vocabulary import CaseState, LedgerState
from cem.engine import recusal, reply_facts
from cem.engine.reply_facts import Asked
from cem.extensions import db
from cem.models import Case, Feedback, LedgerEntry, Site, User
from nlp import pii
from nlp.script import fold


@dataclass(frozen=True, slots=True)
class Made:
    facts: CaseFacts
    draft: Draft


def for_case(case_id: UUID, asked: Asked) -> Made:
    """A letter for the customer of this case. Raises `NotFound`."""
    facts = reply_facts.of_case(db.session(), case_id, asked)
    return _made(facts, _why_no_letter(case_id, asked))


def for_feedback(feedback_id: UUID, asked: Asked) -> Made:
    """A letter for one who has no case. Raises `NotFound`."""
    facts = reply_facts.of_feedback(db.session(), feedback_id, asked)
    state = db.session.scalar(select(LedgerEntry.state).where(LedgerEntry.feedback_id == feedback_id))
    staff = db.session.scalar(select(Feedback.staff).where(Feedback.id == feedback_id))
    if state is LedgerState.EXCUSED:
        return _made(facts, Reason("draft_nothing_owed"))
    return _made(facts, Reason("recused") if _is(asked, staff) else None)


def check(text: str, facts: CaseFacts) -> tuple[Ungrounded, ...]:
    """What this text says and the case does not."""
    return ungrounded(text, facts, known_names(), pii.find(fold(text), text))


def _made(facts: CaseFacts, why: Reason | None) -> Made:
    if why is not None:
        return Made(facts, Draft((), why_none=why))
    draft = compose(facts)
    if draft.text and check(draft.text, facts):
        return Made(facts, Draft((), why_none=Reason("draft_not_grounded")))
    return Made(facts, draft)


def _why_no_letter(case_id: UUID, asked: Asked) -> Reason | None:
    state, merged = db.session.execute(
        select(Case.state, Case.merged_into_id).where(Case.id == case_id)
    ).one()
    if merged is not None:
        return Reason("draft_merged")
    if state is CaseState.DISMISSED:
        return Reason("draft_nothing_owed")
    if asked.by.kind == "user" and asked.by.id in recusal.of_case(db.session(), case_id):
        return Reason("recused")
    return None


def _is(asked: Asked, username: str | None) -> bool:
    if asked.by.kind != "user" or username is None:
        return False
    return db.session.scalar(select(User.username).where(User.id == UUID(asked.by.id))) == username


def known_names() -> frozenset[str]:
    """Everybody who works here and every place: none of them is in a letter by chance."""
    people = db.session.scalars(select(User.name).where(User.ended_at.is_(None)))
    places = db.session.scalars(select(Site.name))
    return frozenset({*people, *(str(name) for names in places for name in names.values())})
