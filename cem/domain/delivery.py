"""What is worth telling to whom: the plan of an event's messages."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from cem.domain.vocabulary import CaseState, DeliveryKind, PromiseKind


@dataclass(frozen=True, slots=True)
class Message:
    """One message to one person. `args` are ids and codes, put into the reader's words when it is sent."""

    kind: DeliveryKind
    user: str
    args: dict[str, Any] = field(default_factory=dict)


def plan(kind: str, ids: dict[str, Any], state: CaseState | None) -> Message | None:
    """The message that an event asks for; None where nobody needs to be told.

    `state` is the case's now: an event may be read long after it happened, and nobody is paged for a case
    that somebody has taken in the meantime.
    """
    if kind == "feedback.overdue":
        return Message(DeliveryKind.BREACH, ids["owner"], {"feedback": ids["feedback"]})
    if state is None:
        return None
    if kind == "case.breached":
        if ids["promise_kind"] == PromiseKind.ACKNOWLEDGE:
            return None  # the ladder's next page says it already
        return Message(DeliveryKind.BREACH, ids["owner"], {"promise": ids["promise_kind"]})
    if kind == "case.assigned" and state is not CaseState.OPEN:
        return Message(DeliveryKind.NEWS, ids["owner"])
    if state is not CaseState.OPEN:
        return None
    if kind == "case.opened":
        return Message(DeliveryKind.DIGEST if ids.get("late") else DeliveryKind.PAGE, ids["owner"])
    if kind == "case.assigned":
        return Message(DeliveryKind.PAGE, ids["owner"])
    if kind == "case.escalated":
        first = ids["step"] == 0
        return Message(
            DeliveryKind.PAGE if first else DeliveryKind.ESCALATION, ids["to"], {"step": ids["step"]}
        )
    return None


def still_wanted(kind: DeliveryKind, state: CaseState | None) -> bool:
    """Asked in the transaction that marks it sent: acknowledging stops every page that still waits."""
    paging = kind in (DeliveryKind.PAGE, DeliveryKind.ESCALATION)
    return not paging or state is CaseState.OPEN
