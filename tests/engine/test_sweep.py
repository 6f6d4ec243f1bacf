"""What falls due is done at its instant, once, and goes on until somebody acts."""

from __future__ import annotations

from datetime import timedelta

import pytest

from cem import clock
from cem.domain.vocabulary import CaseState, Priority, PromiseState, Via
from cem.engine import case_endings, cases, organisation, reopenings, rules, sla_watch, verify
from cem.extensions import db
from cem.models import Breach, Delivery
from tests.engine.moves import DO, bring, complaint, solved
from tests.engine.readings import pages
from tests.world import MONDAY, Inline, World

HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)
DUE = {"acknowledge": 15 * MINUTE, "first_contact": 2 * HOUR, "resolve": 48 * HOUR}


def test_the_duty_manager_is_paged_at_once(world: World) -> None:
    complaint(world)
    world.settle()
    assert world.told() == [("lin", "page")]


def test_the_ladder_climbs_until_somebody_acknowledges(world: World) -> None:
    receipt = complaint(world)
    world.fast_forward(minutes=41)
    assert pages(world) == [
        ("lin", "page", 0),
        ("zhou", "escalation", 2),
        ("shen", "escalation", 5),
        ("gu", "escalation", 10),
        ("gu", "escalation", 25),
        ("gu", "escalation", 40),
    ]
    cases.acknowledge(world.seen(receipt, "gu"))
    world.fast_forward(hours=1)
    assert len(pages(world)) == 6
    assert verify.faults() == []


def test_a_calm_case_climbs_when_its_acknowledgement_is_missed_then_every_two_business_hours(
    world: World,
) -> None:
    receipt = world.tap(2)
    world.fast_forward(hours=9)
    assert world.case(receipt).priority == Priority.P3
    assert pages(world) == [
        ("lin", "page", 0),
        ("zhou", "escalation", 4 * 60),
        ("shen", "escalation", 6 * 60),
        ("gu", "escalation", 8 * 60),
    ]


def test_calm_ladders_sleep_while_the_place_is_closed(world: World) -> None:
    world.fast_forward(hours=10)  # 20:00; the place closes at 21:00 and opens at 09:00
    world.tap(2)
    world.fast_forward(hours=16)
    assert [minutes for _, _, minutes in pages(world)] == [600, 600 + 60 + 12 * 60 + 3 * 60]


def test_a_broken_promise_is_recorded_once_with_the_policy_that_made_it(world: World) -> None:
    receipt = complaint(world)
    world.fast_forward(minutes=20)
    for _ in range(3):
        sla_watch.sweep()
    breach = db.session.scalars(db.select(Breach)).one()
    assert breach.due_at == MONDAY + DUE["acknowledge"] == breach.at
    assert breach.policy_version_id == world.case(receipt).policy_version_id
    assert world.promise(receipt, "acknowledge").state == PromiseState.BREACHED


def test_a_promise_kept_late_stays_broken_and_says_when_it_was_kept(world: World) -> None:
    receipt = complaint(world)
    world.fast_forward(minutes=20)
    cases.acknowledge(world.seen(receipt, "lin"))
    promise = world.promise(receipt, "acknowledge")
    assert (promise.state, promise.fulfilled_at) == (PromiseState.BREACHED, clock.now())


def test_a_missed_contact_is_told_to_the_owner_as_a_breach(world: World) -> None:
    receipt = complaint(world)
    cases.acknowledge(world.seen(receipt, "lin"))
    world.fast_forward(hours=2)
    assert world.told("breach") == [("lin", "breach")]
    assert [kind for _, kind in world.told()].count("page") <= 1


def test_acknowledging_stops_pages_that_wait_already(world: World) -> None:
    from cem.engine import outbox
    from workers.handlers import effects

    receipt = complaint(world)
    _, claims = outbox.relay(effects)  # the page is on its way
    cases.acknowledge(world.seen(receipt, "lin"))
    for claim in claims:
        Inline().enqueue(claim.queue, claim.job, [str(claim.id)])
    world.settle()
    assert world.told() == []


