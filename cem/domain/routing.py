"""Who owns a feedback or a case, with the answer to "why me?"."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from cem.domain.escalation import Ladder, people_for
from cem.domain.reasons import Reason
from cem.domain.roster import Roster, on_duty


@dataclass(frozen=True, slots=True)
class Assignment:
    """`until` is when this person's duty ends; None where it does not end soon."""

    owner: str
    reason: Reason
    until: datetime | None


def route(
    roster: Roster, ladder: Ladder, now: datetime, active: Callable[[str], bool], recused: frozenset[str]
) -> Assignment:
    """The first person on duty. Whom the complaint is about is passed over: nobody judges themselves."""

    def able(user: str) -> bool:
        return active(user) and user not in recused

    duty = on_duty(roster, now, able)
    if duty.first not in recused:
        until = {"until": duty.until.isoformat() if duty.until else None}
        passed_over = bool(recused) and on_duty(roster, now, active).first in recused
        reason = Reason("owner_by_recusal" if passed_over else f"owner_by_{duty.source}", until)
        return Assignment(duty.first, reason, duty.until)
    for person in people_for(ladder, roster, now, able).ids:
        if person not in recused:
            return Assignment(person, Reason("owner_by_recusal"), None)
    return Assignment(roster.fallback, Reason("owner_by_fallback"), None)
