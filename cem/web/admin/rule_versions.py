"""The versions of the rules of a place: what each says, and in words what is different between two."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from cem.domain import rules_document
from cem.domain.reasons import NotFound
from cem.engine.organisation import ROUTING, Place
from cem.extensions import db
from cem.http.i18n import localized
from cem.models import RuleVersion
from cem.web.admin import choosing, rule_words

SHOWN = 20


@dataclass(frozen=True, slots=True)
class Compared:
    """One version beside another: what came, what went, what reads otherwise (before, after), what stayed.

    `moved`: the same rules stand in another order.
    """

    version: RuleVersion
    than: int
    added: Sequence[str]
    gone: Sequence[str]
    changed: Sequence[tuple[str, str]]
    same: Sequence[str]
    moved: bool


def history(place: Place) -> list[RuleVersion]:
    """The newest first."""
    statement = select(RuleVersion).where(RuleVersion.kind == ROUTING, RuleVersion.site_id == place.id)
    return list(db.session.scalars(statement.order_by(RuleVersion.version.desc()).limit(SHOWN)))


def compared(place: Place, version: int, than: int) -> Compared:
    """Rules are the same rule where they bear the same name. Version 0 has none. Raises `NotFound`."""
    row, other = _row(place, version), _row(place, than) if than else None
    after, before = _by_name(place, row.document), _by_name(place, other.document if other else {})
    both = [name for name in after if name in before]
    return Compared(
        row,
        than,
        [after[name] for name in after if name not in before],
        [before[name] for name in before if name not in after],
        [(before[name], after[name]) for name in both if before[name] != after[name]],
        [after[name] for name in both if before[name] == after[name]],
        both != [name for name in before if name in after],
    )


def sentences(place: Place, document: Mapping[str, Any]) -> list[str]:
    """Each rule as one sentence, in their order."""
    return list(_by_name(place, document).values())


def _by_name(place: Place, document: Mapping[str, Any]) -> dict[str, str]:
    """By the name, of which there is one each."""
    places = choosing.places()
    words, names = rule_words.choices(places), choosing.names()
    sites = {each.code: localized(each.name) for each in places}
    said: dict[str, str] = {}
    for rule in rules_document.read({"rules": [], **document}):
        when = rule_words.when_said(rule, words)
        then = rule_words.then_said(rule, names, sites)
        said[rule.name] = rule_words.whole(rule, when, then)
    return said


def _row(place: Place, version: int) -> RuleVersion:
    found = select(RuleVersion).where(
        RuleVersion.kind == ROUTING, RuleVersion.site_id == place.id, RuleVersion.version == version
    )
    row = db.session.scalar(found)
    if row is None:
        raise NotFound
    return row