def test_acknowledging_stops_a_message_that_is_planned_already(world: World) -> None:
    from cem.engine import notify, outbox
    from workers.handlers import effects

    receipt = complaint(world)
    _, claims = outbox.relay(effects)
    notify.plan_for([claim.id for claim in claims])
    cases.acknowledge(world.seen(receipt, "lin"))
    world.settle()
    assert world.told() == []
    assert [d.state for d in db.session.scalars(db.select(Delivery))] == ["stopped"]


def test_an_acknowledgement_without_contact_expires_and_the_ladder_begins_anew(world: World) -> None:
    receipt = complaint(world)
    cases.acknowledge(world.seen(receipt, "lin"))
    world.fast_forward(hours=8)
    assert world.case(receipt).state == CaseState.OPEN
    world.fast_forward(minutes=10)
    assert [page for page in pages(world) if page[2] >= 480] == [
        ("lin", "page", 480),
        ("zhou", "escalation", 482),
        ("shen", "escalation", 485),
        ("gu", "escalation", 490),
    ]


@pytest.mark.parametrize("action", ["contacts", "pause waiting_customer", "resolution"])
def test_an_acknowledgement_that_led_to_something_never_expires(world: World, action: str) -> None:
    receipt = complaint(world)
    cases.acknowledge(world.seen(receipt, "lin"))
    DO[action](world, receipt, "lin")
    state = world.case(receipt).state
    world.fast_forward(hours=9)
    assert world.case(receipt).state == state
    assert verify.faults() == []


def test_not_solved_pages_the_next_step_at_once_and_goes_on(world: World) -> None:
    receipt = complaint(world)
    bring(world, receipt, CaseState.RESOLVED)
    world.settle()
    world.fast_forward(hours=1)
    reopenings.not_solved(receipt.feedback_id)
    world.fast_forward(minutes=30)
    assert [page for page in pages(world) if page[2] >= 60] == [
        ("zhou", "escalation", 60),
        ("shen", "escalation", 63),
        ("gu", "escalation", 68),
        ("gu", "escalation", 83),
    ]
    assert world.case(receipt).state == CaseState.OPEN


def test_a_second_promise_to_resolve_has_the_remaining_time(world: World) -> None:
    receipt = complaint(world)
    world.fast_forward(hours=1)
    bring(world, receipt, CaseState.RESOLVED)
    world.fast_forward(hours=30)
    reopenings.not_solved(receipt.feedback_id)
    again, first = world.promise(receipt, "resolve", 2), world.promise(receipt, "resolve")
    assert (again.target, again.due_at) == (47 * HOUR, clock.now() + 47 * HOUR)
    assert (first.state, first.fulfilled_at) == (PromiseState.MET, MONDAY + HOUR)


def test_a_second_promise_to_resolve_has_at_least_four_hours(world: World) -> None:
    receipt = complaint(world)
    cases.contact(world.seen(receipt, "lin"), Via.PHONE, "spoke")
    world.fast_forward(hours=47)
    case_endings.resolve(world.seen(receipt, "lin"), solved())
    reopenings.not_solved(receipt.feedback_id)
    assert world.promise(receipt, "resolve", 2).target == 4 * HOUR


def test_after_a_dismissal_the_time_that_ran_before_it_counts(world: World) -> None:
    receipt = complaint(world)
    cases.acknowledge(world.seen(receipt, "lin"))
    world.fast_forward(hours=1)
    DO["dismissal"](world, receipt, "lin")
    world.fast_forward(hours=20)
    reopenings.reopen(world.seen(receipt, "lin"), "it was real")
    assert world.promise(receipt, "resolve", 2).target == 47 * HOUR


def test_waiting_for_the_customer_stops_the_promises_for_as_long_as_it_lasts(world: World) -> None:
    receipt = complaint(world)
    cases.contact(world.seen(receipt, "lin"), Via.PHONE, "spoke")
    world.fast_forward(hours=1)
    DO["pause waiting_customer"](world, receipt, "lin")
    world.fast_forward(days=10)
    assert db.session.scalars(db.select(Breach)).all() == []
    assert world.case(receipt).due_at is None
    DO["resumption"](world, receipt, "lin")
    assert world.promise(receipt, "resolve").due_at == MONDAY + DUE["resolve"] + timedelta(days=10)
    assert world.case(receipt).due_at == world.promise(receipt, "resolve").due_at


