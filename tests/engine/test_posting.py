"""Nobody is told in ten messages what one can say, nor at night what can wait; no page waits for either."""

from __future__ import annotations

from datetime import timedelta
from itertools import pairwise
from typing import Any

from cem import clock
from cem.domain.delivery import Message
from cem.domain.vocabulary import DeliveryKind, TransportName
from cem.engine import accounts, cases, notify, posting
from cem.engine.routes import Route
from cem.engine.transaction import transaction
from cem.extensions import db
from cem.models import Attempt, User
from tests.engine.outside import all_to, reachable, robot, sent_to, states
from tests.world import World


def tell(world: World, kind: DeliveryKind, receipt: Any, who: str = "lin", by: str = "email") -> None:
    """Plan a message of this kind about this case, as if its event had just happened."""
    case_id = world.case(receipt).id
    with transaction() as tx:
        user = tx.session.get_one(User, world.people[who])
        route = Route(TransportName(by), user.username, user.id)
        message = Message(kind, str(user.id), {})
        posting.post(
            tx,
            f"{clock.now().isoformat()}-{case_id}-{kind}:{by}:{user.id}",
            message,
            user,
            route,
            {"case": str(case_id)},
        )


def quiet_cases(world: World, count: int) -> list[Any]:
    """Cases that somebody has taken, so that nothing but what the test says is told of them."""
    receipts = [world.say(f"很失望 {number}", value=2) for number in range(count)]
    world.settle()
    for receipt in receipts:
        cases.acknowledge(world.seen(receipt, "lin"))
    world.settle()
    return receipts


def test_several_within_the_minute_are_one_message(world: World) -> None:
    receipts = quiet_cases(world, 4)
    reachable(world, "lin", "email", "lin@example.com")
    for receipt in receipts:
        tell(world, DeliveryKind.BREACH, receipt)
    world.settle()
    assert states(world, "lin", "email") == ["sent", "held"]
    world.fast_forward(seconds=61)
    first, together = sent_to(world, "lin", "email")
    numbers = [str(world.case(receipt).number) for receipt in receipts]
    assert numbers[0] in str(first.text)
    assert all(number in str(together.text) for number in numbers[1:])
    assert len(together.case_ids or ()) == 3


def test_the_first_page_of_a_case_is_never_bundled_away(world: World) -> None:
    reachable(world, "lin", "email", "lin@example.com")
    receipts = [world.tap(1, touchpoint) for touchpoint in ("front-desk", "room")]
    world.settle()
    told = [row.case_id for row in sent_to(world, "lin", "email") if row.kind == "page"]
    assert told == [world.case(receipt).id for receipt in receipts]


def test_what_was_taken_in_the_meantime_is_left_out(world: World) -> None:
    receipts = [world.say(f"很失望 {number}", value=2) for number in range(3)]
    world.settle()
    reachable(world, "zhou", "email", "zhou@example.com")
    for receipt in receipts:
        tell(world, DeliveryKind.ESCALATION, receipt, "zhou")
    world.settle()
    cases.acknowledge(world.seen(receipts[1], "lin"))
    world.fast_forward(seconds=61)
    together = sent_to(world, "zhou", "email")[-1]
    assert together.case_ids == [str(world.case(receipts[2]).id)]


def test_at_night_what_one_should_know_waits_and_pages_do_not(world: World) -> None:
    (receipt,) = quiet_cases(world, 1)
    reachable(world, "lin", "email", "lin@example.com")
    reachable(world, "zhou", "email", "zhou@example.com")
    accounts.choose_hours(world.people["zhou"], "09:00", "12:00", "08:00")  # it is ten
    tell(world, DeliveryKind.BREACH, receipt, "zhou")
    tell(world, DeliveryKind.PAGE, world.say("很失望", value=2), "zhou")
    world.settle()
    assert sorted((row.kind.value, row.state.value) for row in all_to(world, "zhou", "email")) == [
        ("breach", "held"),
        ("page", "sent"),
    ]
    world.fast_forward(hours=2)
    assert ("zhou", "breach") in world.told("breach")


