"""Rosters change: people are added, taken off, stood in for; somebody takes over now; somebody is away.

Every change is a new version of the roster, published in the transaction that decided it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from sqlalchemy import select

from cem.domain import roster_changes as changes
from cem.domain.actors import Actor
from cem.domain.localtime import Period
from cem.domain.reasons import Invalid, NotFound, Refused
from cem.domain.roster import Override, Roster
from cem.domain.submission import N_
from cem.engine import swap_watch
from cem.engine.drafts import load_draft
from cem.engine.organisation import Organisation, Place, fresh
from cem.engine.rules import bump_revision, latest_version, publish
from cem.engine.transaction import Tx, transaction
from cem.models import RuleVersion

Change = Callable[[Roster], Roster]


def add_override(site: str, override: Override, by: Actor) -> UUID:
    """Somebody is added, taken off or stood in for, for a time. The new version's id."""
    with transaction() as tx:
        bump_revision(tx)
        organisation = fresh(tx.connection)
        place = place_of(organisation, site)
        for user in filter(None, (override.user, override.by)):
            refuse_stranger(organisation, place, user)
        if (comes := override.user if override.kind == "add" else override.by) is not None:
            swap_watch.remind_of_duty(tx, place, UUID(comes), override.start, override.end)
        return change(tx, place, lambda roster: changes.with_override(roster, override, tx.now), by)


def remove_override(site: str, override: Override, by: Actor) -> UUID:
    """What was arranged is taken back."""
    with transaction() as tx:
        bump_revision(tx)
        place = place_of(fresh(tx.connection), site)
        return change(tx, place, lambda roster: changes.without_override(roster, override), by)


def publish_draft(draft_id: UUID, by: Actor) -> UUID:
    """The shifts of the draft hold from now on; what was arranged in the meantime stays arranged.

    Refused where somebody else has changed the shifts since the draft was begun.
    """
    with transaction() as tx:
        bump_revision(tx)
        draft = load_draft(tx, draft_id)
        place = fresh(tx.connection).by_id[draft.site_id]
        began = _version(tx, draft.site_id, draft.began_with)
        if began is not None and _shape(began) != _shape(place.roster):
            raise Refused("draft_out_of_date", version=latest_version(tx, "roster", draft.site_id))
        planned = replace(Roster.from_document(draft.document), overrides=place.roster.overrides)
        version_id = publish(tx, "roster", draft.site_id, planned.to_document(), by)
        draft.ended_at, draft.published_id = tx.now, version_id
        return version_id


def _shape(roster: Roster) -> Roster:
    """A roster without what was arranged for a time."""
    return replace(roster, overrides=())


def _version(tx: Tx, site_id: UUID, version: int) -> Roster | None:
    named = (RuleVersion.kind == "roster", RuleVersion.site_id == site_id, RuleVersion.version == version)
    document = tx.session.scalar(select(RuleVersion.document).where(*named))
    return None if document is None else Roster.from_document(document)


def take_over(site: str, user_id: UUID, by: Actor) -> Override:
    """This person has the duty from now on, until it ends."""
    with transaction() as tx:
        bump_revision(tx)
        organisation = fresh(tx.connection)
        place = place_of(organisation, site)
        refuse_stranger(organisation, place, str(user_id))
        taken = changes.taken_over(place.roster, str(user_id), tx.now, organisation.is_active)
        change(tx, place, lambda roster: changes.with_override(roster, taken, tx.now), by)
        tx.audit(str(by), "roster.taken_over", place.id, user=str(user_id))
        return taken


def be_away(user_id: UUID, start: datetime, end: datetime, by: Actor) -> dict[str, tuple[Period, ...]]:
    """Somebody is away: they are taken off every roster for that time.

    By site, the hours that nobody covers because of it; the administrators are told of them.
    """
    user, uncovered = str(user_id), {}
    with transaction() as tx:
        bump_revision(tx)
        organisation = fresh(tx.connection)
        places = [place for place in _own_rosters(tx, organisation) if _serves(place.roster, user)]
        if not places:
            raise Refused("on_no_roster")
        for place in places:
            missing = changes.uncovered_without(place.roster, user, start, end, organisation.is_active)
            away = Override("remove", user, start, end)
            roster = changes.with_override(place.roster, away, tx.now)
            publish(tx, "roster", place.id, roster.to_document(), by)
            uncovered[place.code] = missing
            if missing:
                tx.say("roster.uncovered", site=place.id, start=missing[0].start.isoformat())
        tx.audit(str(by), "roster.away", user_id)
    return uncovered


def change(tx: Tx, place: Place, changed: Change, by: Actor) -> UUID:
    """Publish the roster of a place as it will be; a place that had that of one above gets its own."""
    return publish(tx, "roster", place.id, changed(place.roster).to_document(), by)


def place_of(organisation: Organisation, code: str) -> Place:
    place = organisation.by_code.get(code)
    if place is None or place.ended:
        raise NotFound
    return place


def refuse_stranger(organisation: Organisation, place: Place, user: str) -> None:
    """Whoever is on duty works here and sees the place."""
    if not organisation.is_active(user):
        raise Invalid({"user": [N_("This person does not work here any more.")]})
    if not organisation.may_own(user, place.path):
        raise Invalid({"user": [N_("This person does not see the place.")]})


def _own_rosters(tx: Tx, organisation: Organisation) -> list[Place]:
    """The places that have a roster of their own."""
    ids = tx.session.scalars(select(RuleVersion.site_id).where(RuleVersion.kind == "roster").distinct())
    found = [organisation.by_id[id] for id in ids if id in organisation.by_id]
    return sorted((place for place in found if not place.ended), key=lambda place: place.path)


def _serves(roster: Roster, user: str) -> bool:
    on_shift = any(user in shift.users for shift in roster.shifts)
    return on_shift or any(user in (each.user, each.by) for each in roster.overrides)
