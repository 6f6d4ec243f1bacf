"""Behaviours 1 to 11: clocks that say the truth, however a case goes on."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from cem import clock
from cem.domain.promises import DEFAULT_POLICY
from cem.domain.vocabulary import CaseState, PauseReason, PromiseState, Via
from cem.engine import case_endings, cases, reopenings, rules
from cem.engine.intake_lookup import Receipt
from cem.extensions import db
from cem.models import Breach, BreachEnd, Case, Delivery
from tests.engine.moves import solved
from tests.world import MONDAY, World

HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)
RUNNING, MET, BREACHED, PAUSED = (
    PromiseState.RUNNING,
    PromiseState.MET,
    PromiseState.BREACHED,
    PromiseState.PAUSED,
)
BUSINESS = 2
"""A dissatisfied tap: its promises run in business time."""


def states(world: World, receipt: Receipt) -> tuple[PromiseState, ...]:
    return tuple(world.promise(receipt, kind).state for kind in ("acknowledge", "first_contact", "resolve"))


def calls(world: World, receipt: Receipt, summary: str = "called") -> None:
    cases.contact(world.seen(receipt, "lin"), Via.PHONE, summary)


def test_behaviour_01_three_clocks_start_together_and_each_is_stopped_by_its_own_deed(world: World) -> None:
    receipt = world.tap(1)
    assert states(world, receipt) == (RUNNING, RUNNING, RUNNING)
    cases.acknowledge(world.seen(receipt, "lin"))
    cases.note(world.seen(receipt, "lin"), "a note is no answer")
    assert states(world, receipt) == (MET, RUNNING, RUNNING)
    calls(world, receipt)
    assert states(world, receipt) == (MET, MET, RUNNING)
    case_endings.resolve(world.seen(receipt, "lin"), solved())
    assert states(world, receipt) == (MET, MET, MET)


def test_behaviour_02_each_complaint_has_its_own_clock_and_thanks_start_none(world: World) -> None:
    first = world.tap(1)
    cases.acknowledge(world.seen(first, "lin"))
    calls(world, first)
    world.fast_forward(hours=1)
    second = world.tap(1)
    world.tap(5)
    world.fast_forward(hours=2)
    assert world.promise(first, "first_contact").state is MET
    assert world.promise(second, "first_contact").state is BREACHED
    missed = db.session.scalars(select(Breach).order_by(Breach.due_at)).all()
    assert {breach.case_id for breach in missed} == {world.case(second).id}, "once for what was not answered"


def test_behaviour_03_a_late_contact_stays_late_for_everybody_who_looks(world: World) -> None:
    receipt = world.tap(1)
    cases.acknowledge(world.seen(receipt, "lin"))
    world.fast_forward(hours=2, minutes=10)
    calls(world, receipt, "late, but called")
    promise = world.promise(receipt, "first_contact")
    assert (promise.state, promise.fulfilled_at) == (BREACHED, MONDAY + 130 * MINUTE)
    world.fast_forward(hours=5)
    assert world.promise(receipt, "first_contact").state is BREACHED


def test_behaviour_04_business_time_is_reckoned_in_the_branchs_own_zone(world: World) -> None:
    lunch = {"week": [[["09:00", "12:00"], ["13:00", "24:00"]]] * 7, "exceptions": []}
    rules.publish_rules("calendar", "bund", {"timezone": "Asia/Shanghai", **lunch})
    world.fast_forward(hours=1)  # eleven in the morning
    receipt = world.tap(BUSINESS)
    assert world.promise(receipt, "acknowledge").due_at == MONDAY + 6 * HOUR, "one hour for lunch"
    assert world.promise(receipt, "first_contact").due_at == MONDAY + 10 * HOUR
    assert world.promise(receipt, "first_contact").due_at.utcoffset() == timedelta()


def test_behaviour_05_holidays_take_days_away_and_make_up_days_add_them(world: World) -> None:
    tuesday, wednesday = "2026-11-24", "2026-11-25"
    week = [[["09:00", "17:00"]]] + [[]] * 6  # Mondays only
    exceptions = [
        {"date": tuesday, "kind": "closed", "name": "a feast"},
        {"date": wednesday, "kind": "hours", "ranges": [["09:00", "17:00"]]},
    ]
    document = {"timezone": "Asia/Shanghai", "week": week, "exceptions": exceptions}
    rules.publish_rules("calendar", "bund", document)
    world.fast_forward(hours=5)  # 15:00, two hours before the end of the only working day of the week
    receipt = world.tap(BUSINESS)
    assert world.promise(receipt, "acknowledge").due_at == MONDAY + 2 * 24 * HOUR + HOUR


def test_behaviour_06_waiting_for_the_customer_is_replayed_whatever_the_order_of_saves(world: World) -> None:
    receipt = world.tap(1)
    cases.acknowledge(world.seen(receipt, "lin"))
    for _ in range(2):
        world.fast_forward(minutes=10)
        cases.pause(world.seen(receipt, "lin"), PauseReason.WAITING_CUSTOMER)
        assert world.promise(receipt, "resolve").state is PAUSED
        world.fast_forward(hours=20)
        cases.resume(world.seen(receipt, "lin"))
    assert world.promise(receipt, "resolve").due_at == MONDAY + (48 + 40) * HOUR
    cases.pause(world.seen(receipt, "lin"), PauseReason.WAITING_CUSTOMER)
    world.fast_forward(days=30)
    case_endings.resolve(world.seen(receipt, "lin"), solved("paused and solved in one breath"))
    assert world.promise(receipt, "resolve").state is MET


def test_behaviour_07_reopening_resumes_the_remaining_time_and_later_a_new_case_follows(world: World) -> None:
    receipt = world.tap(1)
    cases.acknowledge(world.seen(receipt, "lin"))
    world.fast_forward(hours=7)
    case_endings.resolve(world.seen(receipt, "lin"), solved("sorry"))
    case_endings.close(world.seen(receipt, "lin"))
    world.fast_forward(days=3)
    reopenings.reopen(world.seen(receipt, "lin"), "it came back")
    again = world.promise(receipt, "resolve", round=2)
    assert (again.state, again.due_at - clock.now()) == (RUNNING, 41 * HOUR)
    assert world.promise(receipt, "resolve").state is MET, "the first stays as it ended"
    assert world.case(receipt).reopenings == 1
    case_endings.resolve(world.seen(receipt, "lin"), solved("sorry again"))
    case_endings.close(world.seen(receipt, "lin"))
    old = world.case(receipt).id
    world.fast_forward(days=15)
    new = reopenings.reopen(world.seen(receipt, "lin"), "after a fortnight")
    assert db.session.get_one(Case, new).follows_id == old


def test_behaviour_08_a_breach_is_appended_once_and_never_changes(world: World) -> None:
    receipt = world.tap(1)
    cases.acknowledge(world.seen(receipt, "lin"))
    world.fast_forward(hours=3)
    breach = db.session.scalars(select(Breach)).one()
    kept = (breach.id, breach.policy_version_id, breach.due_at, breach.at)
    calls(world, receipt)
    case_endings.resolve(world.seen(receipt, "lin"), solved())
    world.fast_forward(days=2)
    breach = db.session.scalars(select(Breach)).one()
    assert (breach.id, breach.policy_version_id, breach.due_at, breach.at) == kept
    end = db.session.get_one(BreachEnd, breach.id)
    assert (end.kept, end.over_seconds) == (True, 3600.0)
    with (
        pytest.raises(Exception, match="history is only appended to"),
        db.engines[None].begin() as connection,
    ):
        connection.execute(db.update(Breach).values(at=clock.now()))


def test_behaviour_09_open_cases_keep_the_promise_that_was_made_to_them(world: World) -> None:
    before = world.tap(1)
    made = world.case(before).policy_version_id
    faster = DEFAULT_POLICY.to_document()
    faster["p2"]["first_contact"] = 60
    rules.publish_rules("policy", "group", faster)
    after = world.tap(1)
    assert world.promise(before, "first_contact").due_at == MONDAY + 2 * HOUR
    assert world.promise(after, "first_contact").due_at == MONDAY + HOUR
    assert world.case(before).policy_version_id == made != world.case(after).policy_version_id


def test_behaviour_10_warnings_come_by_per_cent_inside_the_hours_and_anew_when_the_time_moves(
    world: World,
) -> None:
    world.fast_forward(hours=9)  # 19:00; the place closes at 21:00 and opens at 09:00
    receipt = world.tap(BUSINESS)
    cases.acknowledge(world.seen(receipt, "lin"))
    world.fast_forward(hours=13)  # the night through
    assert world.told("warning") == []
    world.fast_forward(hours=3)
    assert world.told("warning") == [("lin", "warning")], "at half: two hours of yesterday, two of today"
    cases.pause(world.seen(receipt, "lin"), PauseReason.WAITING_THIRD_PARTY)
    world.fast_forward(hours=24)
    cases.resume(world.seen(receipt, "lin"))
    world.fast_forward(hours=4)
    levels = db.session.scalars(
        select(Delivery.message).where(Delivery.kind == "warning").order_by(Delivery.sent_at)
    )
    assert [message["level"] for message in levels][-1] == 80


def test_behaviour_11_what_falls_due_is_done_at_its_instant_not_by_a_nightly_sweep(world: World) -> None:
    receipt = world.tap(1)
    world.fast_forward(hours=3)
    breaches = db.session.scalars(select(Breach).order_by(Breach.at)).all()
    assert [breach.at for breach in breaches] == [MONDAY + 15 * MINUTE, MONDAY + 2 * HOUR]
    assert [breach.at for breach in breaches] == [breach.due_at for breach in breaches]
    assert world.case(receipt).state is CaseState.OPEN
