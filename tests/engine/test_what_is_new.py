"""Eight of two hundred texts speak of something new: kept with its evidence, hidden if somebody says so."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select

from cem.dashboards import emerging as read_model
from cem.domain.vocabulary import ExcuseReason
from cem.engine import emerging
from cem.extensions import db
from cem.models import EmergingPhrase
from tests.dashboards.past import Past
from tests.nlp.test_emerging import NEW, usual
from tests.world import MONDAY, World

ROBOT = NEW["送餐機器人"]
NOW, BEFORE = MONDAY - timedelta(days=2), MONDAY - timedelta(days=20)


def write(world: World, texts: list[str], site: str = "bund", at: datetime = NOW, **more: Any) -> None:
    Past(world, site).write_texts(texts, at, **more)


def ordinary(world: World, this: int = 192, before: int = 150) -> None:
    write(world, [said.text for said in usual(this, 0)])
    write(world, [said.text for said in usual(before, 3)], at=BEFORE)


def kept() -> list[str]:
    db.session.rollback()
    return list(db.session.scalars(select(EmergingPhrase.shown).order_by(EmergingPhrase.rank)))


def test_a_new_phrase_in_8_of_200_items_is_kept_and_each_sees_their_own_part(world: World) -> None:
    ordinary(world)
    write(world, ROBOT[:6])
    write(world, ROBOT[6:], "soho")
    assert emerging.look() == 1
    look = read_model.last_look("group/")
    assert look is not None
    (found,) = look.found
    assert (found.shown, found.n, found.of, len(found.ids)) == ("送餐機器人", 8, 200, 8)
    part = read_model.last_look("group/west/soho/")
    assert part is not None
    assert [(each.n, each.of, len(each.ids)) for each in part.found] == [(2, 2, 2)]


def test_what_was_excused_as_a_test_makes_no_phrase(world: World) -> None:
    ordinary(world)
    write(world, ROBOT, state="excused", excuse=ExcuseReason.TEST)
    assert emerging.look() == 0


def test_a_phrase_that_is_no_topic_stays_hidden_until_that_is_taken_back(world: World) -> None:
    ordinary(world)
    write(world, ROBOT)
    emerging.look()
    id = db.session.scalars(select(EmergingPhrase.id)).one()
    for _ in range(2):
        emerging.set_hidden(id, True, world.actor("admin"))
    look = read_model.last_look("group/")
    assert look and not look.found and [each.id for each in look.hidden] == [id]
    assert emerging.look() == 0
    emerging.set_hidden(id, False, world.actor("admin"))
    assert emerging.look() == 1


def test_the_look_comes_by_itself_every_night(world: World) -> None:
    ordinary(world, 60, 100)
    world.settle()
    assert kept() == []
    write(world, ROBOT)
    world.fast_forward(days=1)
    world.settle()
    assert kept() == ["送餐機器人"]
