"""Drafts of every kind are played against what the hub has really stored; nobody is told of it."""

from __future__ import annotations

from typing import Any

import pytest

from cem import clock
from cem.domain.promises import DEFAULT_POLICY
from cem.domain.reasons import NotFound
from cem.domain.rehearsal import Rehearsal
from cem.domain.vocabulary import Priority, PromiseKind
from cem.engine import cases, drafts
from cem.engine.rehearsing import rehearse
from cem.extensions import db
from cem.ids import new_id
from tests.world import World


@pytest.fixture
def past(world: World) -> World:
    """A bad tap by day that was taken after three minutes, and one by night that nobody took for an hour."""
    world.settle()
    by_day = world.tap(1)
    world.fast_forward(minutes=3)
    cases.acknowledge(world.seen(by_day, "lin"))
    world.fast_forward(hours=13)
    by_night = world.tap(2)
    world.fast_forward(hours=1)
    cases.acknowledge(world.seen(by_night, "zhou"))
    return world


def played(world: World, kind: str, site: str, document: dict[str, Any]) -> Rehearsal:
    draft = drafts.keep(kind, site, document, world.actor("admin"))
    db.session.rollback()
    told = world.told()
    found = rehearse(draft)
    assert world.told() == told, "nobody hears of a rehearsal"
    return found


def test_a_draft_of_promises_says_which_would_not_have_been_kept(past: World) -> None:
    document = DEFAULT_POLICY.to_document()
    document["p2"] |= {"acknowledge": 2}
    document["p1"] |= {"acknowledge": 2}
    found = played(past, "policy", "group", document)
    assert found.feedback == 2 and found.before.breaches[PromiseKind.ACKNOWLEDGE] == 0
    assert found.after.breaches[PromiseKind.ACKNOWLEDGE] == 1
    assert len(found.changed) == 1


def test_a_draft_of_a_roster_says_who_would_have_been_paged_and_when_nobody_was_there(past: World) -> None:
    lin, zhou, he = (str(past.people[name]) for name in ("lin", "zhou", "fallback"))
    shift = {"user": lin, "weekdays": [0, 1, 2, 3, 4, 5, 6], "start": "07:00", "end": "22:00"}
    document = {"timezone": "Asia/Shanghai", "shifts": [shift], "fallback": he}
    found = played(past, "roster", "bund", document)
    assert (found.before.load(zhou).cases, found.after.load(zhou).cases) == (1, 0)
    assert found.after.load(he).cases == 1 and found.after.nobody_on_duty == 1
    assert found.before.uncovered.total_seconds() == 0
    assert found.after.uncovered.total_seconds() == 90 * 9 * 3600, "nine hours of every night"


def test_a_draft_of_rules_says_what_would_be_more_urgent(past: World) -> None:
    night = {"hours": {"start": "22:00", "end": "07:00"}, "ratings": ["dissatisfied"]}
    rule = {"name": "Night", "when": night, "then": {"severity": "high"}}
    found = played(past, "routing", "group", {"rules": [rule]})
    assert found.before.priorities == {Priority.P2: 1, Priority.P3: 1}
    assert found.after.priorities == {Priority.P2: 2}
    assert sum(found.after.pages.values()) > sum(found.before.pages.values())


def test_there_is_no_rehearsal_without_a_draft(world: World) -> None:
    with pytest.raises(NotFound):
        rehearse(new_id(clock.now()))
