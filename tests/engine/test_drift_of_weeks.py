"""Weeks of readings are counted once a night; administrators are told when one is unlike the rest."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from sqlalchemy import insert, select

from cem import clock
from cem.domain.findings import Findings, Label, Sentiment, Topic
from cem.engine import drift, looks
from cem.extensions import db
from cem.ids import new_id
from cem.models import Delivery, FindingsRow, ModelUse, OutboxRow, ReadingWeek
from tests.dashboards.past import Past, day
from tests.world import World


def use(model: str) -> None:
    row = {"id": new_id(clock.now()), "since": clock.now(), "profile": "fast", "model": model}
    with db.engines[None].begin() as connection:
        connection.execute(insert(ModelUse), [row])


def said(topic: str, model: str) -> dict[str, Any]:
    label: Label = "negative"
    sentiment = Sentiment(label, -1, -0.5, 0.9, False)
    return Findings("en", sentiment, (Topic(topic, label, 0.9, ()),), (), "normal", (), model).as_dict()


def week(world: World, monday: str, topics: Iterable[str], model: str = "test@1") -> None:
    """One text a topic, read by this model."""
    past = Past(world)
    rows = []
    for number, topic in enumerate(topics):
        at = day(monday) + timedelta(seconds=number)
        id = past.feedback(None, None, at, text=f"text {number}")
        row = {"feedback_id": id, "version": 1, "model": model, "document": said(topic, model)}
        rows.append(row | {"at": at, "stood_in": False})
    with db.engines[None].begin() as connection:
        connection.execute(insert(FindingsRow), rows)


def kept() -> dict[tuple[str, str], int]:
    db.session.rollback()
    return {(row.week.isoformat(), row.model): row.texts for row in db.session.scalars(select(ReadingWeek))}


def told() -> list[str]:
    db.session.rollback()
    rows = db.session.scalars(select(Delivery).where(Delivery.kind == "news"))
    return [row.to for row in rows if row.message.get("notice") == "reading.drifted"]


def test_a_week_that_is_unlike_those_before_is_told_once_to_the_administrators(world: World) -> None:
    use("test@1")
    week(world, "2026-11-11", ["room"] * 120)
    week(world, "2026-11-18", ["heating"] * 110)
    world.settle()
    assert kept() == {("2026-11-09", "test@1"): 120, ("2026-11-16", "test@1"): 110}
    assert told() == ["admin"]
    drift.measure()
    world.settle()
    assert told() == ["admin"], "once for each week"


def test_another_model_is_no_change_of_the_customers(world: World) -> None:
    use("test@2")
    week(world, "2026-11-11", ["room"] * 110, "test@1")
    week(world, "2026-11-18", ["heating"] * 110, "test@2")
    world.settle()
    assert set(kept()) == {("2026-11-09", "test@1"), ("2026-11-16", "test@2")} and told() == []


def test_what_is_read_again_is_counted_anew_and_corrections_do_not_count(world: World) -> None:
    use("test@1")
    week(world, "2026-11-18", ["room"] * 3)
    drift.measure()
    week(world, "2026-11-18", ["room"] * 2)
    drift.measure()
    assert kept() == {("2026-11-16", "test@1"): 5}


def test_it_looks_every_night_and_by_day_only_where_much_is_new(world: World) -> None:
    def asked() -> int:
        db.session.rollback()
        return len(db.session.scalars(select(OutboxRow.id).where(OutboxRow.kind == "texts.look")).all())

    week(world, "2026-11-18", ["room"] * 49)
    assert not looks.ask_if_due(), "too few texts for anything"
    week(world, "2026-11-18", ["room"])
    world.settle()
    assert asked() == 1
    world.fast_forward(minutes=50)
    for number in range(50):
        world.say(f"new {number}")
    world.settle()
    assert asked() == 1, "an hour apart at least"
    world.fast_forward(minutes=11)
    world.settle()
    assert asked() == 2
    world.fast_forward(hours=18)
    world.settle()
    assert asked() == 3, "after three in the morning"
    world.settle()
    assert asked() == 3