def test_news_comes_once_a_day_at_its_hour(world: World) -> None:
    receipts = quiet_cases(world, 3)
    reachable(world, "zhou", "email", "zhou@example.com")
    for receipt in receipts:
        cases.assign(world.seen(receipt, "lin"), "zhou")
    world.settle()
    assert states(world, "zhou", "email") == ["held"]
    world.fast_forward(hours=22)
    (digest,) = sent_to(world, "zhou", "email")
    assert digest.sent_at is not None
    assert digest.sent_at.isoformat() == "2026-11-24T00:00:00+00:00"
    assert len(digest.case_ids or ()) == 3


def test_what_was_read_on_the_desk_is_not_mailed(world: World) -> None:
    (receipt,) = quiet_cases(world, 1)
    reachable(world, "zhou", "email", "zhou@example.com")
    accounts.choose_hours(world.people["zhou"], None, None, "10:30")
    cases.assign(world.seen(receipt, "lin"), "zhou")
    world.settle()
    notify.seen(world.people["zhou"], world.case(receipt).id)
    world.fast_forward(minutes=30)
    assert states(world, "zhou", "email") == ["stopped"]


def test_late_arrivals_are_mailed_in_the_digest(world: World) -> None:
    reachable(world, "lin", "email", "lin@example.com")
    accounts.choose_hours(world.people["lin"], None, None, "10:30")
    late = [world.tap(1, occurred_at=clock.now() - timedelta(days=2)) for _ in range(2)]
    world.settle()
    for receipt in late:
        cases.acknowledge(world.seen(receipt, "lin"))
    assert states(world, "lin", "email") == ["held"]
    world.fast_forward(minutes=30)
    (digest,) = sent_to(world, "lin", "email")
    assert len(digest.case_ids or ()) == 2


def test_one_telephone_gets_one_text_message_a_minute_and_five_in_a_quarter_of_an_hour(world: World) -> None:
    reachable(world, "lin", "sms", "+8613800000000")
    began = clock.now()
    for number in range(7):
        world.say(f"很失望 {number}", value=2)
    world.fast_forward(minutes=40)
    at = sorted(db.session.scalars(db.select(Attempt.began_at)))
    assert len(at) == 7
    assert all(later - first >= timedelta(minutes=1) for first, later in pairwise(at))
    assert all(later - first >= timedelta(minutes=15) for first, later in zip(at, at[5:], strict=False))
    assert at[0] == began


def test_of_those_who_wait_for_a_robot_whoever_was_told_least_recently_is_next(world: World) -> None:
    receipts = quiet_cases(world, 1)
    robot(world, "group")
    _told_to_robot(world, receipts[0], ["lin"] * 24 + ["zhou"])
    world.settle()
    assert states(world, "group") == ["sent"] * 20 + ["held"] * 5
    (zhou,) = [row for row in all_to(world, "group") if row.message["user"] == str(world.people["zhou"])]
    lins = [row for row in all_to(world, "group") if row.state == "held" and row.id != zhou.id]
    assert all(zhou.held_until <= row.held_until for row in lins)
    world.fast_forward(seconds=62)
    order = sorted(sent_to(world, "group")[20:], key=lambda row: (row.sent_at, row.id))
    assert len(order) == 5


def _told_to_robot(world: World, receipt: Any, people: list[str]) -> None:
    from cem.models import Robot

    case_id = world.case(receipt).id
    with transaction() as tx:
        group = tx.session.scalars(db.select(Robot)).one()
        for number, who in enumerate(people):
            user = tx.session.get_one(User, world.people[who])
            message = Message(DeliveryKind.BREACH, str(user.id), {})
            route = Route(group.transport, group.name, robot_id=group.id)
            posting.post(tx, f"{number}:wecom:{group.id}", message, user, route, {"case": str(case_id)})
