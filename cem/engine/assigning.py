"""Who owns what comes in: whom a rule names, else whoever is on duty, and never the person it is about."""

from __future__ import annotations

from datetime import datetime

from cem.domain.routing import Assignment, holders, route, route_by_rules
from cem.domain.rules import UNGUIDED, Guidance
from cem.engine.organisation import Organisation, Place


def assign(
    organisation: Organisation,
    place: Place,
    staff: str | None,
    now: datetime,
    guidance: Guidance = UNGUIDED,
) -> Assignment:
    """Who owns what comes in at `place` now; whoever it is about (`staff`, a user name) is passed over."""
    about = organisation.user_ids.get(staff or "")
    return assign_past(organisation, place, frozenset({about} if about else ()), now, guidance)


def assign_past(
    organisation: Organisation,
    place: Place,
    recused: frozenset[str],
    now: datetime,
    guidance: Guidance = UNGUIDED,
) -> Assignment:
    """The same past all of these people, by id: several feedbacks of one case may name several."""
    instead = route(place.roster, place.ladder, now, organisation.is_active, recused)
    owner = guidance.owner
    if owner is None:
        return instead
    at = organisation.by_code.get(owner.site or place.code, place)
    people = holders(owner, at.roster, now, organisation.is_active)
    about = next((user for user in people if user in recused), None)

    def able(user: str) -> bool:
        return user not in recused and organisation.may_own(user, place.path)

    return route_by_rules(guidance, people, instead, able, about)
