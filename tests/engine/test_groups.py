"""A storm is one group: one ladder, one page for all, and each case with its own owner and answer."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import func, select

from cem import clock
from cem.domain.ratings import Rating
from cem.domain.reasons import Refused
from cem.domain.submission import Submission
from cem.domain.vocabulary import CaseState, Channel, DeliveryState, Via
from cem.engine import cases, dispatch, group_answers, group_ladder, group_steps, intake, verify
from cem.engine.intake_lookup import Receipt
from cem.engine.transaction import transaction
from cem.extensions import db
from cem.models import Attempt, Case, CaseEvent, CaseGroup, Delivery, GroupMember, LedgerEntry, Reply
from tests.engine.outside import robot, sent_to
from tests.engine.readings import read
from tests.world import World


def storm(world: World, count: int, value: int = 1, every: float = 0, **more: object) -> list[Receipt]:
    taps = []
    for _ in range(count):
        taps.append(world.tap(value, **more))
        world.fast_forward(seconds=every) if every else world.settle()
    return taps


def at_once(world: World, count: int) -> None:
    """So many touch the face before anybody looks: one commit, as the intake's writer makes it."""
    tap = Submission(Channel.KIOSK, "bund", "front-desk", Rating("faces5", 1))
    with transaction() as tx:
        _, events = intake.record(tx.connection, [tap] * count, tx.now)
        tx.events += events


def the_group(world: World) -> CaseGroup:
    db.session.rollback()
    return db.session.scalars(select(CaseGroup)).one()


def members(world: World) -> int:
    db.session.rollback()
    return int(db.session.scalar(select(func.count()).where(GroupMember.left_at.is_(None))) or 0)


def open_cases(world: World) -> int:
    db.session.rollback()
    return int(db.session.scalar(select(func.count()).where(Case.state == CaseState.OPEN)) or 0)


def test_the_fifth_within_three_minutes_starts_a_group_and_the_next_ones_join_it(world: World) -> None:
    storm(world, 4)
    assert world.told() == [("lin", "page")] * 4
    storm(world, 3)
    assert world.told() == [("lin", "page")] * 4 + [("lin", "group")]
    assert members(world) == 7
    assert the_group(world).reason["code"] == "storm.touchpoint"
    assert verify.faults() == []


def test_a_group_has_one_ladder_at_its_highest_priority_and_its_cases_have_none(world: World) -> None:
    storm(world, 6)
    world.fast_forward(minutes=26)
    assert world.told("group", "escalation") == [
        ("lin", "group"),
        ("zhou", "escalation"),
        ("shen", "escalation"),
        ("gu", "escalation"),
        ("gu", "escalation"),
    ]
    assert world.told("page") == [("lin", "page")] * 4


def test_acknowledging_the_group_acknowledges_every_case_each_with_its_history(world: World) -> None:
    taps = storm(world, 6)
    assert group_steps.acknowledge(the_group(world).id, world.actor("zhou")) == 6
    for tap in taps:
        case = world.case(tap)
        assert (case.state, case.owner_id) == (CaseState.ACKNOWLEDGED, world.people["zhou"])
        assert [event.kind for event in case.events] == ["opened", "grouped", "acknowledged"]
        assert world.promise(tap, "acknowledge").fulfilled_at is not None
    world.fast_forward(minutes=30)
    assert world.told("escalation") == []


def test_somebody_was_first_with_a_group_too(world: World) -> None:
    storm(world, 5)
    group_steps.acknowledge(the_group(world).id, world.actor("zhou"))
    with pytest.raises(Refused) as refused:
        group_steps.acknowledge(the_group(world).id, world.actor("lin"))
    assert refused.value.reason.code == "group_taken"


def test_one_more_after_that_pages_once_for_all_that_follow(world: World) -> None:
    storm(world, 5)
    group_steps.acknowledge(the_group(world).id, world.actor("lin"))
    taps = storm(world, 3)
    assert world.told("group") == [("lin", "group")] * 2
    assert group_steps.acknowledge(the_group(world).id, world.actor("lin")) == 3
    assert {world.case(tap).state for tap in taps} == {CaseState.ACKNOWLEDGED}


def test_a_case_that_somebody_takes_alone_leaves_the_others_waiting(world: World) -> None:
    taps = storm(world, 5)
    cases.acknowledge(world.seen(taps[0], "lin"))
    world.fast_forward(minutes=3)
    assert world.told("escalation") == [("zhou", "escalation")]
    for tap in taps[1:]:
        cases.acknowledge(world.seen(tap, "lin"))
    world.fast_forward(minutes=30)
    assert world.told("escalation") == [("zhou", "escalation")]


def test_one_text_answers_all_each_with_its_own_evidence(world: World) -> None:
    taps = storm(world, 5)
    group_id = the_group(world).id
    group_steps.acknowledge(group_id, world.actor("lin"))
    assert group_answers.answer(group_id, "我们的系统坏了，抱歉。", Via.MESSAGE, world.actor("lin")).done == 5
    entries = [world.entry(tap) for tap in taps]
    assert {entry.state.value for entry in entries} == {"answered"}
    assert len({entry.evidence["id"] for entry in entries if entry.evidence}) == 5
    assert group_answers.answer(group_id, "noch einmal", Via.MESSAGE, world.actor("lin")).done == 0
    assert db.session.scalar(select(func.count()).select_from(Reply)) == 5


