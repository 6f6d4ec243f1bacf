"""Outbox, audit, tasks, events and job arguments carry ids and codes, never what anybody said."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from cem.domain.submission import GivenCustomer
from cem.domain.vocabulary import CaseState, ExcuseReason, Via
from cem.engine import replies
from cem.extensions import db
from tests.engine.moves import DO, SAID, bring, complaint
from tests.world import Inline, World

PHONE = "13800138000"
ACTIONS = (
    "acknowledgement",
    "notes",
    "contacts",
    "pause waiting_customer",
    "resumption",
    "resolution",
    "reopening",
)
TABLES = ("outbox", "audit", "task", "case_event", "breach", "promise", "ledger_entry", "delivery")


@dataclass
class Overheard(Inline):
    """A queue that remembers what it was handed."""

    jobs: list[object] = field(default_factory=list)

    def enqueue(self, queue: str, job: str, task_ids: Sequence[str]) -> None:
        self.jobs.append((queue, job, tuple(task_ids)))
        super().enqueue(queue, job, task_ids)


def test_a_whole_loop_leaves_no_words_where_only_ids_belong(world: World) -> None:
    from workers.schedule import turn

    customer = GivenCustomer(external_id="guest-1", name=SAID, phone=PHONE, email="wang@example.org")
    world.submit(_complaint(customer))
    receipt = world.say(SAID, value=1)
    for action in (
        "acknowledgement",
        "notes",
        "contacts",
        "pause waiting_customer",
        "resumption",
        "resolution",
    ):
        DO[action](world, receipt, "lin")
    dismissed = complaint(world)
    bring(world, dismissed, CaseState.DISMISSED)
    replies.reply(world.tap(3).feedback_id, SAID, Via.MESSAGE, world.actor("lin"))
    queue = Overheard()
    while turn(queue):
        pass
    world.fast_forward(minutes=20)
    assert queue.jobs
    kept = [repr(queue.jobs), *(_everything(table) for table in TABLES)]
    for words in (SAID, PHONE, "wang@example.org"):
        assert [text[:200] for text in kept if words in text] == []


def test_an_excuse_keeps_its_words_in_the_ledger_alone(world: World) -> None:
    replies.excuse(world.tap(3).feedback_id, ExcuseReason.TEST, SAID, world.actor("lin"))
    world.settle()
    assert [table for table in ("outbox", "audit", "task") if SAID in _everything(table)] == []


def _complaint(customer: GivenCustomer):
    from cem.domain.ratings import Rating
    from cem.domain.submission import Submission
    from cem.domain.vocabulary import Channel

    return Submission(Channel.API, "bund", None, Rating("csat5", 1), SAID, customer=customer)


def _everything(table: str) -> str:
    """All that a table holds, as text."""
    db.session.rollback()
    rows = db.session.execute(db.select(db.metadata.tables[table])).all()
    return "\n".join(str(tuple(row)) for row in rows)
