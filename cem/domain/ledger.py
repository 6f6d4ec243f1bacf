"""What counts as an answer, what may be excused, and how an entry begins."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from cem.domain.ratings import Rating
from cem.domain.reasons import Refused
from cem.domain.vocabulary import AnswerHow, ExcuseReason, LedgerState, Outcome, Severity, Via

BUSINESS_DAYS_WITHOUT_A_CASE: Final = 3
"""A feedback that opened no case is due so many business days after it was received."""

OCCASIONS: Final = 3
APART: Final = timedelta(minutes=10)
"""Nobody is unreachable before this many tries, each so far from the one before."""


@dataclass(frozen=True, slots=True)
class Settlement:
    """How an entry leaves `owed`: answered (`how`) or excused (`reason`), always with evidence."""

    state: LedgerState
    how: AnswerHow | None
    reason: ExcuseReason | None
    evidence: dict[str, Any]


def thanked_on_the_spot(rating: Rating | None, text: str | None, *, other_words: bool) -> bool:
    """Only a satisfied rating without a word is settled by automatic thanks. Everything else is owed."""
    return rating is not None and rating.satisfied and not text and not other_words


def needs_a_case(state: LedgerState, severity: Severity) -> bool:
    """What is owed needs one; what a person has answered already needs one only where it is critical."""
    return state is LedgerState.OWED or severity is Severity.CRITICAL


def thanks() -> Settlement:
    return Settlement(LedgerState.ANSWERED, AnswerHow.THANKED, None, {"kind": "thanks"})


def answered_by_reply(reply_id: str, via: Via) -> Settlement:
    """A reply beside the review is public, every other one personal."""
    how = AnswerHow.PUBLIC if via is Via.PUBLIC_REPLY else AnswerHow.PERSONAL
    return Settlement(LedgerState.ANSWERED, how, None, {"kind": "reply", "id": reply_id, "via": via.value})


def answered_by_contact(contact_id: str, via: Via, outcome: Outcome) -> Settlement | None:
    """A contact answers when it reached the customer; a try is not an answer."""
    if outcome is not Outcome.REACHED:
        return None
    evidence = {"kind": "contact", "id": contact_id, "via": via.value}
    return Settlement(LedgerState.ANSWERED, AnswerHow.PERSONAL, None, evidence)


def occasions(tries: Sequence[datetime]) -> int:
    """How many separate occasions the tries make: two within ten minutes are one."""
    count, last = 0, None
    for at in sorted(tries):
        if last is None or at - last >= APART:
            count, last = count + 1, at
    return count


def excused(reason: ExcuseReason, evidence: dict[str, Any], tries: Sequence[datetime]) -> Settlement:
    """`tries`: when somebody tried to reach the customer and did not.

    Raises `Refused` for `unreachable` with fewer than three separate occasions.
    """
    if reason is ExcuseReason.UNREACHABLE and occasions(tries) < OCCASIONS:
        raise Refused("unreachable_needs_three_contacts", made=occasions(tries))
    return Settlement(LedgerState.EXCUSED, None, reason, evidence)
