"""Rules are published as versions that never change; every process reads them at its next use."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final
from uuid import UUID

from sqlalchemy import func, insert, select

from cem.domain import rules_document
from cem.domain.actors import HUB, Actor
from cem.domain.calendars import Calendar
from cem.domain.escalation import Ladder
from cem.domain.promises import Policy
from cem.domain.reasons import Invalid, NotFound, Refused
from cem.domain.roster import Roster
from cem.domain.rules import Rule
from cem.domain.submission import N_
from cem.engine.organisation import ROUTING, Organisation, fresh
from cem.engine.people import count_change
from cem.engine.transaction import Tx, transaction
from cem.ids import new_id
from cem.models import RuleVersion, Site

READ: Final[dict[str, Callable[[Any], object]]] = {
    "roster": Roster.from_document,
    "ladder": lambda document: Ladder.from_document(document["steps"]),
    "policy": Policy.from_document,
    "calendar": Calendar.from_document,
    ROUTING: rules_document.read,
}
"""How each kind of rule is read; reading one that makes no sense raises `Invalid` or `Refused`."""


def publish_rules(kind: str, site: str, document: Mapping[str, Any], by: Actor = HUB) -> UUID:
    """Publish the next version of a rule for a site (its code) and what lies below it. The version's id.

    Cases that are open keep the promises that they were opened with. Raises `Invalid`, `NotFound`, and
    `Refused` for promises slower than the floor, a rule that lowers, or an owner who cannot be one.
    """
    understood(kind, document)
    with transaction() as tx:
        bump_revision(tx)  # first: two who publish at once take turns, and versions stay without gaps
        return publish(tx, kind, site_of(tx, site).id, document, by)


def roll_back(kind: str, site: str, version: int, by: Actor) -> UUID:
    """Publish an earlier version once more, as the newest. Its id. What history said stays as it is."""
    with transaction() as tx:
        bump_revision(tx)
        site_id = site_of(tx, site).id
        before = tx.session.scalar(
            select(RuleVersion).where(
                RuleVersion.kind == kind, RuleVersion.site_id == site_id, RuleVersion.version == version
            )
        )
        if before is None:
            raise NotFound
        id = publish(tx, kind, site_id, before.document, by)
        tx.audit(str(by), "rule.rolled_back", id, kind=kind, to=version)
        return id


def publish(tx: Tx, kind: str, site_id: UUID, document: Mapping[str, Any], by: Actor) -> UUID:
    """The next version, within a transaction that has counted the change already."""
    rule = understood(kind, document)
    refuse_impossible(rule, site_id, fresh(tx.connection))
    id = new_id(tx.now)
    row = {
        "id": id,
        "kind": kind,
        "site_id": site_id,
        "version": latest_version(tx, kind, site_id) + 1,
        "document": dict(document),
        "published_at": tx.now,
        "published_by": str(by),
    }
    tx.session.execute(insert(RuleVersion), [row])
    tx.audit(str(by), "rule.published", id, kind=kind, version=row["version"])
    return id


def understood(kind: str, document: Mapping[str, Any]) -> object:
    """The rule that a document says; `Invalid` or `Refused` where it says none that may stand."""
    if kind not in READ:
        raise Invalid({"kind": [N_("There is no such kind of rule.")]})
    return READ[kind](document)


def refuse_impossible(rule: object, site_id: UUID, organisation: Organisation) -> None:
    """Owners have to work here, and to see what they are to own."""
    if isinstance(rule, Roster) and not organisation.is_active(rule.fallback):
        raise Refused("fallback_must_work_here", user=rule.fallback)
    if isinstance(rule, tuple):
        for each in rule:
            _refuse_blind_owner(each, site_id, organisation)


def bump_revision(tx: Tx) -> None:
    """Tell every process that people, places or rules have changed."""
    tx.session.execute(count_change())


def latest_version(tx: Tx, kind: str, site_id: UUID) -> int:
    """0 where nothing of this kind was ever published there."""
    last = select(func.max(RuleVersion.version)).where(
        RuleVersion.kind == kind, RuleVersion.site_id == site_id
    )
    return tx.session.scalar(last) or 0


def site_of(tx: Tx, code: str) -> Site:
    found = select(Site).where(Site.code == code, Site.ended_at.is_(None))
    site: Site | None = tx.session.scalar(found)
    if site is None:
        raise NotFound
    return site


def _refuse_blind_owner(rule: Rule, site_id: UUID, organisation: Organisation) -> None:
    """Whoever a rule names sees every place from which it hands them something."""
    owner, known = rule.then.owner, organisation.by_code
    named = {*rule.when.sites, *([owner.site] if owner and owner.site else [])}
    if not named <= known.keys():
        raise Invalid({"sites": [N_("There is no such site.")]})
    if owner is None or owner.user is None:
        return
    paths = [known[code].path for code in rule.when.sites] or [organisation.by_id[site_id].path]
    if not all(organisation.may_own(owner.user, path) for path in paths):
        raise Refused("rule_owner_sees_nothing", rule=rule.name, user=owner.user)
