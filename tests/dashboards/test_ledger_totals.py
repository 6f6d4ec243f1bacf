"""The ledger's figures add up for every slice, on both databases."""

from __future__ import annotations

from datetime import timedelta

from cem import clock
from cem.dashboards import ledger
from cem.domain.ratings import Rating
from cem.domain.submission import Submission
from cem.domain.vocabulary import Channel, ExcuseReason, Via
from cem.engine import replies
from cem.extensions import db
from tests.world import World


def _some_of_each(world: World) -> None:
    world.tap(5)
    reply = world.tap(1)
    public = world.say("The soup was cold.", 2)
    world.say("Nobody came.", 3)
    test = world.tap(3)
    world.submit(Submission(Channel.API, "soho", rating=Rating("nps", 10)))
    replies.reply(reply.feedback_id, "Sorry!", Via.EMAIL, world.actor("lin"))
    replies.reply(public.feedback_id, "Sorry!", Via.PUBLIC_REPLY, world.actor("lin"))
    replies.excuse(test.feedback_id, ExcuseReason.TEST, "Our own test.", world.actor("lin"))
    db.session.rollback()


def test_everything_is_owed_answered_or_excused(world: World) -> None:
    _some_of_each(world)
    all_of_it = ledger.totals()
    assert all_of_it.adds_up
    assert (all_of_it.total, all_of_it.owed, all_of_it.overdue) == (6, 1, 0)
    assert all_of_it.answered == {"thanked": 2, "personal": 1, "public": 1}
    assert all_of_it.excused_in_all == all_of_it.excused["test"] == 1


def test_what_is_owed_is_overdue_from_its_due_time_on(world: World) -> None:
    owed = world.say("Nobody came.", 3)
    due_at = world.entry(owed).due_at
    assert due_at is not None
    clock.stand_at(due_at - timedelta(seconds=1))
    assert ledger.totals().overdue == 0
    clock.stand_at(due_at)
    assert ledger.totals().overdue == 1


def test_only_the_places_below_a_path_and_the_time_asked_for_are_counted(world: World) -> None:
    _some_of_each(world)
    now = clock.now()
    assert ledger.totals("group/east/").total == 5
    assert ledger.totals("group/west/").total == 1
    assert ledger.totals("", now, now + timedelta(seconds=1)).total == 6
    assert ledger.totals("", None, now).total == 0


def test_every_breakdown_sums_to_the_whole(world: World) -> None:
    _some_of_each(world)
    whole = ledger.totals()
    for by in ("site", "channel", "day", "owner"):
        parts = ledger.breakdown(by)
        assert all(part.adds_up for part in parts.values())
        assert sum(part.total for part in parts.values()) == whole.total
        assert sum(part.owed for part in parts.values()) == whole.owed
    assert set(ledger.breakdown("site")) == {"bund", "soho"}
    assert set(ledger.breakdown("owner")) == {"lin", ledger.NOBODY}
    assert set(ledger.breakdown("day")) == {"2026-11-23"}
