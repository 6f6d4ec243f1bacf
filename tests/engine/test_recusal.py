"""Nobody handles a complaint about themselves, whichever feedback of a case, or of a group, says so."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from cem.domain.reasons import Refused
from cem.domain.vocabulary import CaseState, Via
from cem.engine import case_endings, cases, group_steps, leaving, replies
from cem.extensions import db
from cem.models import AuditRow, CaseGroup
from tests.world import World


def refusals(world: World) -> int:
    db.session.rollback()
    return len(db.session.scalars(select(AuditRow.id).where(AuditRow.action == "case.recusal")).all())


def test_the_ladder_passes_over_whom_a_merged_feedback_is_about(world: World) -> None:
    first, second = world.tap(1), world.tap(1, staff="zhou")
    case_endings.merge(world.seen(second, "shen"), world.case(first).id)
    world.fast_forward(minutes=3)
    assert world.told("escalation") == [("shen", "escalation")], "not zhou, whose turn it would have been"


def test_whom_a_merged_feedback_is_about_cannot_take_the_case_and_that_is_kept(world: World) -> None:
    first, second = world.tap(1), world.tap(1, staff="zhou")
    case_endings.merge(world.seen(second, "shen"), world.case(first).id)
    for act in (
        lambda: cases.acknowledge(world.seen(first, "zhou")),
        lambda: cases.assign(world.seen(first, "lin"), "zhou"),
    ):
        with pytest.raises(Refused, match="recused"):
            act()
    assert refusals(world) == 2


def test_a_case_is_not_merged_into_one_of_whom_it_is_about_and_that_is_kept(world: World) -> None:
    first, second = world.tap(1), world.tap(1, staff="lin")
    with pytest.raises(Refused, match="recused"):
        case_endings.merge(world.seen(second, "shen"), world.case(first).id)
    assert refusals(world) == 1


def test_answering_a_complaint_about_oneself_is_refused_and_kept(world: World) -> None:
    about = world.tap(1, staff="lin")
    with pytest.raises(Refused, match="recused"):
        replies.reply(about.feedback_id, "It was not me.", Via.MESSAGE, world.actor("lin"))
    assert refusals(world) == 1


def test_who_leaves_does_not_leave_it_to_whom_a_merged_feedback_is_about(world: World) -> None:
    first, second = world.tap(1), world.tap(1, staff="shen")
    case_endings.merge(world.seen(second, "gu"), world.case(first).id)
    cases.assign(world.seen(first, "lin"), "zhou")
    leaving.end_user(world.people["zhou"], world.actor("admin"))
    assert str(world.case(first).owner_id) == str(world.people["lin"])


def test_a_case_of_a_group_about_whoever_is_paged_is_paged_past_them(world: World) -> None:
    taps = [world.tap(1) for _ in range(5)]
    world.settle()
    about = world.tap(1, staff="zhou")
    world.fast_forward(minutes=2)
    assert world.told("escalation") == [("zhou", "escalation")]
    world.settle()
    assert world.told("page")[-1] == ("lin", "page"), "the one about zhou rings where it may be handled"
    group = db.session.scalars(select(CaseGroup.id)).one()
    group_steps.acknowledge(group, world.actor("zhou"))
    assert {world.case(tap).state for tap in taps} == {CaseState.ACKNOWLEDGED}
    assert world.case(about).state is CaseState.OPEN


def test_a_storm_about_one_person_passes_them_over(world: World) -> None:
    for _ in range(6):
        world.tap(1, staff="zhou")
    world.settle()
    world.fast_forward(minutes=3)
    assert world.told("escalation") == [("shen", "escalation")]
