"""A fit on corrections is asked for when enough is new, and decided once, whoever does it."""

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import pytest
from sqlalchemy import select

from cem.domain.corrections import Correction
from cem.domain.learning import ENOUGH, is_frozen
from cem.domain.reasons import Refused
from cem.domain.vocabulary import HeadState
from cem.engine import corrections, learning, triage, understanding
from cem.engine.intake_lookup import Receipt
from cem.engine.learning import Lessons
from cem.extensions import db
from cem.models import HeadRow
from nlp import corpus
from nlp.head_files import SHIPPED_WORDS
from tests.engine.readings import findings
from tests.world import World

NEXT = SHIPPED_WORDS + 1
TABLE = {
    "pooled": {"n": 9, "accuracy": 0.9, "macro_f1": 0.9, "calibration_error": 0.0, "coverage_at_95": 0.5},
    "sentiment": {},
}


def said(world: World, count: int = ENOUGH) -> list[Receipt]:
    """So many texts that people judged."""
    receipts = [world.say(f"还行吧 {number}") for number in range(count)]
    triage.apply([(each.feedback_id, findings("neutral")) for each in receipts])
    for receipt in receipts:
        corrections.correct(receipt.feedback_id, Correction(1), world.actor("lin"))
    return receipts


def heads() -> list[HeadRow]:
    db.session.rollback()
    return list(db.session.scalars(select(HeadRow).order_by(HeadRow.asked_at)))


def outcome(*refusals: Any) -> Any:
    return SimpleNamespace(head={"corrections": 45}, refusals=refusals, before=TABLE, after=TABLE)


def test_the_fiftieth_correction_asks_for_a_fit_and_the_next_ones_for_no_second(world: World) -> None:
    receipts = said(world, ENOUGH - 1)
    assert heads() == []
    for level in (0, 2):
        corrections.correct(receipts[0].feedback_id, Correction(level), world.actor("lin"))
    assert [row.state for row in heads()] == [HeadState.ASKED]


@pytest.fixture
def no_head(world: World) -> World:
    """A hub that reads with a model of somebody's own."""
    settings = world.app.extensions["cem_settings"]
    world.app.extensions["cem_settings"] = replace(settings, profile="full")
    return world


def test_a_hub_that_reads_with_a_model_of_its_own_says_that_it_has_no_head(no_head: World) -> None:
    said(no_head)
    no_head.settle()
    (row,) = heads()
    assert row.state is HeadState.REFUSED and row.report == {"why": "no_encoder"}


def test_two_workers_decide_once(world: World) -> None:
    said(world)
    (row,) = heads()
    promoted: list[int] = []
    versions = {learning.begin(row.id, 1, 1) for _ in range(2)}
    assert versions == {2}, "both make the same version"
    known = Lessons((), ())
    done = [learning.decide(row.id, 1, outcome(), known, lambda: promoted.append(1)) for _ in range(2)]
    assert (done, promoted) == ([True, False], [1])
    assert learning.begin(row.id, 2, 1) is None


def test_the_next_fit_waits_for_its_day(no_head: World) -> None:
    world = no_head
    receipts = said(world)
    world.settle()
    world.fast_forward(minutes=1)
    for level in (0, 2):
        for receipt in receipts[: ENOUGH // 2]:
            corrections.correct(receipt.feedback_id, Correction(level), world.actor("lin"))
    assert [row.state for row in heads()] == [HeadState.REFUSED, HeadState.ASKED]
    world.fast_forward(hours=23)
    assert heads()[1].state is HeadState.ASKED
    world.fast_forward(hours=2)
    assert heads()[1].state is HeadState.REFUSED


def test_words_alone_learn_through_the_real_gate_read_so_at_once_and_go_back(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    everything, cases = corpus.sentences, corpus.challenges()[:4]
    monkeypatch.setattr(corpus, "sentences", lambda part=None: everything(part)[::16])
    monkeypatch.setattr(corpus, "challenges", lambda: cases)
    receipts = said(world)
    world.settle()
    (row,) = heads()
    assert row.state is HeadState.PROMOTED and (row.before, row.version) == (SHIPPED_WORDS, NEXT)
    frozen = sum(is_frozen(each.feedback_id) for each in receipts)
    assert row.report is not None and row.report["refusals"] == []
    assert (row.report["learned"], row.report["measured"]) == (ENOUGH - frozen, frozen)
    assert understanding.reader().model == f"fast@{NEXT}"
    models = world.app.extensions["cem_settings"].models
    assert learning.roll_back(row.id, models, world.actor("admin")) == SHIPPED_WORDS
    assert understanding.reader().model == f"fast@{SHIPPED_WORDS}"
    assert heads()[0].state is HeadState.ROLLED_BACK


def test_what_people_said_of_topics_and_risks_is_learned_from_too(world: World) -> None:
    receipt = world.say("那玩意儿又坏了")
    triage.apply([(receipt.feedback_id, findings("neutral"))])
    said_of = Correction(topics={"room_noise": None, "staff": "negative"}, risks={"injury": True})
    corrections.correct(receipt.feedback_id, said_of, world.actor("lin"))
    known = learning.lessons()
    (one,) = [*known.learn, *known.frozen]
    assert (one.label, one.topics) == (None, {"room_noise": False, "staff": True})
    assert one.risks == {"injury": True}


def test_what_does_not_read_is_not_taken_back(world: World, tmp_path: Any) -> None:
    said(world)
    (row,) = heads()
    with pytest.raises(Refused):
        learning.roll_back(row.id, tmp_path, world.actor("admin"))
