"""Rules are published as versions that never change; every process reads them at its next use."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final
from uuid import UUID

from sqlalchemy import func, insert, select

from cem.domain.actors import HUB, Actor
from cem.domain.calendars import Calendar
from cem.domain.escalation import Ladder
from cem.domain.promises import Policy
from cem.domain.reasons import Invalid, NotFound, Refused
from cem.domain.roster import Roster
from cem.domain.submission import N_
from cem.engine.organisation import fresh
from cem.engine.people import count_change
from cem.engine.transaction import Tx, transaction
from cem.ids import new_id
from cem.models import RuleVersion, Site

READ: Final[dict[str, Callable[[Any], object]]] = {
    "roster": Roster.from_document,
    "ladder": lambda document: Ladder.from_document(document["steps"]),
    "policy": Policy.from_document,
    "calendar": Calendar.from_document,
}
"""How each kind of rule is read; reading one that makes no sense raises `Invalid` or `Refused`."""


def publish_rules(kind: str, site: str, document: Mapping[str, Any], by: Actor = HUB) -> UUID:
    """Publish the next version of a rule for a site (its code) and what lies below it. The version's id.

    Cases that are open keep the promises that they were opened with. Raises `Invalid`, `NotFound`, and
    `Refused` for promises slower than the floor, or a fallback owner who does not work here.
    """
    if kind not in READ:
        raise Invalid({"kind": [N_("There is no such kind of rule.")]})
    rule = READ[kind](document)
    with transaction() as tx:
        bump_revision(tx)  # first: two who publish at once take turns, and versions stay without gaps
        site_id = tx.session.scalar(select(Site.id).where(Site.code == site, Site.ended_at.is_(None)))
        if site_id is None:
            raise NotFound
        if isinstance(rule, Roster) and not fresh(tx.connection).is_active(rule.fallback):
            raise Refused("fallback_must_work_here", user=rule.fallback)
        id = new_id(tx.now)
        row = {
            "id": id,
            "kind": kind,
            "site_id": site_id,
            "version": _next_version(tx, kind, site_id),
            "document": dict(document),
            "published_at": tx.now,
            "published_by": str(by),
        }
        tx.session.execute(insert(RuleVersion), [row])
        tx.audit(str(by), "rule.published", id, kind=kind, version=row["version"])
        return id


def bump_revision(tx: Tx) -> None:
    """Tell every process that people, places or rules have changed."""
    tx.session.execute(count_change())


def _next_version(tx: Tx, kind: str, site_id: UUID) -> int:
    last = select(func.max(RuleVersion.version)).where(
        RuleVersion.kind == kind, RuleVersion.site_id == site_id
    )
    return (tx.session.scalar(last) or 0) + 1
