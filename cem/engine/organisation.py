"""Places, people and rules as the rules of the product need them: read once, kept until they change."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Connection, select

from cem.domain import rules_document
from cem.domain.calendars import Calendar
from cem.domain.escalation import Ladder
from cem.domain.promises import Policy
from cem.domain.roster import Roster
from cem.domain.rules import Rules
from cem.engine.transaction import Tx
from cem.models import Revision, RuleVersion, Site, Survey, SurveyVersion, Touchpoint, User


@dataclass(frozen=True, slots=True)
class Place:
    """One site with the rules that hold there: its own, or those of the nearest place above it."""

    id: UUID
    code: str
    path: str
    level: str
    name: dict[str, str]
    timezone: str
    pack: str
    ended: bool
    roster: Roster
    ladder: Ladder
    policy: Policy
    policy_version_id: UUID
    calendar: Calendar
    touchpoints: dict[str, UUID]
    rules: Rules = ()
    """Those of the places above first: they only lift, so that none takes away what another gives."""

    @property
    def takes_feedback(self) -> bool:
        return self.level == "branch" and not self.ended


@dataclass(frozen=True, slots=True)
class Organisation:
    """A frozen picture of one revision."""

    revision: int
    by_code: dict[str, Place]
    by_id: dict[UUID, Place]
    active: frozenset[str]
    """Ids of the people who still work here."""
    user_ids: dict[str, str]
    """By user name."""
    scopes: dict[str, str] = field(default_factory=dict)
    """The part of the tree that each active person sees, by id."""
    surveys: dict[str, dict[int, UUID]] = field(default_factory=dict)
    policies: dict[UUID, Policy] = field(default_factory=dict)
    """Every version: a case keeps the promises that it was opened with."""

    def is_active(self, user: str) -> bool:
        return user in self.active

    def may_own(self, user: str, path: str) -> bool:
        """Whether somebody works here and sees the place."""
        return user in self.active and path.startswith(self.scopes[user])


_REVISION: Final = select(Revision.value).where(Revision.name == "organisation")
_HELD_REVISION: Final = _REVISION.with_for_update(read=True)

_lock = threading.Lock()
_known: dict[str, Organisation] = {}


def current(connection: Connection, *, held: bool = False) -> Organisation:
    """The organisation as this transaction sees it, and `held` as by `hold`, in the same question."""
    revision = connection.execute(_HELD_REVISION if held else _REVISION).scalar_one_or_none()
    key = str(connection.engine.url)
    known = _known.get(key)
    if known is None or known.revision != revision:
        known = _read(connection, revision or 0)
        with _lock:
            _known[key] = known
    return known


def of(tx: Tx) -> Organisation:
    """The same, asked once in a transaction, for those that leave it as it is."""
    return tx.once("organisation", lambda: current(tx.connection))


def hold(connection: Connection) -> None:
    """Until this transaction ends nobody leaves and no rule changes: an owner chosen now stays one.

    Taken before any other lock, so that whoever ends a user waits for it without holding anything.
    """
    connection.execute(_HELD_REVISION)


def forget() -> None:
    """Read everything again at the next use (another database has come under the same address)."""
    with _lock:
        _known.clear()


def fresh(connection: Connection) -> Organisation:
    """Read anew and kept by nobody: for a transaction that changes it and may yet be taken back."""
    return _read(connection, -1)


def _read(connection: Connection, revision: int) -> Organisation:
    users = connection.execute(
        select(User.id, User.username, User.scope_path).where(User.ended_at.is_(None))
    ).all()
    places = _places(connection)
    return Organisation(
        revision=revision,
        by_code={place.code: place for place in places},
        by_id={place.id: place for place in places},
        active=frozenset(str(user.id) for user in users),
        user_ids={user.username: str(user.id) for user in users},
        scopes={str(user.id): user.scope_path for user in users},
        surveys=_surveys(connection),
        policies=_policies(connection),
    )


def places_with(connection: Connection, kind: str, site_id: UUID, document: dict[str, Any]) -> list[Place]:
    """The places as they would be if this rule held there: for a rehearsal, kept by nobody."""
    return _places(connection, {(kind, site_id): _Draft(document)})


_NO_ID: Final = UUID(int=0)


@dataclass(frozen=True, slots=True)
class _Draft:
    """Stands where a published version does."""

    document: dict[str, Any]
    id: UUID = _NO_ID
    version: int = 0


def _places(connection: Connection, drafts: Mapping[tuple[str, UUID], Any] | None = None) -> list[Place]:
    rules = _latest_rules(connection) | dict(drafts or {})
    touchpoints = _touchpoints(connection)
    places: list[Place] = []
    chains: dict[UUID, list[UUID]] = {}
    for site in connection.execute(select(Site.__table__).order_by(Site.path)).all():
        chains[site.id] = [site.id, *chains.get(site.parent_id, [])]
        found = {kind: _nearest(rules, kind, chains[site.id]) for kind in _KINDS}
        if None in found.values():
            continue  # a place that is still being set up has no rules yet and takes nothing
        written = [rules[ROUTING, id] for id in reversed(chains[site.id]) if (ROUTING, id) in rules]
        places.append(_place(site, found, touchpoints.get(site.id, {}), written))
    return places


ROUTING: Final = "routing"
_KINDS = ("roster", "ladder", "policy", "calendar")
"""Each place has exactly one of these; of the routing rules it has those of all places above it too."""


def _place(site: Any, found: dict[str, Any], touchpoints: dict[str, UUID], written: list[Any]) -> Place:
    return Place(
        id=site.id,
        code=site.code,
        path=site.path,
        level=site.level,
        name=site.name,
        timezone=site.timezone,
        pack=site.pack,
        ended=site.ended_at is not None,
        roster=Roster.from_document(found["roster"].document),
        ladder=Ladder.from_document(found["ladder"].document["steps"]),
        policy=Policy.from_document(found["policy"].document),
        policy_version_id=found["policy"].id,
        calendar=Calendar.from_document(found["calendar"].document),
        touchpoints=touchpoints,
        rules=tuple(rule for row in written for rule in rules_document.read(row.document, row.version)),
    )


def _latest_rules(connection: Connection) -> dict[tuple[str, UUID], Any]:
    rows = connection.execute(select(RuleVersion.__table__).order_by(RuleVersion.version)).all()
    return {(row.kind, row.site_id): row for row in rows}


def _policies(connection: Connection) -> dict[UUID, Policy]:
    rows = connection.execute(
        select(RuleVersion.id, RuleVersion.document).where(RuleVersion.kind == "policy")
    )
    return {row.id: Policy.from_document(row.document) for row in rows}


def _nearest(rules: dict[tuple[str, UUID], Any], kind: str, chain: list[UUID]) -> Any:
    return next((rules[kind, site_id] for site_id in chain if (kind, site_id) in rules), None)


def _touchpoints(connection: Connection) -> dict[UUID, dict[str, UUID]]:
    found: dict[UUID, dict[str, UUID]] = {}
    statement = select(Touchpoint.id, Touchpoint.site_id, Touchpoint.code).where(
        Touchpoint.ended_at.is_(None)
    )
    for row in connection.execute(statement):
        found.setdefault(row.site_id, {})[row.code] = row.id
    return found


def _surveys(connection: Connection) -> dict[str, dict[int, UUID]]:
    found: dict[str, dict[int, UUID]] = {}
    statement = select(Survey.code, SurveyVersion.version, SurveyVersion.id).join(
        SurveyVersion, SurveyVersion.survey_id == Survey.id
    )
    for row in connection.execute(statement):
        found.setdefault(row.code, {})[row.version] = row.id
    return found
