"""Who is on duty where the reader stands: the head of the desk."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from cem.domain.roster import on_duty, present
from cem.engine.organisation import Organisation, Place
from cem.http.i18n import localized
from cem.web.desk.queries import names_of
from cem.web.desk.rows import Reader


@dataclass(frozen=True, slots=True)
class Duty:
    """`mine`: whether the reader is on duty there. `who` is on duty, `until` when, and `after` comes next."""

    place: str
    mine: bool
    who: str
    until: datetime | None
    after: str


def duty(reader: Reader) -> Duty:
    """The first place where the reader is on duty, else the whole of what they see."""
    organisation, me = reader.organisation, str(reader.id)
    branches = [
        place
        for place in organisation.by_id.values()
        if place.takes_feedback and place.path.startswith(reader.scope_path)
    ]
    mine = [
        place
        for place in branches
        if present(place.roster, reader.now, organisation.is_active).people[0] == me
    ]
    if mine:
        return _at(mine[0], reader, mine=True)
    if len(branches) == 1:
        return _at(branches[0], reader, mine=False)
    return Duty(_name(organisation, reader.scope_path), False, "", None, "")


def _at(place: Place, reader: Reader, *, mine: bool) -> Duty:
    active = reader.organisation.is_active
    now = on_duty(place.roster, reader.now, active)
    after = present(place.roster, now.until, active).people[0] if now.until else None
    names = names_of({UUID(id) for id in (now.first, after) if id})
    until = reader.local(now.until) if now.until else None
    return Duty(
        localized(place.name), mine, names.get(f"user:{now.first}", ""), until, names.get(f"user:{after}", "")
    )


def _name(organisation: Organisation, path: str) -> str:
    return next((localized(place.name) for place in organisation.by_id.values() if place.path == path), "")
