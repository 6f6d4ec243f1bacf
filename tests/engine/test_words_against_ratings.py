"""“Five stars, but we waited two hours”: flagged, routed, and put right when the reading is."""

from __future__ import annotations

import pytest

from cem.domain.contradiction import FLAG
from cem.domain.corrections import Correction
from cem.engine import corrections, triage
from cem.engine.intake_lookup import Receipt
from cem.extensions import db
from cem.models import Feedback
from nlp.pipeline import Pipeline, TextIn
from tests.engine.readings import findings, read
from tests.world import World


@pytest.fixture(scope="module")
def pipeline() -> Pipeline:
    from nlp import pipeline as door

    return door.load("fast", "hotel")


def flagged(receipt: Receipt) -> bool:
    db.session.rollback()
    return FLAG in (db.session.get_one(Feedback, receipt.feedback_id).flags or ())


@pytest.mark.parametrize(
    "text", ["五星，可是等了两小时", "五星，可是等了兩個鐘頭", "Five stars, but we waited two hours"]
)
def test_five_stars_and_two_hours_of_waiting_are_flagged_and_routed(
    world: World, pipeline: Pipeline, text: str
) -> None:
    receipt = world.say(text, 5)
    feedback = db.session.get_one(Feedback, receipt.feedback_id)
    triage.apply([(feedback.id, pipeline.analyse([TextIn(text, feedback.rating)])[0])])
    assert flagged(receipt)
    assert world.case(receipt).reason["code"] == "words_against_rating"
    assert world.entry(receipt).owner_id == world.people["lin"]


def test_praise_beside_the_worst_rating_is_flagged_and_its_case_stays(world: World) -> None:
    receipt = world.say("太好吃了", 1)
    before = world.case(receipt).id
    read(receipt, label="positive")
    assert flagged(receipt) and world.case(receipt).id == before


def test_reading_it_twice_has_one_effect_and_another_model_may_take_the_flag_away(world: World) -> None:
    receipt = world.say("等了两小时", 5)
    assert [read(receipt), read(receipt)] == [1, 0]
    assert flagged(receipt)
    triage.apply([(receipt.feedback_id, findings("positive", model="test@2"))])
    assert not flagged(receipt)


def test_a_correction_and_taking_it_back_move_the_flag(world: World) -> None:
    receipt = world.say("你们可真行", 5)
    read(receipt, label="positive")
    assert not flagged(receipt)
    corrections.correct(receipt.feedback_id, Correction(-1), world.actor("lin"))
    assert flagged(receipt) and world.case(receipt).reason["code"] == "words_against_rating"
    corrections.undo(receipt.feedback_id, world.actor("lin"))
    assert not flagged(receipt)
