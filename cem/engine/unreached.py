"""Whoever was asked has the app alone: the next who is reached outside it is asked at once (behaviour 13)."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from sqlalchemy import select

from cem.domain.escalation import passes_on, people_for
from cem.domain.vocabulary import TransportName
from cem.engine import contacts, groups, recusal
from cem.engine.organisation import of
from cem.engine.transaction import Tx
from cem.models import Case, CaseGroup

_PAGES: Final = ("case.opened", "case.escalated", "group.escalated")


@dataclass(frozen=True, slots=True)
class _Page:
    """Who was asked, at which step, about which place."""

    to: str
    step: int
    site_id: UUID
    cases: tuple[UUID, ...]


def say_so(tx: Tx, kind: str, ids: dict[str, Any], able: Collection[TransportName]) -> None:
    """Once a page is planned: where its person is reached in the app only, and somebody further up the ladder
    is reached outside it, the ladder is asked to go on."""
    page = _page(tx, kind, ids)
    if page is None:
        return
    organisation = of(tx)
    place = organisation.by_id[page.site_id]
    about = recusal.of_cases(tx.session, page.cases).values()
    recused = frozenset.intersection(*about) if about else frozenset()
    people = people_for(
        place.ladder,
        place.roster,
        tx.now,
        lambda user: organisation.is_active(user) and user not in recused,
    )
    asked = (page.to, *people.ids)
    found = tx.lately(
        ("reached", asked, place.path), lambda: contacts.reached(tx.session, asked, place.path, able)
    )
    if passes_on(people, page.step, page.to, found.__contains__) is not None:
        which = {name: ids[name] for name in ("case", "group") if name in ids}
        tx.say("page.unreached", **which, site=place.id, step=page.step, to=page.to)


def _page(tx: Tx, kind: str, ids: dict[str, Any]) -> _Page | None:
    if kind not in _PAGES or ids.get("late"):
        return None
    if "group" in ids:
        of_group = select(CaseGroup.site_id).where(CaseGroup.id == UUID(ids["group"]))
        cases = tuple(tx.session.scalars(groups.members(UUID(ids["group"]))))
    else:
        of_group = select(Case.site_id).where(Case.id == UUID(ids["case"]))
        cases = (UUID(ids["case"]),)
    site_id = tx.session.scalar(of_group)
    if site_id is None:
        return None
    return _Page(ids.get("to") or ids["owner"], ids.get("step", 0), site_id, cases)
