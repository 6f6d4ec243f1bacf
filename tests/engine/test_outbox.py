"""What is said in the outbox: kept for everybody who looks, relayed only where something is to be done."""

from __future__ import annotations

from cem.extensions import db
from cem.models import OutboxRow, Task
from tests.world import World


def waiting() -> set[str]:
    """The kinds of events that the relay has still to look at."""
    db.session.rollback()
    return set(db.session.scalars(db.select(OutboxRow.kind).where(OutboxRow.expanded_at.is_(None))))


def test_an_event_without_effects_never_waits_for_the_relay(world: World) -> None:
    world.tap(5)
    assert waiting() == set()
    assert db.session.scalars(db.select(OutboxRow.kind)).all() == ["feedback.stored"]


def test_an_event_with_effects_waits_until_it_is_relayed(world: World) -> None:
    world.tap(1)
    assert waiting() == {"case.opened"}
    world.settle()
    assert waiting() == set()
    assert {task.job for task in db.session.scalars(db.select(Task))} >= {"plan", "deliver"}


def test_a_text_waits_to_be_understood(world: World) -> None:
    world.say("The tea was cold.")
    assert waiting() == {"feedback.stored"}
