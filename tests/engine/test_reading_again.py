"""The hub reads with words until the wished model is there, and then reads again what words stood in for."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest

from cem.engine import triage, understanding
from cem.engine.intake_lookup import Receipt
from cem.extensions import db
from cem.models import FindingsRow, ModelUse
from nlp.models import note
from tests.engine.readings import findings
from tests.nlp.late import LateModel, late_standard
from tests.world import World
from workers import weights
from workers.jobs import analyse

GOOD = "很好吃，服务热情"


@pytest.fixture
def late(world: World) -> Iterator[LateModel]:
    settings = world.app.extensions["cem_settings"]
    world.app.extensions["cem_settings"] = replace(settings, profile="standard")
    with late_standard(settings.models) as model:
        yield model


def begins_anew(world: World) -> None:
    """As after a restart: nothing is in memory."""
    world.app.extensions.pop("cem_reader", None)


def read_by(receipt: Receipt) -> list[str]:
    rows = db.select(FindingsRow.model).where(FindingsRow.feedback_id == receipt.feedback_id)
    db.session.rollback()
    return list(db.session.scalars(rows.order_by(FindingsRow.version)))


def uses() -> list[tuple[str, str | None]]:
    db.session.rollback()
    rows = db.session.execute(db.select(ModelUse.model, ModelUse.code).order_by(ModelUse.since, ModelUse.id))
    return [tuple(row) for row in rows]


def test_until_the_model_is_there_words_stand_in_and_the_hub_says_so(world: World, late: LateModel) -> None:
    said = world.say(GOOD)
    world.settle()
    assert read_by(said) == ["fast@2"]
    assert understanding.waiting() == 1
    assert uses() == [("fast@2", "not_made")]


def test_what_words_stood_in_for_is_read_again_and_keeps_both_versions(world: World, late: LateModel) -> None:
    said = [world.say(f"{GOOD} {number}") for number in range(3)]
    world.settle()
    weights.prepare(world.app)
    world.settle()
    assert {tuple(read_by(each)) for each in said} == {("fast@2", "standard@9")}
    assert understanding.waiting() == 0
    assert uses() == [("fast@2", "not_made"), ("standard@9", None)]
    later = world.say(GOOD)
    world.settle()
    assert read_by(later) == ["standard@9"]


def test_a_worker_that_has_nothing_to_read_takes_the_model_too(world: World, late: LateModel) -> None:
    analyse.warm()
    assert uses() == [("fast@2", "not_made")]
    weights.prepare(world.app)
    world.settle()
    assert uses() == [("fast@2", "not_made"), ("standard@9", None)]
    weights.prepare(world.app)
    assert not understanding.model_is_there()


def test_more_than_one_round_is_read_again(
    world: World, late: LateModel, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(understanding, "AT_ONCE", 2)
    said = [world.say(f"{GOOD} {number}") for number in range(5)]
    world.settle()
    weights.prepare(world.app)
    world.settle()
    assert {tuple(read_by(each)) for each in said} == {("fast@2", "standard@9")}


def test_a_case_that_the_first_reading_opened_stays(world: World, late: LateModel) -> None:
    said = world.say("太难吃了，服务态度恶劣")
    world.settle()
    case = (world.case(said).id, world.case(said).state)
    weights.prepare(world.app)
    world.settle()
    assert read_by(said) == ["fast@2", "standard@9"]
    assert (world.case(said).id, world.case(said).state) == case


def test_a_case_that_only_the_second_reading_sees_is_opened(world: World, late: LateModel) -> None:
    said = world.say(GOOD)
    world.settle()
    assert world.entry(said).case_id is None
    weights.prepare(world.app)
    world.settle()
    assert world.entry(said).case_id is not None


def test_a_restart_between_the_model_and_the_second_reading_loses_nothing(
    world: World, late: LateModel
) -> None:
    said = world.say(GOOD)
    world.settle()
    late.arrives()
    begins_anew(world)
    world.settle()
    assert read_by(said) == ["fast@2"]
    weights.prepare(world.app)
    world.settle()
    assert read_by(said) == ["fast@2", "standard@9"]


def test_what_a_person_read_meanwhile_is_not_read_again(world: World, late: LateModel) -> None:
    said = world.say(GOOD)
    world.settle()
    triage.apply([(said.feedback_id, findings("neutral", model="person@1"))])
    weights.prepare(world.app)
    world.settle()
    assert read_by(said) == ["fast@2", "person@1"]
    assert understanding.waiting() == 0


def test_where_the_weights_cannot_be_had_the_hub_stays_with_words_and_keeps_why(
    world: World, late: LateModel
) -> None:
    late.cannot_be_had()
    said = world.say(GOOD)
    world.settle()
    weights.prepare(world.app)
    world.settle()
    assert read_by(said) == ["fast@2"]
    noted = note.read(world.app.extensions["cem_settings"].models)
    assert noted is not None and (noted.state, noted.code) == ("failed", "not_carried")


def test_those_who_wish_for_words_wait_for_nothing(world: World) -> None:
    said = world.say(GOOD)
    world.settle()
    weights.prepare(world.app)
    assert understanding.waiting() == 0
    assert read_by(said) == ["fast@2"] and uses() == [("fast@2", None)]
