"""Two who act at the same time: one thing happens, and the second is told."""

from __future__ import annotations

import pytest

from cem.domain.reasons import Refused
from cem.domain.vocabulary import ExcuseReason, Via
from cem.engine import audit, case_endings, cases, outbox, reopenings, replies, sla_watch, verify
from cem.engine.case_steps import Seen
from cem.extensions import db
from cem.models import AuditRow, Breach, Case, CaseEvent, Task
from tests.engine.moves import complaint, solved
from tests.engine.together import at_once
from tests.world import World


def test_two_managers_acknowledge_and_the_second_is_told_who_was_first(world: World) -> None:
    receipt = complaint(world)
    mine, yours = world.seen(receipt, "lin"), world.seen(receipt, "zhou")
    found = at_once(world.app, lambda: cases.acknowledge(mine), lambda: cases.acknowledge(yours))
    refused = [each for each in found if isinstance(each, Refused)]
    assert len(refused) == 1 and found.count(None) == 1
    first = "lin" if found[0] is None else "zhou"
    assert refused[0].reason.code == "somebody_was_first"
    assert refused[0].reason.args["by"] == str(world.actor(first))
    assert world.case(receipt).owner_id == world.people[first]


@pytest.mark.parametrize("race", range(3))
def test_of_two_endings_one_happens(world: World, race: int) -> None:
    receipt = complaint(world)
    cases.acknowledge(world.seen(receipt, "lin"))
    version = world.case(receipt).version
    mine = Seen(world.case(receipt).id, world.actor("lin"), version)
    yours = Seen(mine.case_id, world.actor("zhou"), version)
    found = at_once(
        world.app,
        lambda: case_endings.resolve(mine, solved("sorry")),
        lambda: case_endings.dismiss(yours, ExcuseReason.TEST, "a test"),
    )
    assert [type(each) for each in found].count(Refused) == 1
    world.settle()
    assert verify.faults() == []


def test_replies_and_contacts_at_once_never_wait_for_each_other(world: World) -> None:
    receipt = complaint(world)
    by, seen = world.actor("lin"), world.seen(receipt, "lin")
    found = at_once(
        world.app,
        *[lambda: replies.reply(receipt.feedback_id, "sorry", Via.MESSAGE, by)] * 3,
        *[lambda: cases.contact(seen, Via.PHONE, "called")] * 3,
    )
    assert not [each for each in found if isinstance(each, Exception)]


def test_two_cases_merged_into_each_other_at_once_become_one(world: World) -> None:
    first, second = complaint(world), complaint(world)
    a, b = world.case(first).id, world.case(second).id
    by = world.actor("lin")
    found = at_once(
        world.app,
        lambda: case_endings.merge(Seen(a, by), b),
        lambda: case_endings.merge(Seen(b, by), a),
    )
    assert [type(each) for each in found].count(Refused) == 1
    assert world.entry(first).case_id == world.entry(second).case_id
    assert verify.faults() == []


def test_a_case_is_followed_once_however_many_reopen_it_at_once(world: World) -> None:
    receipt = complaint(world)
    cases.acknowledge(world.seen(receipt, "lin"))
    case_endings.resolve(world.seen(receipt, "lin"), solved("sorry"))
    case_endings.close(world.seen(receipt, "lin"))
    seen = world.seen(receipt, "lin")
    world.fast_forward(days=15)
    at_once(world.app, *[lambda: reopenings.reopen(seen, "not over")] * 3)
    assert db.session.scalar(db.select(db.func.count()).select_from(Case)) == 2


def test_two_sweeps_at_once_record_a_breach_once_and_escalate_once(world: World) -> None:
    complaint(world)
    from datetime import timedelta

    from cem import clock

    clock.stand_at(clock.now() + timedelta(minutes=16))
    at_once(world.app, *[sla_watch.sweep] * 4)
    assert db.session.scalar(db.select(db.func.count()).select_from(Breach)) == 1
    kinds = list(db.session.scalars(db.select(CaseEvent.kind)))
    assert (kinds.count("breached"), kinds.count("escalated")) == (1, 1)


def test_two_relays_at_once_make_and_claim_each_task_once(world: World) -> None:
    from workers.handlers import effects

    for _ in range(5):
        complaint(world)
    found = at_once(world.app, *[lambda: outbox.relay(effects)] * 3)
    claimed = [claim.id for _, claims in found for claim in claims]
    assert (
        len(claimed) == len(set(claimed)) == db.session.scalar(db.select(db.func.count()).select_from(Task))
    )


def test_two_sealers_at_once_make_one_chain(world: World) -> None:
    for _ in range(20):
        audit.record(world.actor("lin"), "test.happened")
    at_once(world.app, *[audit.seal] * 4)
    assert audit.first_break() is None
    numbers = db.session.scalars(db.select(AuditRow.number)).all()
    assert sorted(numbers) == list(range(1, 21))
