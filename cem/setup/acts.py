"""What people did in the past with a feedback, each act as the engine would have written it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from functools import partial
from typing import Any, Final

from cem.demo.content import replies
from cem.demo.fate import Fate, PastCase, PastContact
from cem.domain import ledger as rules
from cem.domain.vocabulary import CaseState, LedgerState, Outcome, PromiseKind, Via
from cem.engine.organisation import Organisation
from cem.ids import new_id
from cem.models import Contact, Reply
from cem.setup.life import Life

_TAKEN: Final = frozenset({PromiseKind.ACKNOWLEDGE})
_MET_CUSTOMER: Final = frozenset({PromiseKind.ACKNOWLEDGE, PromiseKind.FIRST_CONTACT})
_BEFORE_WORK: Final = frozenset({CaseState.OPEN, CaseState.ACKNOWLEDGED})

Act = tuple[datetime, Callable[[Life, datetime], None]]


def acts_of(fate: Fate, organisation: Organisation) -> list[Act]:
    """Everything that people did, in order."""
    who = _Names(organisation)
    found = [*_on_the_ledger(fate, who), *(_on_the_case(fate, fate.case, who) if fate.case else ())]
    return sorted(found, key=lambda act: act[0])


class _Names:
    """People of the demo as actors of the history."""

    def __init__(self, organisation: Organisation) -> None:
        self._ids = organisation.user_ids

    def __call__(self, username: str | None) -> str:
        return f"user:{self._ids[username or '']}"


def _on_the_ledger(fate: Fate, who: _Names) -> list[Act]:
    if fate.at is None or fate.how == "thanked":
        return []
    if fate.state is LedgerState.EXCUSED and fate.case is None:
        return [(fate.at, lambda life, at: _excuse(life, fate, who(fate.by), at))]
    if fate.reply and not (fate.case and fate.case.reply):
        return [(fate.at, lambda life, at: _reply(life, fate, who(fate.by), at))]
    return []


def _on_the_case(fate: Fate, case: PastCase, who: _Names) -> list[Act]:
    acts: list[Act] = []
    owner = who(case.owner)
    if case.acknowledged_at:
        by = who(case.acknowledged_by)
        acts.append((case.acknowledged_at, lambda life, at: _acknowledge(life, by, at)))
    acts += [(each.at, partial(_contact, each, who(each.by))) for each in case.contacts]
    if case.resolved_at:
        acts.append((case.resolved_at, lambda life, at: _resolve(life, case, owner, at)))
    if case.closed_at:
        acts.append((case.closed_at, lambda life, at: _close(life, owner, at)))
    if case.dismissed_at:
        acts.append((case.dismissed_at, lambda life, at: _dismiss(life, fate, owner, at)))
    return acts


def _acknowledge(life: Life, by: str, at: datetime) -> None:
    before = life.live_case["state"]
    life.take(by, CaseState.ACKNOWLEDGED, at)
    life.fulfil(_TAKEN, at)
    life.append("acknowledged", by, at, before)
    life.audit(by, "case.acknowledged", at, life.live_case["id"])
    life.finish()


def _contact(tried: PastContact, by: str, life: Life, at: datetime) -> None:
    case, before = life.live_case, life.live_case["state"]
    reached = tried.outcome is Outcome.REACHED
    life.take(by, CaseState.IN_PROGRESS, at)
    if reached:
        life.change(answered_at=at)
    life.fulfil(_MET_CUSTOMER if reached else _TAKEN, at)
    id = new_id(at)
    details = {"contact": str(id), "via": tried.via.value, "outcome": tried.outcome.value}
    known = replies().get(tried.summary)
    note_id = life.append(
        "contacted", by, at, before, details, ("contact", known.text if known else tried.summary)
    )
    row = {"id": id, "feedback_id": life.feedback["id"], "case_id": case["id"], "note_id": note_id}
    life.rows.add(Contact, row | {"via": tried.via, "outcome": tried.outcome, "at": at, "by": by})
    if settlement := rules.answered_by_contact(str(id), tried.via, tried.outcome):
        life.settle(settlement, by, at)
    life.finish()


def _reply(life: Life, fate: Fate, by: str, at: datetime) -> None:
    assert fate.via and fate.reply
    settlement = _write(life, replies()[fate.reply].text, fate.via, by, at)
    life.settle(settlement, by, at)
    if life.case:
        before = life.case["state"]
        if before in _BEFORE_WORK:
            life.take(by, CaseState.IN_PROGRESS, at)
        life.change(answered_at=at)
        life.fulfil(_MET_CUSTOMER, at)
        life.append("replied", by, at, before, {"reply": settlement.evidence["id"]})
        life.finish()
    life.audit(by, "feedback.replied", at, life.feedback["id"], reply=settlement.evidence["id"])


def _excuse(life: Life, fate: Fate, by: str, at: datetime) -> None:
    assert fate.excuse
    proof: dict[str, Any] = {"kind": "statement", "text": fate.evidence, "contacts": []}
    life.settle(rules.excused(fate.excuse, proof, ()), by, at)
    life.audit(by, "feedback.excused", at, life.feedback["id"], reason=fate.excuse.value)


def _resolve(life: Life, past: PastCase, by: str, at: datetime) -> None:
    assert past.resolution and past.note
    before = life.live_case["state"]
    code = past.resolution.value
    life.change(
        state=CaseState.RESOLVED,
        resolved_at=at,
        resolution=past.resolution,
        acknowledgement_expires_at=None,
    )
    life.fulfil(frozenset(PromiseKind), at)
    life.append("resolved", by, at, before, {"code": code}, ("resolution", replies()[past.note].text))
    if past.reply:
        life.settle(_write(life, replies()[past.reply].text, Via.MESSAGE, by, at), by, at)
        life.change(answered_at=at)
    life.audit(by, "case.resolved", at, life.live_case["id"], code=code)
    life.finish()


def _close(life: Life, by: str, at: datetime) -> None:
    before = life.live_case["state"]
    life.change(state=CaseState.CLOSED, ended_at=at)
    life.append("closed", by, at, before)
    life.audit(by, "case.closed", at, life.live_case["id"])
    life.finish()


def _dismiss(life: Life, fate: Fate, by: str, at: datetime) -> None:
    assert fate.excuse and fate.evidence and fate.case
    case, before, reason = life.live_case, life.live_case["state"], fate.excuse
    tries = [each.at for each in fate.case.contacts if each.outcome is Outcome.NOT_REACHED]
    settlement = rules.excused(reason, {"kind": "dismissal", "case": str(case["id"])}, tries)
    life.change(state=CaseState.DISMISSED, ended_at=at, acknowledgement_expires_at=None, next_step_at=None)
    life.end_promises(at)
    life.append("dismissed", by, at, before, {"reason": reason.value}, ("evidence", fate.evidence))
    life.settle(settlement, by, at)
    life.audit(by, "case.dismissed", at, case["id"], reason=reason.value)
    life.finish()


def _write(life: Life, text: str, via: Via, by: str, at: datetime) -> rules.Settlement:
    id = new_id(at)
    row = {"id": id, "feedback_id": life.feedback["id"], "case_id": life.case and life.case["id"]}
    life.rows.add(Reply, row | {"via": via, "text": text, "at": at, "by": by})
    return rules.answered_by_reply(str(id), via)
