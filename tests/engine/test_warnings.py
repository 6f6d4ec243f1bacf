"""Who promised is warned in time, anew when the time moves, and never of what is kept or waits."""

from __future__ import annotations

from datetime import timedelta

from cem import clock
from cem.domain.vocabulary import PauseReason, PromiseState, Severity, Via
from cem.engine import case_endings, cases, sla_watch, verify
from cem.engine.intake_lookup import Receipt
from cem.extensions import db
from cem.models import Breach, BreachEnd, Delivery, LedgerMove, overdue_at
from tests.engine.moves import complaint, solved
from tests.engine.readings import read
from tests.world import MONDAY, World

HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)


def warned(world: World) -> list[tuple[str, int, float]]:
    """Of which promise somebody was warned, at how much per cent, and how many minutes after the start."""
    db.session.rollback()
    rows = db.session.scalars(
        db.select(Delivery)
        .where(Delivery.kind == "warning", Delivery.sent_at.is_not(None))
        .order_by(Delivery.sent_at, Delivery.id)
    )
    return [
        (row.message["promise_kind"], row.message["level"], (row.sent_at - MONDAY) / MINUTE) for row in rows
    ]


def taken(world: World, value: int = 1) -> Receipt:
    receipt = world.tap(value)
    cases.acknowledge(world.seen(receipt, "lin"))
    return receipt


def test_the_owner_is_warned_at_half_and_at_four_fifths_of_a_promise_and_at_its_end_told_of_the_breach(
    world: World,
) -> None:
    taken(world)
    world.fast_forward(hours=2)
    assert warned(world) == [("first_contact", 50, 60), ("first_contact", 80, 96)]
    assert world.told("warning", "breach") == [("lin", "warning"), ("lin", "warning"), ("lin", "breach")]


def test_the_promise_to_take_a_calm_case_is_warned_of_up_to_its_end(world: World) -> None:
    world.tap(2)
    world.fast_forward(hours=4)
    taking = [each for each in warned(world) if each[0] == "acknowledge"]
    assert taking == [("acknowledge", 50, 120), ("acknowledge", 80, 192), ("acknowledge", 100, 240)]


def test_the_pages_of_an_urgent_case_are_its_warnings_until_it_is_taken(world: World) -> None:
    complaint(world)
    world.fast_forward(minutes=41)
    assert warned(world) == []


def test_what_is_kept_warns_nobody(world: World) -> None:
    receipt = taken(world)
    world.fast_forward(minutes=61)
    cases.contact(world.seen(receipt, "lin"), Via.PHONE, "called")
    case_endings.resolve(world.seen(receipt, "lin"), solved())
    world.fast_forward(days=3)
    assert warned(world) == [("first_contact", 50, 60)]
    assert verify.faults() == []


def test_a_promise_in_business_time_warns_only_inside_the_hours(world: World) -> None:
    world.fast_forward(hours=10)  # 20:00; the place closes at 21:00 and opens at 09:00
    taken(world, 2)
    world.fast_forward(hours=24)
    at = {(kind, level): MONDAY + minutes * MINUTE for kind, level, minutes in warned(world)}
    assert at["first_contact", 50] == MONDAY + 26 * HOUR  # one hour on Monday, three from nine on Tuesday
    assert at["first_contact", 80] == MONDAY + 26 * HOUR + 2.4 * HOUR


def test_a_breach_at_closing_time_is_told_when_the_place_opens(world: World) -> None:
    world.fast_forward(hours=3)  # 13:00: eight hours later the place closes
    receipt = taken(world, 2)
    world.fast_forward(hours=9)
    assert world.promise(receipt, "first_contact").state == PromiseState.BREACHED
    assert world.told("breach") == []
    world.fast_forward(hours=11)
    assert world.told("breach") == [("lin", "breach")]


def test_a_due_time_that_moves_is_warned_of_anew(world: World) -> None:
    receipt = taken(world)
    world.fast_forward(minutes=30)
    cases.pause(world.seen(receipt, "lin"), PauseReason.WAITING_THIRD_PARTY)
    world.fast_forward(hours=5)
    assert warned(world) == []
    cases.resume(world.seen(receipt, "lin"))
    world.fast_forward(hours=2)
    assert [(kind, level, minutes - 330) for kind, level, minutes in warned(world)] == [
        ("first_contact", 50, 30),
        ("first_contact", 80, 66),
    ]