def test_a_promise_that_fell_due_is_not_saved_by_a_pause(world: World) -> None:
    receipt = complaint(world)
    cases.acknowledge(world.seen(receipt, "lin"))
    clock.stand_at(MONDAY + 2 * HOUR)  # the sweep has not come by yet
    DO["pause waiting_third_party"](world, receipt, "lin")
    assert world.promise(receipt, "first_contact").state == PromiseState.BREACHED
    assert world.promise(receipt, "resolve").state == PromiseState.PAUSED


@pytest.mark.parametrize(("old", "told"), [(25, [("lin", "digest")]), (23, [("lin", "page")])])
def test_what_arrives_more_than_a_day_late_is_told_in_a_digest(
    world: World, old: int, told: list[tuple[str, str]]
) -> None:
    for _ in range(2 if old > 24 else 1):
        world.tap(1, occurred_at=MONDAY - old * HOUR)
    world.settle()
    world.fast_forward(minutes=1)
    assert world.told() == told


def test_a_late_arrival_still_climbs_the_ladder_when_nobody_takes_it(world: World) -> None:
    world.tap(1, occurred_at=MONDAY - 25 * HOUR)
    world.fast_forward(minutes=15)
    assert pages(world)[0][2] == 15


def test_nobody_on_duty_goes_on_to_the_manager_at_once(world: World) -> None:
    roster = _roster(world) | {"shifts": []}
    rules.publish_rules("roster", "bund", roster)
    receipt = complaint(world)
    assert world.case(receipt).owner_id == world.people["shen"]
    assert world.case(receipt).owner_reason["code"] == "owner_by_manager"
    world.fast_forward(minutes=2)
    assert pages(world) == [("shen", "page", 0), ("zhou", "escalation", 2)]


def test_with_nobody_at_all_the_fallback_owns_it(world: World) -> None:
    roster = _roster(world) | {"shifts": []}
    for post in ("manager", "deputy", "region"):
        roster.pop(post)
    rules.publish_rules("roster", "bund", roster)
    assert world.case(complaint(world)).owner_id == world.people["fallback"]


def test_open_cases_keep_the_promises_that_they_were_opened_with(world: World) -> None:
    from cem.domain.promises import DEFAULT_POLICY

    receipt = complaint(world)
    faster = DEFAULT_POLICY.to_document()
    faster["p2"] |= {"acknowledgement_expires": 60}
    faster["p1"] |= {"acknowledgement_expires": 60}
    rules.publish_rules("policy", "group", faster)
    cases.acknowledge(world.seen(receipt, "lin"))
    newer = complaint(world)
    cases.acknowledge(world.seen(newer, "lin"))
    assert world.case(receipt).acknowledgement_expires_at == MONDAY + 8 * HOUR
    assert world.case(newer).acknowledgement_expires_at == MONDAY + HOUR


def test_one_that_cannot_be_done_keeps_nobody_else_waiting(world: World, monkeypatch) -> None:
    broken, fine = complaint(world), complaint(world)
    poison = world.promise(broken, "acknowledge").id
    real = sla_watch.break_promise

    def fails_for_one(id):
        if id == poison:
            raise RuntimeError("a row that nobody can read")
        return real(id)

    monkeypatch.setattr(sla_watch, "break_promise", fails_for_one)
    clock.stand_at(MONDAY + 16 * MINUTE)
    sla_watch.sweep()
    assert world.promise(fine, "acknowledge").state == PromiseState.BREACHED
    assert world.promise(broken, "acknowledge").state == PromiseState.RUNNING


def _roster(world: World) -> dict:
    with db.engines[None].connect() as connection:
        return organisation.fresh(connection).by_code["bund"].roster.to_document()
