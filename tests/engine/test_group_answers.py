"""One text, or one outcome, for many: each case by its own rules, and nothing twice."""

from __future__ import annotations

from uuid import UUID

import pytest
from sqlalchemy import func, select, update

from cem.domain.submission import GivenCustomer
from cem.domain.vocabulary import CaseState, ResolutionCode, Via
from cem.engine import group_answers, group_steps, replies
from cem.engine.case_endings import Resolution
from cem.engine.intake_lookup import Receipt
from cem.extensions import db
from cem.models import Case, CaseGroup, Reply
from tests.world import World

CAUSE = Resolution(ResolutionCode.EXPLAINED, "The till was down until ten.")


@pytest.fixture
def storm(world: World) -> list[Receipt]:
    """Five who left nothing, and one who may be written to."""
    known = GivenCustomer(external_id="g-1", email="guest@example.org", contact_consent=True)
    taps = [world.tap(1) for _ in range(5)] + [world.tap(1, customer=known)]
    world.settle()
    group_steps.acknowledge(the_group(), world.actor("lin"))
    return taps


def the_group() -> UUID:
    db.session.rollback()
    return db.session.scalars(select(CaseGroup.id)).one()


def written() -> int:
    db.session.rollback()
    return int(db.session.scalar(select(func.count()).select_from(Reply)) or 0)


def test_who_cannot_be_reached_is_said_before_and_gets_nothing(world: World, storm: list[Receipt]) -> None:
    listed = group_answers.owed(db.session, the_group(), Via.EMAIL, world.actor("lin"))
    why = [each.why_not.code if each.why_not else None for each in listed]
    assert why == ["unreached.unknown"] * 5 + [None]
    assert group_answers.answer(the_group(), "Sorry.", Via.EMAIL, world.actor("lin")).done == 1
    assert [world.entry(tap).state.value for tap in storm] == ["owed"] * 5 + ["answered"]


def test_only_those_that_were_chosen_are_answered(world: World, storm: list[Receipt]) -> None:
    some = [world.case(tap).id for tap in storm[:2]]
    assert group_answers.answer(the_group(), "Sorry.", Via.MESSAGE, world.actor("lin"), some).done == 2
    assert [world.entry(tap).state.value for tap in storm] == ["answered"] * 2 + ["owed"] * 4


def test_asking_again_writes_nobody_a_second_time(world: World, storm: list[Receipt]) -> None:
    for done in (6, 0):
        assert group_answers.answer(the_group(), "Sorry.", Via.MESSAGE, world.actor("lin")).done == done
    ids = [tap.feedback_id for tap in storm]
    assert replies.reply_to_owed(ids, "Sorry.", Via.MESSAGE, world.actor("lin")) == 0, "nor a moment later"
    assert written() == 6


def test_it_goes_on_where_a_part_ended(world: World, storm: list[Receipt]) -> None:
    first = group_answers.answer(the_group(), "Sorry.", Via.MESSAGE, world.actor("lin"), at_most=4)
    assert (first.done, first.after is not None) == (4, True)
    rest = group_answers.answer(the_group(), "Sorry.", Via.MESSAGE, world.actor("lin"), None, first.after, 4)
    assert (rest.done, rest.after) == (2, None)


def test_what_is_about_whoever_answers_is_left_to_others(world: World, storm: list[Receipt]) -> None:
    about = world.tap(1, staff="lin")
    world.settle()
    listed = group_answers.owed(db.session, the_group(), Via.MESSAGE, world.actor("lin"))
    assert [each.why_not.code for each in listed if each.why_not] == ["recused"]
    assert group_answers.answer(the_group(), "Sorry.", Via.MESSAGE, world.actor("lin")).done == 6
    assert world.entry(about).state.value == "owed"


def test_all_that_were_answered_are_resolved_and_those_that_are_owed_are_not(
    world: World, storm: list[Receipt]
) -> None:
    some = [world.case(tap).id for tap in storm[:4]]
    group_answers.answer(the_group(), "Sorry.", Via.MESSAGE, world.actor("lin"), some)
    outcome = group_answers.resolve(the_group(), CAUSE, world.actor("lin"))
    assert (outcome.done, outcome.refused) == (4, {})
    assert [world.case(tap).state for tap in storm] == [CaseState.RESOLVED] * 4 + [CaseState.ACKNOWLEDGED] * 2
    assert group_answers.resolve(the_group(), CAUSE, world.actor("lin")).done == 0, (
        "asking twice does nothing"
    )


def test_a_case_that_its_rules_do_not_let_go_does_not_keep_the_others(
    world: World, storm: list[Receipt]
) -> None:
    group_answers.answer(the_group(), "Sorry.", Via.MESSAGE, world.actor("lin"))
    stubborn = world.case(storm[0]).id
    with db.engines[None].begin() as connection:  # as if it had been opened again meanwhile
        connection.execute(update(Case).where(Case.id == stubborn).values(answered_at=None))
    outcome = group_answers.resolve(the_group(), CAUSE, world.actor("lin"))
    assert outcome.done == 5
    assert {id: reason.code for id, reason in outcome.refused.items()} == {
        stubborn: "resolution_needs_answer"
    }
