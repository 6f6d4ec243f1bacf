"""A rule is changed in a draft, and holds only once that is published; every version can come back."""

from __future__ import annotations

import pytest

from cem.domain.reasons import NotFound, Refused
from cem.engine import drafts, rules
from cem.engine.organisation import current, places_with
from cem.extensions import db
from cem.models import RuleVersion
from tests.world import World

HYGIENE = {"name": "Hygiene", "when": {"topics": ["hygiene"]}, "then": {"severity": "high"}}


def _rules_at(site: str) -> list[tuple[str, int]]:
    db.session.rollback()
    return [(rule.name, rule.version) for rule in current(db.session.connection()).by_code[site].rules]


def test_a_draft_holds_only_once_it_is_published(world: World) -> None:
    admin = world.actor("admin")
    draft = drafts.keep("routing", "group", {"rules": [HYGIENE]}, admin)
    assert _rules_at("bund") == []
    drafts.publish_draft(draft, admin)
    assert _rules_at("bund") == [("Hygiene", 1)], "it holds below its place, with its version"


def test_a_place_has_one_draft_of_a_kind_and_keeping_again_changes_it(world: World) -> None:
    admin = world.actor("admin")
    first = drafts.keep("routing", "group", {"rules": [HYGIENE]}, admin)
    assert drafts.keep("routing", "group", {"rules": []}, admin) == first
    assert drafts.keep("routing", "bund", {"rules": []}, admin) != first


def test_a_draft_that_somebody_overtook_is_not_published(world: World) -> None:
    admin = world.actor("admin")
    draft = drafts.keep("routing", "group", {"rules": [HYGIENE]}, admin)
    rules.publish_rules("routing", "group", {"rules": []})
    with pytest.raises(Refused, match="draft_out_of_date"):
        drafts.publish_draft(draft, admin)
    drafts.throw_away(draft, admin)
    with pytest.raises(Refused, match="draft_has_ended"):
        drafts.publish_draft(draft, admin)


def test_an_earlier_version_comes_back_as_the_newest(world: World) -> None:
    rules.publish_rules("routing", "group", {"rules": [HYGIENE]})
    rules.publish_rules("routing", "group", {"rules": []})
    assert _rules_at("bund") == []
    rules.roll_back("routing", "group", 1, world.actor("admin"))
    assert _rules_at("bund") == [("Hygiene", 3)]
    kept = db.session.scalars(db.select(RuleVersion.version).where(RuleVersion.kind == "routing"))
    assert sorted(kept) == [1, 2, 3], "history stays as it is"
    with pytest.raises(NotFound):
        rules.roll_back("routing", "group", 9, world.actor("admin"))


def test_rules_of_a_branch_come_after_those_of_the_group(world: World) -> None:
    rules.publish_rules("routing", "bund", {"rules": [HYGIENE | {"name": "Here"}]})
    rules.publish_rules("routing", "group", {"rules": [HYGIENE]})
    assert [name for name, _ in _rules_at("bund")] == ["Hygiene", "Here"]
    assert [name for name, _ in _rules_at("soho")] == ["Hygiene"]


def test_an_owner_has_to_see_what_a_rule_hands_them(world: World) -> None:
    to_outsider = HYGIENE | {"then": {"owner": {"user": str(world.people["outsider"])}}}
    with pytest.raises(Refused, match="rule_owner_sees_nothing"):
        rules.publish_rules("routing", "group", {"rules": [to_outsider]})
    in_soho = to_outsider | {"when": {"sites": ["soho"]}}
    rules.publish_rules("routing", "group", {"rules": [in_soho]})


def test_the_places_as_they_would_be_are_kept_by_nobody(world: World) -> None:
    document = {"rules": [HYGIENE]}
    would_be = places_with(db.session.connection(), "routing", world.places["group"], document)
    assert all([rule.name for rule in place.rules] == ["Hygiene"] for place in would_be)
    assert _rules_at("bund") == []
