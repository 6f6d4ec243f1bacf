"""What happened, in the words that a customer reads: no codes, no tiers, nobody blamed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask_babel import gettext

from cem.domain.vocabulary import CaseState, Outcome, PauseReason, ResolutionCode, Via


@dataclass(frozen=True, slots=True)
class Happening:
    """One event of a case as the words need it. `who` is the name of the person who acted."""

    at: datetime
    kind: str
    who: str
    details: dict[str, Any]


def happening_words(event: Happening) -> tuple[str, str] | None:
    """The sentence and the kind of its mark (`answer` where we answered); None for what is internal."""
    teller = _TELLERS.get(event.kind)
    return teller(event) if teller else None


def state_words(state: CaseState, who: str, *, answered: bool, confirmed: bool) -> str:
    """Where the case stands."""
    match state:
        case CaseState.OPEN:
            return gettext("We have it. The duty manager has been told")
        case CaseState.ACKNOWLEDGED:
            return gettext("%(who)s has taken it and gets back to you", who=who)
        case CaseState.IN_PROGRESS if answered:
            return gettext("%(who)s has answered you and goes on working", who=who)
        case CaseState.IN_PROGRESS:
            return gettext("%(who)s is working on it", who=who)
        case CaseState.WAITING_CUSTOMER:
            return gettext("%(who)s is waiting for a word from you", who=who)
        case CaseState.RESOLVED:
            return gettext("Answered, waiting for your word")
        case CaseState.DISMISSED:
            return gettext("Looked at. No answer follows")
        case _:
            return gettext("Solved, as you said") if confirmed else gettext("Answered and closed")


def entry_words(state: str, how: str | None) -> str:
    """Where a feedback stands that has no case."""
    if state == "excused":
        return gettext("Looked at. No answer follows")
    if state == "owed":
        return gettext("We have it and owe you an answer")
    return gettext("Thank you. It has been noted") if how == "thanked" else gettext("We have answered you")


def _taken(event: Happening) -> tuple[str, str]:
    return gettext("%(who)s took it", who=event.who), ""


def _contacted(event: Happening) -> tuple[str, str]:
    if event.details.get("outcome") != Outcome.REACHED:
        return gettext("%(who)s tried to reach you", who=event.who), ""
    by_phone = {
        Via.PHONE: gettext("%(who)s spoke with you on the phone", who=event.who),
        Via.IN_PERSON: gettext("%(who)s spoke with you in person", who=event.who),
    }
    via = event.details.get("via", "")
    return by_phone.get(via, gettext("%(who)s wrote to you", who=event.who)), "answer"


def _replied(event: Happening) -> tuple[str, str]:
    return gettext("%(who)s wrote to you", who=event.who), "answer"


def _paused(event: Happening) -> tuple[str, str]:
    if event.details.get("reason") == PauseReason.WAITING_CUSTOMER:
        return gettext("%(who)s is waiting for a word from you", who=event.who), ""
    return gettext("It waits for somebody outside this house"), ""


def _resolved(event: Happening) -> tuple[str, str]:
    done = {
        ResolutionCode.APOLOGISED: gettext("apologised"),
        ResolutionCode.EXPLAINED: gettext("explained"),
        ResolutionCode.CORRECTED: gettext("put right"),
        ResolutionCode.REPLACED: gettext("replaced"),
        ResolutionCode.REFUNDED: gettext("refunded"),
        ResolutionCode.COMPENSATED: gettext("made good"),
    }.get(event.details.get("code", ""))
    return gettext("Done: %(what)s", what=done) if done else gettext("Done"), ""


def _escalated(event: Happening) -> tuple[str, str]:
    why = event.details.get("reason", {}).get("code")
    if why == "nobody_acknowledged":
        return gettext("Nobody had taken it in time. The next person was told"), ""
    return gettext("The next person up was told"), ""


def _plain(say: Callable[[], str]) -> Callable[[Happening], tuple[str, str]]:
    return lambda _event: (say(), "")


_TELLERS: dict[str, Callable[[Happening], tuple[str, str]]] = {
    "acknowledged": _taken,
    "contacted": _contacted,
    "replied": _replied,
    "paused": _paused,
    "resumed": _plain(lambda: gettext("It goes on")),
    "resolved": _resolved,
    "escalated": _escalated,
    "acknowledgement_expired": _plain(lambda: gettext("Nothing had followed. It was handed out again")),
    "confirmed": _plain(lambda: gettext("You said that it is solved")),
    "not_solved": _plain(lambda: gettext("You said that it is not solved yet")),
    "reopened": _plain(lambda: gettext("We opened it again")),
    "followed": _plain(lambda: gettext("We opened it again")),
    "closed": _plain(lambda: gettext("Closed")),
}