def test_one_that_is_something_else_leaves_and_is_paged_on_its_own(world: World) -> None:
    taps = storm(world, 5)
    case_id = world.case(taps[2]).id
    group_steps.separate(the_group(world).id, case_id, world.actor("lin"))
    world.settle()
    assert world.told("page") == [("lin", "page")] * 5
    world.fast_forward(minutes=3)
    assert world.told("escalation") == [("zhou", "escalation")] * 2
    storm(world, 1)
    assert members(world) == 5
    with pytest.raises(Refused):
        group_steps.separate(the_group(world).id, case_id, world.actor("lin"))


def test_a_group_that_is_taken_apart_leaves_each_case_to_its_own_ladder(world: World) -> None:
    storm(world, 6)
    assert group_steps.split(the_group(world).id, world.actor("lin")) == 6
    world.fast_forward(minutes=3)
    assert world.told("escalation") == [("zhou", "escalation")] * 6
    assert verify.faults() == []


def test_what_turns_out_to_be_dangerous_rings_on_its_own(world: World) -> None:
    words = [world.say("很生气", 1) for _ in range(5)]
    world.settle()
    assert members(world) == 5
    read(words[1], "safety")
    world.settle()
    assert members(world) == 4
    assert world.told() == [("lin", "group"), ("lin", "page")]


def test_who_is_complained_about_does_not_take_that_case_with_the_group(world: World) -> None:
    storm(world, 4)
    about = storm(world, 1, staff="zhou")[0]
    storm(world, 1)
    group_steps.acknowledge(the_group(world).id, world.actor("zhou"))
    world.settle()
    assert world.case(about).state is CaseState.OPEN
    assert open_cases(world) == 1
    assert world.told("page")[-1] == ("lin", "page")


def test_a_group_that_nobody_contacted_is_paged_again_once(world: World) -> None:
    storm(world, 6)
    group_steps.acknowledge(the_group(world).id, world.actor("lin"))
    world.fast_forward(hours=8, seconds=1)
    assert open_cases(world) == 6
    assert world.told("group") == [("lin", "group")] * 2
    assert world.told("page") == [("lin", "page")] * 4
    assert verify.faults() == []


def test_a_group_takes_nobody_in_after_a_quiet_half_hour_and_ends_when_all_are_at_work(world: World) -> None:
    taps = storm(world, 5)
    group_id = the_group(world).id
    world.fast_forward(minutes=31)
    assert the_group(world).calm_at is not None
    assert the_group(world).ended_at is None, "nobody has taken it: its ladder goes on"
    storm(world, 1)
    assert members(world) == 5
    group_steps.acknowledge(group_id, world.actor("lin"))
    group_answers.answer(group_id, "Sorry.", Via.MESSAGE, world.actor("lin"))
    world.fast_forward(minutes=31)
    assert the_group(world).ended_at is not None
    assert world.case(taps[0]).state is CaseState.IN_PROGRESS


def test_a_group_whose_step_cannot_be_taken_leaves_nobody_unpaged(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    storm(world, 5)

    def fails(group_id: UUID) -> bool:
        raise RuntimeError("a defect")

    monkeypatch.setattr("cem.engine.group_ladder.escalate", fails)
    clock.stand_at(clock.now() + timedelta(minutes=2))
    world.settle()
    assert world.told("escalation") == [("zhou", "escalation")] * 5


def test_acknowledging_that_was_cut_off_is_finished_by_its_task(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    storm(world, 6)
    with monkeypatch.context() as cut:
        cut.setattr(group_steps, "finish_taking", lambda group_id: 0)
        group_steps.acknowledge(the_group(world).id, world.actor("lin"))
    assert open_cases(world) == 6
    world.settle()
    assert open_cases(world) == 0
    assert db.session.scalar(select(func.count()).where(CaseEvent.kind == "acknowledged")) == 6


def test_acknowledging_stops_the_groups_message_that_was_on_its_way(world: World) -> None:
    storm(world, 5)
    world.fast_forward(minutes=1, seconds=59)
    clock.stand_at(clock.now() + timedelta(seconds=2))
    group_ladder.escalate(the_group(world).id)
    group_steps.acknowledge(the_group(world).id, world.actor("lin"))
    world.settle()
    assert world.told("escalation") == []


def test_three_hundred_in_three_minutes_are_one_page_and_none_is_lost(world: World) -> None:
    robot(world, "group")
    for _ in range(6):
        at_once(world, 50)
        world.fast_forward(seconds=30)
    assert world.told("group").count(("lin", "group")) == 1
    assert len(world.told("page")) == 8, "the first four, to lin and to the robot"
    assert members(world) == 300
    at = sorted(db.session.scalars(select(Attempt.began_at)))
    assert len(at) <= 20
    assert {row.state for row in sent_to(world, "group")} <= {DeliveryState.SENT}
    assert db.session.scalar(select(func.count()).select_from(LedgerEntry)) == 300
    assert world.told("escalation")[0] == ("zhou", "escalation")
    assert verify.faults() == []
    assert db.session.scalar(select(func.count()).where(Delivery.state.in_(dispatch.WAITING))) == 0
