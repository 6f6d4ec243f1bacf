"""Which place a page of rules is about, and who can be named there."""

from __future__ import annotations

from flask import request
from sqlalchemy import select

from cem.domain.reasons import NotFound
from cem.domain.vocabulary import Role
from cem.engine import organisation
from cem.engine.organisation import Organisation, Place
from cem.extensions import db
from cem.http import access
from cem.http.i18n import localized
from cem.models import RuleDraft, RuleVersion, User

_INDENT = " · "


def known() -> Organisation:
    return organisation.current(db.session.connection())


def places() -> list[Place]:
    """Those that the reader sees, each below the place it lies in."""
    seen = [place for place in known().by_id.values() if access.sees(place.path) and not place.ended]
    return sorted(seen, key=lambda place: place.path)


def chosen(*, branch: bool = False) -> Place:
    """The place named in the address, else the first that is seen (with `branch`: that takes feedback)."""
    code, seen = request.values.get("site", ""), places()
    if code:
        found = next((place for place in seen if place.code == code), None)
    else:
        found = next((place for place in seen if place.takes_feedback or not branch), None)
    if found is None:
        raise NotFound
    return found


def place_options() -> list[tuple[str, str]]:
    """(code, name with those above it), for a list to choose from."""
    names = {place.path: localized(place.name) for place in places()}
    return [(place.code, _within(place.path, names)) for place in places()]


def people_options(place: Place) -> list[tuple[str, str]]:
    """(id, name) of everybody who works here, sees the place and may answer for it."""
    handling = (Role.MANAGER, Role.STAFF, Role.EXECUTIVE, Role.ADMIN)
    statement = select(User).where(User.ended_at.is_(None), User.role.in_(handling)).order_by(User.name)
    return [(str(user.id), user.name) for user in db.session.scalars(statement) if user.sees(place.path)]


def names() -> dict[str, str]:
    """By id, of everybody, those who have left included."""
    return {str(id): name for id, name in db.session.execute(select(User.id, User.name))}


def draft_of(kind: str, place: Place) -> RuleDraft | None:
    live = (RuleDraft.kind == kind, RuleDraft.site_id == place.id, RuleDraft.ended_at.is_(None))
    found: RuleDraft | None = db.session.scalar(select(RuleDraft).where(*live))
    return found


def version_of(kind: str, place: Place) -> RuleVersion | None:
    """The newest version of a kind that the place itself has; None where that of a place above holds."""
    own = (RuleVersion.kind == kind, RuleVersion.site_id == place.id)
    statement = select(RuleVersion).where(*own).order_by(RuleVersion.version.desc()).limit(1)
    found: RuleVersion | None = db.session.scalar(statement)
    return found


def _within(path: str, names: dict[str, str]) -> str:
    parts = path.rstrip("/").split("/")
    above = ["/".join(parts[:count]) + "/" for count in range(1, len(parts) + 1)]
    return _INDENT.join(names[each] for each in above[-2:] if each in names)