def test_a_case_that_is_raised_is_warned_of_at_once_where_the_new_time_is_half_gone(world: World) -> None:
    receipt = taken(world, 2)
    world.fast_forward(minutes=72)
    read(receipt, "legal")
    world.settle()
    assert warned(world) == [("first_contact", 50, 72)]
    world.fast_forward(hours=1)
    assert warned(world)[1:] == [("first_contact", 80, 96)]


def test_a_warning_that_was_planned_is_stopped_when_the_promise_is_kept(world: World) -> None:
    from cem.engine import notify, outbox
    from workers.handlers import effects

    receipt = taken(world)
    world.settle()
    clock.stand_at(MONDAY + 60 * MINUTE)
    sla_watch.sweep()
    _, claims = outbox.relay(effects)
    notify.plan_for([claim.id for claim in claims])
    cases.contact(world.seen(receipt, "lin"), Via.PHONE, "called")
    world.settle()
    assert warned(world) == []


def test_after_a_standstill_only_the_last_level_is_told(world: World) -> None:
    taken(world)
    world.settle()
    clock.stand_at(MONDAY + 100 * MINUTE)
    world.settle()
    assert warned(world) == [("first_contact", 80, 100)]


def overdue(receipt: Receipt) -> bool:
    from cem.models import LedgerEntry

    db.session.rollback()
    late = db.select(LedgerEntry).where(
        LedgerEntry.feedback_id == receipt.feedback_id, overdue_at(clock.now())
    )
    return db.session.scalar(late) is not None


def test_what_is_owed_is_not_overdue_while_its_promise_waits_for_the_customer(world: World) -> None:
    receipt = taken(world)
    world.fast_forward(hours=1)
    cases.pause(world.seen(receipt, "lin"), PauseReason.WAITING_CUSTOMER)
    world.fast_forward(days=3)
    assert not overdue(receipt)
    cases.resume(world.seen(receipt, "lin"))
    entry = world.entry(receipt)
    assert entry.due_at == clock.now() + HOUR == world.promise(receipt, "first_contact").due_at
    world.fast_forward(hours=1)
    assert overdue(receipt)
    assert verify.faults() == []


def test_what_was_overdue_before_the_pause_stays_overdue(world: World) -> None:
    receipt = taken(world)
    world.fast_forward(hours=3)
    cases.pause(world.seen(receipt, "lin"), PauseReason.WAITING_CUSTOMER)
    assert overdue(receipt)


def test_every_move_of_the_due_time_is_in_the_history_of_the_entry(world: World) -> None:
    receipt = taken(world)
    world.fast_forward(hours=1)
    cases.pause(world.seen(receipt, "lin"), PauseReason.WAITING_CUSTOMER)
    world.fast_forward(hours=2)
    cases.resume(world.seen(receipt, "lin"))
    moves = db.session.scalars(
        db.select(LedgerMove).where(LedgerMove.feedback_id == receipt.feedback_id).order_by(LedgerMove.id)
    ).all()
    assert moves[-1].due_at == MONDAY + 4 * HOUR


def test_how_a_breach_ended_is_appended_with_the_time_over(world: World) -> None:
    receipt = taken(world)
    world.fast_forward(hours=2, minutes=25)
    cases.contact(world.seen(receipt, "lin"), Via.PHONE, "late, but called")
    breach = db.session.scalars(db.select(Breach)).one()
    end = db.session.get_one(BreachEnd, breach.id)
    assert (breach.due_at, breach.at) == (MONDAY + 2 * HOUR, MONDAY + 2 * HOUR)
    assert (end.at, end.kept, end.over_seconds) == (clock.now(), True, 25 * 60)


def test_the_time_over_of_a_promise_in_business_time_leaves_the_night_out(world: World) -> None:
    world.fast_forward(hours=3)  # 13:00: eight hours later the place closes
    receipt = taken(world, 2)
    world.fast_forward(hours=21)  # 10:00 on Tuesday
    cases.contact(world.seen(receipt, "lin"), Via.PHONE, "late, but called")
    breach = db.session.scalars(db.select(Breach)).one()
    assert db.session.get_one(BreachEnd, breach.id).over_seconds == 3600


def test_a_breach_of_a_case_that_was_dismissed_ends_unkept(world: World) -> None:
    from cem.domain.vocabulary import ExcuseReason

    receipt = complaint(world)
    world.fast_forward(minutes=30)
    case_endings.dismiss(world.seen(receipt, "lin"), ExcuseReason.TEST, "our own test")
    assert [end.kept for end in db.session.scalars(db.select(BreachEnd))] == [False]
    assert world.case(receipt).severity == Severity.HIGH
