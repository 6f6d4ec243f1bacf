"""Drafts of every kind are played against what the hub has really stored, in the background."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest

from cem import clock
from cem.domain.promises import DEFAULT_POLICY
from cem.domain.reasons import NotFound, Refused
from cem.domain.rehearsal_tally import Tally
from cem.domain.vocabulary import Priority, PromiseKind, RehearsalState
from cem.engine import cases, drafts, rehearsals
from cem.engine.rules import publish_rules
from cem.extensions import db
from cem.ids import new_id
from cem.models import Rehearsal, RuleDraft
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


def asked(world: World, kind: str, site: str, document: dict[str, Any]) -> UUID:
    draft = drafts.keep(kind, site, document, world.actor("admin"))
    return rehearsals.ask(draft, world.actor("admin"))


def row(id: UUID) -> Rehearsal:
    db.session.rollback()
    return db.session.get_one(Rehearsal, id)


def played(world: World, kind: str, site: str, document: dict[str, Any]) -> Tally:
    told = world.told()
    id = asked(world, kind, site, document)
    world.settle()
    assert world.told() == told, "nobody hears of a rehearsal"
    assert row(id).state is RehearsalState.DONE and row(id).done == row(id).total
    return rehearsals.result(row(id))


def test_a_draft_of_promises_says_which_would_not_have_been_kept(past: World) -> None:
    document = DEFAULT_POLICY.to_document()
    document["p2"] |= {"acknowledge": 2}
    document["p1"] |= {"acknowledge": 2}
    found = played(past, "policy", "group", document)
    assert found.feedback == 2 and found.before.breaches[PromiseKind.ACKNOWLEDGE] == 0
    assert found.after.breaches[PromiseKind.ACKNOWLEDGE] == 1
    assert found.changed == 1


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


def test_a_draft_of_a_ladder_says_who_would_have_been_paged_instead(past: World) -> None:
    gu, zhou = str(past.people["gu"]), str(past.people["zhou"])
    found = played(past, "ladder", "group", {"steps": ["duty", "region", "manager"]})
    assert found.before.load(zhou).pages - found.after.load(zhou).pages == 1, "at two minutes"
    assert (found.before.load(gu).pages, found.after.load(gu).pages) == (0, 1)
    assert found.changed == 0, "whose it is and what is promised stay as they are"


def test_a_draft_of_a_calendar_moves_what_is_promised_in_business_time(past: World) -> None:
    """The tap of 23:03 is taken an hour later: by day that would have been too late."""
    document = DEFAULT_POLICY.to_document()
    document["p3"] |= {"acknowledge": 30}
    publish_rules("policy", "group", document)
    always = {"timezone": "Asia/Shanghai", "week": [[["00:00", "24:00"]]] * 7, "exceptions": []}
    found = played(past, "calendar", "bund", always)
    assert found.before.breaches[PromiseKind.ACKNOWLEDGE] == 0
    assert found.after.breaches[PromiseKind.ACKNOWLEDGE] == 1
    assert sum(found.after.pages.values()) > sum(found.before.pages.values()), "and the next step is paged"


def test_there_is_no_rehearsal_without_a_draft(world: World) -> None:
    with pytest.raises(NotFound):
        rehearsals.ask(new_id(clock.now()), world.actor("admin"))


def test_without_history_there_is_nothing_to_play_it_against(world: World) -> None:
    with pytest.raises(Refused, match="rehearsal_without_history"):
        asked(world, "ladder", "group", {"steps": ["duty"]})


STEPS = {"steps": ["duty", "manager"]}


def part_by_part(world: World, monkeypatch: pytest.MonkeyPatch) -> UUID:
    monkeypatch.setattr(rehearsals, "PART", 1)
    monkeypatch.setattr(rehearsals, "STRETCH", 1)
    return asked(world, "ladder", "group", STEPS)


def test_it_is_played_a_part_at_a_time_and_each_part_once(
    past: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    id = part_by_part(past, monkeypatch)
    assert (row(id).done, row(id).total) == (0, None)
    rehearsals.go_on(id)
    assert (row(id).done, row(id).total, row(id).state) == (1, 4, RehearsalState.RUNNING)
    rehearsals._keep(id, 0, {"done": 4, "state": RehearsalState.DONE}, ended=True)
    assert row(id).done == 1, "the same part a second time changes nothing"
    past.settle()
    assert row(id).state is RehearsalState.DONE and rehearsals.result(row(id)).feedback == 2


def test_parts_add_up_to_what_one_go_finds(past: World, monkeypatch: pytest.MonkeyPatch) -> None:
    at_once = played(past, "ladder", "group", STEPS)
    past.fast_forward(minutes=1)
    id = part_by_part(past, monkeypatch)
    past.settle()
    assert rehearsals.result(row(id)).to_document() == at_once.to_document()


def test_it_can_be_called_off(past: World, monkeypatch: pytest.MonkeyPatch) -> None:
    id = part_by_part(past, monkeypatch)
    rehearsals.go_on(id)
    rehearsals.cancel(id, past.actor("admin"))
    past.settle()
    assert row(id).state is RehearsalState.CANCELLED and row(id).done == 1
    with pytest.raises(Refused, match="rehearsal_has_ended"):
        rehearsals.cancel(id, past.actor("admin"))


def test_asking_again_for_what_holds_is_the_same_one(past: World) -> None:
    id = asked(past, "ladder", "group", STEPS)
    draft = row(id).draft_id
    assert rehearsals.ask(draft, past.actor("gu")) == id
    past.settle()
    past.fast_forward(minutes=1)
    assert rehearsals.ask(draft, past.actor("gu")) == id


def test_a_result_is_stale_when_draft_rules_or_history_have_changed(past: World) -> None:
    id = asked(past, "ladder", "group", STEPS)
    past.settle()
    draft_id = row(id).draft_id

    def age() -> rehearsals.Age:
        found = row(id)
        return rehearsals.age(found, db.session.get_one(RuleDraft, draft_id))

    assert not age().is_stale
    past.fast_forward(minutes=1)
    publish_rules("routing", "bund", {"rules": []})
    assert age().rules_changed
    past.tap(1)
    assert (age().since, age().old) == (1, True)
    past.fast_forward(minutes=1)
    drafts.keep("ladder", "group", {"steps": ["duty"]}, past.actor("admin"))
    assert age().draft_changed
    assert rehearsals.ask(draft_id, past.actor("admin")) != id


def test_what_changes_while_it_runs_makes_it_begin_again(
    past: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    id = part_by_part(past, monkeypatch)
    rehearsals.go_on(id)
    rehearsals.go_on(id)
    assert row(id).done == 2
    publish_rules("routing", "group", {"rules": []})
    rehearsals.go_on(id)
    assert row(id).done == 1
    drafts.throw_away(row(id).draft_id, past.actor("admin"))
    rehearsals.go_on(id)
    assert row(id).state is RehearsalState.CANCELLED


def test_what_it_cannot_play_is_said_and_does_not_come_again_and_again(
    past: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    id = asked(past, "ladder", "group", STEPS)
    monkeypatch.setattr(rehearsals, "play", lambda *_: {}["nothing"])
    past.settle()
    assert (row(id).state, row(id).error) == (RehearsalState.FAILED, "KeyError")
