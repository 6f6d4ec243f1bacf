"""The state machine of a case. What it does not list is refused, with a sentence."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from cem.domain.reasons import Refused
from cem.domain.vocabulary import CaseAction as A
from cem.domain.vocabulary import CaseState as S
from cem.domain.vocabulary import PauseReason, PromiseKind

REOPENING_WINDOW: Final = timedelta(days=14)
"""A closed case is reopened within this time; after it, a new case follows the old one."""

ENDED: Final = frozenset({S.RESOLVED, S.CLOSED, S.DISMISSED})
LIVE: Final = frozenset(S) - ENDED


@dataclass(frozen=True, slots=True)
class CaseSnapshot:
    """All that the rules need to know of a case."""

    state: S
    paused_because: PauseReason | None
    answered: bool
    """Whether a reply was sent or a contact reached the customer, since it was last opened."""
    ended_at: datetime | None
    merged: bool = False
    """Whether it goes on in another case. That one is reopened, never this one."""


@dataclass(frozen=True, slots=True)
class Decision:
    """Where an action leads, and which promises it keeps. `follow_up` asks for a new case instead."""

    to: S
    fulfils: frozenset[PromiseKind] = frozenset()
    follow_up: bool = False


_TAKEN = frozenset({PromiseKind.ACKNOWLEDGE})
_MET_CUSTOMER = frozenset({PromiseKind.ACKNOWLEDGE, PromiseKind.FIRST_CONTACT})
_ALL = frozenset(PromiseKind)

TRANSITIONS: Final[dict[tuple[S, A], S]] = {
    (S.OPEN, A.ACKNOWLEDGEMENT): S.ACKNOWLEDGED,
    **{(state, A.ASSIGNMENT): state for state in (S.OPEN, S.ACKNOWLEDGED, S.IN_PROGRESS)},
    **{(state, A.ASSIGNMENT): state for state in (S.WAITING_CUSTOMER, S.RESOLVED)},
    **{(state, A.NOTES): state for state in S if state is not S.DISMISSED},
    (S.OPEN, A.CONTACTS): S.IN_PROGRESS,
    (S.ACKNOWLEDGED, A.CONTACTS): S.IN_PROGRESS,
    (S.IN_PROGRESS, A.CONTACTS): S.IN_PROGRESS,
    (S.WAITING_CUSTOMER, A.CONTACTS): S.IN_PROGRESS,
    (S.RESOLVED, A.CONTACTS): S.RESOLVED,
    (S.ACKNOWLEDGED, A.PAUSE_CUSTOMER): S.WAITING_CUSTOMER,
    (S.IN_PROGRESS, A.PAUSE_CUSTOMER): S.WAITING_CUSTOMER,
    (S.ACKNOWLEDGED, A.PAUSE_THIRD_PARTY): S.ACKNOWLEDGED,
    (S.IN_PROGRESS, A.PAUSE_THIRD_PARTY): S.IN_PROGRESS,
    (S.ACKNOWLEDGED, A.RESUMPTION): S.ACKNOWLEDGED,
    (S.IN_PROGRESS, A.RESUMPTION): S.IN_PROGRESS,
    (S.WAITING_CUSTOMER, A.RESUMPTION): S.IN_PROGRESS,
    (S.ACKNOWLEDGED, A.RESOLUTION): S.RESOLVED,
    (S.IN_PROGRESS, A.RESOLUTION): S.RESOLVED,
    (S.WAITING_CUSTOMER, A.RESOLUTION): S.RESOLVED,
    (S.RESOLVED, A.CLOSURE): S.CLOSED,
    **{(state, A.DISMISSAL): S.DISMISSED for state in LIVE},
    **{(state, A.MERGE): S.CLOSED for state in LIVE},
    (S.RESOLVED, A.REOPENING): S.IN_PROGRESS,
    (S.CLOSED, A.REOPENING): S.IN_PROGRESS,
    (S.DISMISSED, A.REOPENING): S.IN_PROGRESS,
    (S.WAITING_CUSTOMER, A.NOT_SOLVED): S.IN_PROGRESS,
    (S.RESOLVED, A.NOT_SOLVED): S.OPEN,
    (S.CLOSED, A.NOT_SOLVED): S.OPEN,
}
"""Every (state, action) that exists. A test walks all the others and expects a refusal."""

_FULFILS: Final[dict[A, frozenset[PromiseKind]]] = {
    A.ACKNOWLEDGEMENT: _TAKEN,
    A.CONTACTS: _MET_CUSTOMER,
    A.RESOLUTION: _ALL,
}


def decide(
    case: CaseSnapshot,
    action: A,
    now: datetime,
    *,
    reached: bool = True,
    reply: bool = False,
) -> Decision:
    """What `action` does to `case`. Raises `Refused` where the table says 409; then nothing has changed.

    `reached`: whether a contact spoke with the customer. `reply`: whether a resolution carries one.
    """
    to = TRANSITIONS.get((case.state, action))
    if to is None:
        raise Refused("case_action_refused", action=action.value, state=case.state.value)
    if action is A.REOPENING and case.merged:
        raise Refused("case_action_refused", action=action.value, state=case.state.value)
    if action is A.RESUMPTION and case.paused_because is None:
        raise Refused("case_not_paused", state=case.state.value)
    if action in (A.PAUSE_CUSTOMER, A.PAUSE_THIRD_PARTY) and case.paused_because is not None:
        raise Refused("case_already_paused", reason=case.paused_because.value)
    if action is A.RESOLUTION:
        _refuse_silence(case, reply=reply)
    if action in (A.REOPENING, A.NOT_SOLVED) and _too_late(case, now):
        return Decision(S.IN_PROGRESS if action is A.REOPENING else S.OPEN, follow_up=True)
    fulfils = _FULFILS.get(action, frozenset())
    if action is A.CONTACTS and not reached:
        fulfils = _TAKEN
    return Decision(to, fulfils)


def _refuse_silence(case: CaseSnapshot, *, reply: bool) -> None:
    """Nothing is resolved over the customer's head."""
    if not reply and not case.answered:
        raise Refused("resolution_needs_answer")


def _too_late(case: CaseSnapshot, now: datetime) -> bool:
    return case.state is S.CLOSED and case.ended_at is not None and now - case.ended_at > REOPENING_WINDOW


def available_actions(case: CaseSnapshot) -> tuple[A, ...]:
    """What a person may do next, in the order of the page. Nothing else gets a button."""
    return tuple(
        action
        for action in A
        if (case.state, action) in TRANSITIONS
        and action is not A.NOT_SOLVED
        and not (action is A.REOPENING and case.merged)
        and not (action is A.RESUMPTION and case.paused_because is None)
        and not (action in (A.PAUSE_CUSTOMER, A.PAUSE_THIRD_PARTY) and case.paused_because is not None)
    )
