"""What a hub says when it is ready: where its pages are, and who can sign in."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from sqlalchemy import select

from cem import clock
from cem.domain.vocabulary import Role
from cem.engine import organisation
from cem.extensions import db
from cem.models import PublicLink, Site, Touchpoint, User
from cem.settings import Settings
from cem.setup import invitation, is_empty, sign_ins

SHOWN: Final = ("front-desk", "table")
"""Touchpoints whose addresses are shown by preference: the kiosk's and the link's."""


def words(settings: Settings) -> str:
    """The lines to print, once the database is ready; the last one begins with `ready`."""
    if is_empty() and not settings.demo:
        return f"{_invitation(settings)}\nready {settings.url}/"
    passwords = _passwords(settings) if settings.demo else {}
    return "\n".join(
        [*_table(passwords, settings), " ".join(["ready", *_addresses(settings), *_shown(passwords)])]
    )


def _invitation(settings: Settings) -> str:
    link = f"{settings.url}/setup/{invitation.issue(settings.instance)}"
    return f"Nobody has set this hub up yet. This link does it, once:\n  {link}"


def _passwords(settings: Settings) -> dict[str, str]:
    """The demo's, once it is loaded: at the first start, now."""
    if is_empty():
        from cem.setup import demo

        demo.load(settings)
    if not sign_ins.is_demo():
        return {}
    sign_ins.renew(settings.instance)
    return sign_ins.kept(settings.instance)


def _addresses(settings: Settings) -> Iterator[str]:
    yield f"{settings.url}/"
    for kind, prefix in (("kiosk", "k"), ("link", "f")):
        if token := _token(kind):
            yield f"{kind} {settings.url}/{prefix}/{token}"


def _token(kind: str) -> str | None:
    """The address of one entrance of this kind, a well-frequented one if it is there."""
    statement = (
        select(PublicLink.token)
        .join(Touchpoint, Touchpoint.id == PublicLink.touchpoint_id)
        .join(Site, Site.id == Touchpoint.site_id)
        .where(PublicLink.kind == kind, PublicLink.ended_at.is_(None), Touchpoint.ended_at.is_(None))
        .order_by(Touchpoint.code.not_in(SHOWN), Site.path, Touchpoint.code)
    )
    found: str | None = db.session.scalar(statement.limit(1))
    return found


def _table(passwords: dict[str, str], settings: Settings) -> Iterator[str]:
    """Everybody of the demo: user name, password, role, name."""
    if not passwords:
        return
    yield f"Demo sign-ins, kept in {settings.instance / sign_ins.FILE}:"
    width = max(map(len, passwords))
    people = db.session.scalars(select(User).where(User.demo, User.ended_at.is_(None)).order_by(User.id))
    for person in people:
        if password := passwords.get(person.username):
            yield f"  {person.username:<{width}}  {password}  {person.role.value:<10}  {person.name}"


def _shown(passwords: dict[str, str]) -> Iterator[str]:
    """One person of each role; of the managers one who is on duty now."""
    if not passwords:
        return
    on_duty = _on_duty()
    people = db.session.scalars(
        select(User).where(User.demo, User.ended_at.is_(None)).order_by(User.id)
    ).all()
    seen: set[Role] = set()
    for person in sorted(people, key=lambda person: str(person.id) not in on_duty):
        if person.role not in seen and person.username in passwords:
            seen.add(person.role)
            yield f"{person.role.value} {person.username} {passwords[person.username]}"


def _on_duty() -> set[str]:
    from cem.domain.roster import present

    with db.engines[None].connect() as connection:
        places = [
            place for place in organisation.current(connection).by_code.values() if place.takes_feedback
        ]
    return {present(place.roster, clock.now()).people[0] for place in places}
