"""Whatever happens, in whatever order: owed + answered + excused = all, for every slice, after every step."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from contextlib import ExitStack
from datetime import timedelta
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)

from cem import clock
from cem.domain.ratings import Rating
from cem.domain.reasons import Invalid, Refused
from cem.domain.submission import Submission
from cem.domain.vocabulary import Channel, ExcuseReason, LedgerState, Outcome, ResolutionCode, Via
from cem.engine import case_endings, cases, leaving, reopenings, replies, verify
from cem.engine.case_endings import Resolution
from cem.engine.intake_lookup import Receipt
from cem.extensions import db
from cem.models import Case, Feedback, LedgerEntry, LedgerMove
from tests import world as worlds
from tests.conftest import Databases, running
from tests.engine.moves import DO
from tests.engine.readings import read
from tests.world import World

PEOPLE = ("lin", "zhou", "shen", "gu")
ABOUT = (None, *PEOPLE)
SITES = ("bund", "soho")
RISKS = ((), ("legal",), ("injury",))
ACTIONS = tuple(sorted(DO.keys() - {"merge"}))
"""Merging has a rule of its own, with a second feedback that is there already."""
VIA = (Via.MESSAGE, Via.PUBLIC_REPLY)
EXAMPLES = {"sqlite": (40, 20), "postgresql": (10, 20)}
"""How many histories, and of how many steps at most."""


class History(RuleBasedStateMachine):
    """A company in which anything may happen next; what is refused must change nothing."""

    received = Bundle("received")
    start: Callable[[ExitStack], World]

    @initialize()
    def begin(self) -> None:
        self.stack = ExitStack()
        self.world = type(self).start(self.stack)

    @rule(
        target=received,
        value=st.integers(1, 5),
        site=st.sampled_from(["bund", "soho"]),
        about=st.sampled_from([None, *PEOPLE]),
    )
    def tap(self, value: int, site: str, about: str | None) -> Receipt:
        rating = Rating("faces5", value)
        return self.world.submit(Submission(Channel.KIOSK, site, "front-desk", rating, staff=about))

    @rule(
        target=received,
        value=st.sampled_from([None, 1, 3, 5]),
        risks=st.sampled_from([(), ("legal",), ("injury",)]),
    )
    def say(self, value: int | None, risks: tuple[str, ...]) -> Receipt:
        receipt = self.world.say("……", value=value)
        read(receipt, *risks)
        return receipt

    @rule(receipt=received, who=st.sampled_from(PEOPLE), action=st.sampled_from(ACTIONS))
    def act(self, receipt: Receipt, who: str, action: str) -> None:
        if self.world.entry(receipt).case_id is not None:
            self.tried(lambda: DO[action](self.world, receipt, who))

    @rule(receipt=received, who=st.sampled_from(PEOPLE), outcome=st.sampled_from(list(Outcome)))
    def contact(self, receipt: Receipt, who: str, outcome: Outcome) -> None:
        if self.world.entry(receipt).case_id is not None:
            seen = self.world.seen(receipt, who)
            self.tried(lambda: cases.contact(seen, Via.PHONE, "called", outcome))

    @rule(receipt=received, who=st.sampled_from(PEOPLE))
    def resolve_without_reply(self, receipt: Receipt, who: str) -> None:
        if self.world.entry(receipt).case_id is not None:
            seen = self.world.seen(receipt, who)
            self.tried(lambda: case_endings.resolve(seen, Resolution(ResolutionCode.EXPLAINED, "said")))

    @rule(
        receipts=st.lists(received, min_size=1, max_size=3),
        via=st.sampled_from([Via.MESSAGE, Via.PUBLIC_REPLY]),
    )
    def reply(self, receipts: list[Receipt], via: Via) -> None:
        ids = [receipt.feedback_id for receipt in receipts]
        self.tried(lambda: replies.reply_to_many(ids, "sorry", via, self.world.actor("shen")))

    @rule(receipt=received, reason=st.sampled_from(list(ExcuseReason)))
    def excuse(self, receipt: Receipt, reason: ExcuseReason) -> None:
        self.tried(lambda: replies.excuse(receipt.feedback_id, reason, "why", self.world.actor("shen")))

    @rule(first=received, second=received)
    def merge(self, first: Receipt, second: Receipt) -> None:
        into = self.world.entry(second).case_id
        if into is not None and self.world.entry(first).case_id is not None:
            seen = self.world.seen(first, "shen")
            self.tried(lambda: case_endings.merge(seen, into))

    @rule(receipt=received)
    def customer_confirms(self, receipt: Receipt) -> None:
        self.tried(lambda: reopenings.solved(receipt.feedback_id))

    @rule(who=st.sampled_from(PEOPLE))
    def leave(self, who: str) -> None:
        self.tried(lambda: leaving.end_user(self.world.people[who], self.world.actor("admin")))

    @rule(minutes=st.sampled_from([3, 12, 150]))
    def time_passes(self, minutes: int) -> None:
        self.world.fast_forward(minutes=minutes)

    @rule(days=st.sampled_from([1, 15]))
    def the_hub_stands_still(self, days: int) -> None:
        """Nothing is done for days, and then everything that has fallen due."""
        clock.stand_at(clock.now() + timedelta(days=days))
        self.world.settle()

    def tried(self, act: Callable[[], Any]) -> None:
        """Do it, or be refused; a refusal leaves every entry and every case as it was."""
        before = self.everything()
        try:
            act()
        except (Refused, Invalid):
            assert self.everything() == before

    def everything(self) -> list[Any]:
        db.session.rollback()
        e = LedgerEntry
        entries = db.session.execute(db.select(e.feedback_id, e.state, e.owner_id, e.due_at, e.case_id)).all()
        versions = db.session.execute(db.select(Case.id, Case.version, Case.state)).all()
        moves = db.session.scalar(db.select(db.func.count()).select_from(LedgerMove))
        return [sorted(entries, key=str), sorted(versions, key=str), moves]

    @invariant()
    def every_slice_adds_up(self) -> None:
        """By site, channel and day every feedback is in one state; by owner everything owed is somebody's."""
        if not hasattr(self, "world"):
            return
        db.session.rollback()
        slices = (Feedback.site_id, Feedback.channel, Feedback.local_day)
        for column in slices:
            received = dict(db.session.execute(db.select(column, db.func.count()).group_by(column)).all())
            by_state = db.session.execute(
                db.select(column, LedgerEntry.state, db.func.count())
                .join(LedgerEntry, LedgerEntry.feedback_id == Feedback.id)
                .group_by(column, LedgerEntry.state)
            )
            total: Counter[Any] = Counter()
            for value, state, many in by_state:
                assert state in LedgerState
                total[value] += many
            assert dict(total) == received
        assert verify.ledger_faults() == []
        assert self.owed_items_are_live() == []

    def owed_items_are_live(self) -> list[Any]:
        """What is owed has an owner and a due time, and something or somebody that comes next."""
        rows = db.session.execute(
            db.select(LedgerEntry, Case)
            .outerjoin(Case, Case.id == LedgerEntry.case_id)
            .where(LedgerEntry.state == LedgerState.OWED)
        )
        return [
            entry.feedback_id
            for entry, case in rows
            if entry.owner_id is None
            or entry.due_at is None
            or entry.next_step_at is None
            or (case is not None and (case.owner_id != entry.owner_id or case.resolved_at is not None))
            or (case is not None and case.state == "open" and case.next_step_at is None)
        ]

    def teardown(self) -> None:
        """At the end, with everything done that was due, nothing at all is wrong."""
        if hasattr(self, "world"):
            with self.stack:
                self.world.settle()
                assert verify.faults() == []


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_whatever_happens_the_ledger_adds_up(kind: str, databases: Databases, tmp_path: Path) -> None:
    numbers = count()

    def start(stack: ExitStack) -> World:
        folder = tmp_path / str(next(numbers))
        folder.mkdir()
        url = databases.sqlite(folder) if kind == "sqlite" else databases.postgresql()
        return worlds.build(stack.enter_context(running(url, folder / "instance")))

    examples, steps = EXAMPLES[kind]
    machine = type("History", (History,), {"start": staticmethod(start)})
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=examples,
            stateful_step_count=steps,
            deadline=None,
            database=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
