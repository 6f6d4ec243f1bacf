"""Who is on duty changes at once and for good reason: swaps, absences, take-overs, departures."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from cem import clock
from cem.domain.reasons import Invalid, Refused
from cem.domain.roster import Override, on_duty
from cem.engine import cases, leaving, organisation, rosters, rules, swaps, verify
from cem.engine.organisation import Place
from cem.extensions import db
from cem.models import Delivery, RuleVersion, Site
from tests.engine.moves import complaint
from tests.world import MONDAY, World

HOUR = timedelta(hours=1)


def place(code: str = "bund") -> Place:
    db.session.rollback()
    return organisation.current(db.session.connection()).by_code[code]


def on_duty_at(world: World, hours: float, code: str = "bund") -> str:
    """Who is on duty some hours after ten on Monday morning."""
    found = on_duty(place(code).roster, MONDAY + hours * HOUR).first
    return next(name for name, id in world.people.items() if str(id) == found)


def ids(world: World, *names: str) -> list[Any]:
    return [world.people[name] for name in names]


def uncover(world: World, start: float = 0, end: float = 4) -> None:
    away = Override("remove", str(world.people["lin"]), MONDAY + start * HOUR, MONDAY + end * HOUR)
    rosters.add_override("bund", away, world.actor("admin"))


def test_a_swap_is_a_request_and_who_asked_keeps_the_duty_until_somebody_says_yes(world: World) -> None:
    lin, zhou = ids(world, "lin", "zhou")
    swap = swaps.ask("bund", lin, MONDAY + 2 * HOUR, MONDAY + 4 * HOUR, world.actor("lin"), zhou)
    world.settle()
    assert world.told() == [("zhou", "news")]
    assert on_duty_at(world, 3) == "lin"
    swaps.accept(swap, zhou, world.actor("zhou"))
    world.settle()
    assert [on_duty_at(world, at) for at in (1, 3, 4)] == ["lin", "zhou", "lin"]
    assert world.told()[1:] == [("lin", "news")]


def test_of_two_who_answer_a_request_the_first_counts(world: World) -> None:
    lin, zhou, shen = ids(world, "lin", "zhou", "shen")
    swap = swaps.ask("bund", lin, MONDAY, MONDAY + 4 * HOUR, world.actor("lin"))
    swaps.accept(swap, shen, world.actor("shen"))
    with pytest.raises(Refused, match="swap_is_decided"):
        swaps.accept(swap, zhou, world.actor("zhou"))
    assert on_duty_at(world, 1) == "shen"


def test_who_says_no_leaves_the_duty_where_it_was(world: World) -> None:
    lin, zhou = ids(world, "lin", "zhou")
    swap = swaps.ask("bund", lin, MONDAY, MONDAY + 4 * HOUR, world.actor("lin"), zhou)
    swaps.decline(swap, zhou, world.actor("zhou"))
    world.settle()
    assert on_duty_at(world, 1) == "lin"
    assert ("lin", "news") in world.told()


def test_nobody_is_asked_who_does_not_see_the_place(world: World) -> None:
    lin, outsider = ids(world, "lin", "outsider")
    with pytest.raises(Invalid):
        swaps.ask("bund", lin, MONDAY, MONDAY + HOUR, world.actor("lin"), outsider)


def test_anybody_of_the_place_may_take_the_duty_over_now_and_cases_come_to_them(world: World) -> None:
    rosters.take_over("bund", world.people["shen"], world.actor("shen"))
    assert on_duty_at(world, 0) == "shen"
    assert on_duty_at(world, 12) == "zhou"
    complaint(world)
    world.settle()
    assert world.told("page") == [("shen", "page")]
    with pytest.raises(Refused, match="already_on_duty"):
        rosters.take_over("bund", world.people["shen"], world.actor("shen"))


def test_who_is_away_is_off_the_roster_and_the_uncovered_hours_are_told(world: World) -> None:
    uncovered = rosters.be_away(
        world.people["lin"], MONDAY + 24 * HOUR, MONDAY + 28 * HOUR, world.actor("lin")
    )
    assert [(gap.end - gap.start) / HOUR for gap in uncovered["bund"]] == [4]
    assert on_duty_at(world, 25) == "shen"  # the manager of the branch answers for it
    world.settle()
    assert world.told() == [("admin", "warning")]


def test_where_nobody_is_on_duty_the_next_is_paged_at_once_and_the_administrator_is_told_once(
    world: World,
) -> None:
    uncover(world)
    complaint(world)
    complaint(world)
    world.settle()
    assert world.told("page") == [("shen", "page"), ("shen", "page")]
    assert world.told("warning") == [("admin", "warning")]
    text = db.session.scalars(db.select(Delivery.text).where(Delivery.kind == "warning")).one()
    assert text is not None and "沈若宁" in text
    assert clock.now() == MONDAY


def test_every_change_of_the_roster_is_a_version(world: World) -> None:
    uncover(world)
    uncover(world, 30, 32)
    versions = db.session.scalars(
        db.select(RuleVersion.version).where(
            RuleVersion.kind == "roster", RuleVersion.site_id == world.places["bund"]
        )
    ).all()
    assert sorted(versions) == [1, 2, 3]


def test_a_place_without_a_roster_of_its_own_gets_one_when_it_changes(world: World) -> None:
    gu = str(world.people["gu"])
    rosters.add_override("east", Override("add", gu, MONDAY, MONDAY + HOUR), world.actor("admin"))
    assert on_duty_at(world, 0, "east") == "gu"
    assert place("group").roster.overrides == ()


def test_a_time_that_is_over_cannot_be_arranged(world: World) -> None:
    with pytest.raises(Invalid):
        uncover(world, -4, -1)


def test_the_fallback_owner_who_leaves_is_succeeded_in_the_same_transaction(world: World) -> None:
    with pytest.raises(Refused, match="fallback_cannot_leave"):
        leaving.end_user(world.people["fallback"], world.actor("admin"))
    leaving.end_user(world.people["fallback"], world.actor("admin"), world.people["admin"])
    admin = world.people["admin"]
    assert {site.fallback_id for site in db.session.scalars(db.select(Site))} == {admin}
    assert {place(code).roster.fallback for code in ("group", "bund", "soho", "west")} == {str(admin)}
    assert verify.faults() == []


def test_who_succeeds_sees_every_place_of_who_leaves(world: World) -> None:
    with pytest.raises(Refused, match="successor_must_work_here"):
        leaving.end_user(world.people["fallback"], world.actor("admin"), world.people["lin"])
    assert place().roster.fallback == str(world.people["fallback"])


def test_a_step_that_is_taken_off_the_ladder_strands_no_case(world: World) -> None:
    receipt = complaint(world)
    world.fast_forward(minutes=6)
    rules.publish_rules("ladder", "group", {"steps": ["duty"]}, world.actor("admin"))
    world.fast_forward(minutes=20)
    assert world.told("page", "escalation")[-1] == ("lin", "escalation")
    assert world.case(receipt).next_step_at is not None
    cases.acknowledge(world.seen(receipt, "lin"))
    assert verify.faults() == []


def test_the_ladder_is_read_live_and_the_promise_is_the_one_that_was_made(world: World) -> None:
    receipt = complaint(world)
    due = world.promise(receipt, "first_contact").due_at
    document = place().policy.to_document()
    document["p2"]["ladder"] = {"steps": [3, 4, 6], "every": 7}
    document["p2"]["first_contact"] = document["p1"]["first_contact"] = 20
    rules.publish_rules("policy", "group", document, world.actor("admin"))
    world.fast_forward(minutes=20)
    assert world.promise(receipt, "first_contact").due_at == due
    rows = db.session.scalars(
        db.select(Delivery.sent_at).where(Delivery.kind == "escalation").order_by(Delivery.sent_at)
    )
    minutes = [(at - MONDAY) / timedelta(minutes=1) for at in rows]
    assert minutes == [2, 4, 6, 13, 20]


def test_a_case_that_nobody_took_for_months_is_still_escalated(world: World) -> None:
    receipt = complaint(world)
    world.settle()
    for _ in range(3):
        clock.stand_at(clock.now() + timedelta(days=40))
        world.settle()
    assert [to for to, _ in world.told("page", "escalation")] == ["lin", "zhou", "shen", "gu"]
    world.fast_forward(minutes=16)
    assert world.told("escalation")[-1] == ("gu", "escalation")
    cases.acknowledge(world.seen(receipt, "gu"))
    world.fast_forward(minutes=31)
    assert len(world.told("page", "escalation")) == 5
