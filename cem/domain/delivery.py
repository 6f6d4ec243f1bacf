"""What is worth telling to whom: the plan of an event's messages."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Final

from cem.domain.vocabulary import CaseState, DeliveryKind, PromiseKind, TransportName

PERSONAL: Final = (TransportName.EMAIL, TransportName.SMS)
"""The ways to one person beside the inbox: each is taken only where the one before it is missing or fails."""

PAGING: Final = frozenset({DeliveryKind.PAGE, DeliveryKind.ESCALATION, DeliveryKind.GROUP})
"""What only asks for somebody to take a case, or a group of them."""
_TO_POCKETS: Final = PAGING | {DeliveryKind.WARNING, DeliveryKind.BREACH}


DAILY: Final = frozenset({DeliveryKind.NEWS, DeliveryKind.DIGEST})
"""What waits in the inbox, and is mailed once a day where it is still unread."""


_STORM: Final = ("group", "count", "taken", "answered", "more")


@dataclass(frozen=True, slots=True)
class Message:
    """One message to one person. `args` are ids and codes, put into the reader's words when it is sent."""

    kind: DeliveryKind
    user: str
    args: dict[str, Any] = field(default_factory=dict)


def plan(kind: str, ids: dict[str, Any], state: CaseState | None) -> Message | None:
    """The message that an event asks for; None where nobody needs to be told.

    `state` is the case's or the group's now: an event may be read long after it happened, and nobody is paged
    for what somebody has taken in the meantime.
    """
    if kind == "feedback.overdue":
        return Message(DeliveryKind.BREACH, ids["owner"], {"feedback": ids["feedback"]})
    if state is None:
        return None
    if kind == "group.digest":
        return Message(DeliveryKind.DIGEST, ids["to"], {name: ids[name] for name in _STORM})
    if kind == "case.breached":
        if ids["promise_kind"] == PromiseKind.ACKNOWLEDGE:
            return None  # the ladder's next page says it already
        return Message(DeliveryKind.BREACH, ids["owner"], {"promise": ids["promise_kind"]})
    if kind == "case.warned":
        about = {"promise": ids["promise"], "promise_kind": ids["promise_kind"], "level": ids["level"]}
        return Message(DeliveryKind.WARNING, ids["owner"], about)
    if kind == "case.assigned" and state is not CaseState.OPEN:
        return Message(DeliveryKind.NEWS, ids["owner"])
    if state is not CaseState.OPEN:
        return None
    if kind == "group.escalated":
        again = DeliveryKind.ESCALATION if ids["step"] else DeliveryKind.GROUP
        return Message(again, ids["to"], {"group": ids["group"], "step": ids["step"]})
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


def told_to_robots(kind: DeliveryKind, *, storm: bool = False) -> bool:
    """Whether the group of the place hears of it too: what asks somebody to act at once, and how a storm
    stands."""
    return kind in PAGING or _is_of_storm(kind, storm)


def leaves_the_desk(kind: DeliveryKind, *, storm: bool = False) -> bool:
    """Whether it goes to its person beyond the inbox: news and digests wait until they look, but for that of
    a storm."""
    return kind in _TO_POCKETS or _is_of_storm(kind, storm)


def is_mailed_daily(kind: DeliveryKind, *, storm: bool = False) -> bool:
    """Whether it is mailed at the person's hour, if it is still unread then."""
    return kind in DAILY and not _is_of_storm(kind, storm)


def _is_of_storm(kind: DeliveryKind, storm: bool) -> bool:
    """The digest of a storm tells how it stands now: in the morning it would tell nothing."""
    return storm and kind is DeliveryKind.DIGEST


def places_above(path: str) -> list[str]:
    """The paths of a place and of everything above it, the nearest first."""
    steps = path.rstrip("/").split("/")
    return ["/".join(steps[:count]) + "/" for count in range(len(steps), 0, -1)]


def still_wanted(kind: DeliveryKind, state: CaseState | None) -> bool:
    """Asked in the transaction that marks it under way or sent: acknowledging stops every page that waits."""
    return kind not in PAGING or state is CaseState.OPEN
