"""Who owns a feedback or a case, with the answer to "why me?"."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from cem.domain.escalation import DEPUTY, DUTY, MANAGER, REGION, Ladder, people_for
from cem.domain.reasons import Reason
from cem.domain.roster import Roster, on_duty, present
from cem.domain.rules import Guidance, Owner


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


def holders(owner: Owner, roster: Roster, now: datetime, active: Callable[[str], bool]) -> Sequence[str]:
    """Whom a rule means now: the person it names, or whoever holds the post by this roster."""
    if owner.user is not None:
        return (owner.user,)
    if owner.post == DUTY:
        return present(roster, now, active).people
    posts = {DEPUTY: roster.deputy, MANAGER: roster.manager, REGION: roster.region}
    holder = posts.get(owner.post or "")
    return (holder,) if holder else ()


def route_by_rules(
    guidance: Guidance,
    people: Sequence[str],
    instead: Assignment,
    able: Callable[[str], bool],
    about: str | None,
) -> Assignment:
    """The first of `people`, whom a rule means, who is able to own it; where none is, `instead`.

    Whom the complaint is about (`about`) is passed over here too, and that is said.
    """
    if guidance.owner_reason is None:
        return instead
    first = next((person for person in people if person != about and able(person)), None)
    if first is not None:
        return Assignment(first, guidance.owner_reason, None)
    if about in people:
        return Assignment(instead.owner, Reason("owner_by_rule_recusal"), instead.until)
    return instead
