"""People put findings right: what holds then, what stays as it was, and what it causes."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select

from cem.domain.corrections import Correction
from cem.domain.reasons import Invalid, NotFound, Refused
from cem.engine import corrections, triage
from cem.engine.intake_lookup import Receipt
from cem.extensions import db
from cem.ids import new_id
from cem.models import Case, CaseEvent, CorrectionRow, FindingsRow
from tests.engine.readings import findings, pages, read
from tests.world import MONDAY, World


def rows(receipt: Receipt) -> list[tuple[int, str, str, bool]]:
    """version, model, label, whether people had a hand in it."""
    db.session.rollback()
    f = FindingsRow
    found = db.session.scalars(select(f).where(f.feedback_id == receipt.feedback_id).order_by(f.version))
    return [
        (row.version, row.model, row.document["sentiment"]["label"], row.corrected_by is not None)
        for row in found
    ]


def cases() -> int:
    db.session.rollback()
    return len(db.session.scalars(select(Case.id)).all())


def test_a_correction_holds_and_the_machine_s_row_stays(world: World) -> None:
    receipt = world.say("还行吧")
    read(receipt, label="neutral")
    assert corrections.correct(receipt.feedback_id, Correction(1), world.actor("lin")) == 2
    assert rows(receipt) == [(1, "test@1", "neutral", False), (2, "test@1", "positive", True)]
    line = db.session.scalars(select(CorrectionRow)).one()
    assert (line.of_version, line.version, line.by) == (1, 2, str(world.actor("lin")))


def test_a_text_that_turns_out_negative_opens_one_case_and_no_second(world: World) -> None:
    receipt = world.say("你们可真行")
    read(receipt, label="positive")
    assert cases() == 0
    for level in (-1, -2):
        corrections.correct(receipt.feedback_id, Correction(level), world.actor("lin"))
    assert cases() == 1
    assert world.case(receipt).reason["code"] == "negative_text"
    assert world.entry(receipt).case_id is not None


def test_a_risk_that_a_person_names_raises_the_case(world: World) -> None:
    receipt = world.say("房间很吵，还摔了一跤")
    read(receipt)
    assert world.case(receipt).priority == "p3"
    corrections.correct(receipt.feedback_id, Correction(risks={"injury": True}), world.actor("lin"))
    assert world.case(receipt).priority == "p1"


def test_a_case_is_not_lowered_by_a_kinder_reading(world: World) -> None:
    receipt = world.say("房间很吵")
    read(receipt)
    corrections.correct(receipt.feedback_id, Correction(1), world.actor("lin"))
    assert world.case(receipt).priority == "p3" and world.case(receipt).state == "open"


def test_taking_it_back_is_a_line_more(world: World) -> None:
    receipt = world.say("还行吧")
    read(receipt, label="neutral")
    for level in (1, -1):
        corrections.correct(receipt.feedback_id, Correction(level), world.actor("lin"))
    for label in ("positive", "neutral"):
        corrections.undo(receipt.feedback_id, world.actor("shen"))
        assert rows(receipt)[-1][2] == label
    assert rows(receipt)[-1][3] is False, "nothing of a person is in it any more"
    with pytest.raises(Refused):
        corrections.undo(receipt.feedback_id, world.actor("lin"))
    assert len(db.session.scalars(select(CorrectionRow)).all()) == 4


def test_saying_the_same_again_changes_nothing(world: World) -> None:
    receipt = world.say("还行吧")
    read(receipt, label="neutral")
    versions = {
        corrections.correct(receipt.feedback_id, Correction(1), world.actor(who)) for who in ("lin", "shen")
    }
    assert versions == {2}


def test_another_model_does_not_take_back_what_people_said(world: World) -> None:
    receipt = world.say("还行吧")
    read(receipt, label="neutral")
    corrections.correct(receipt.feedback_id, Correction(1), world.actor("lin"))
    triage.apply([(receipt.feedback_id, findings("negative", model="test@2"))])
    assert rows(receipt)[2:] == [(3, "test@2", "negative", False), (4, "test@2", "positive", True)]
    assert cases() == 0, "what a person said holds"
    assert triage.apply([(receipt.feedback_id, findings("negative", model="test@2"))]) == 0


def history(receipt: Receipt, world: World) -> list[tuple[str, str, Any]]:
    db.session.rollback()
    found = db.session.scalars(select(CaseEvent).where(CaseEvent.case_id == world.case(receipt).id))
    told = [each for each in found if each.kind in ("corrected", "correction_undone", "raised")]
    return [(each.kind, each.by, (each.details or {}).get("changes")) for each in told]


def test_a_risk_that_is_struck_out_lowers_no_promise(world: World) -> None:
    receipt = world.say("孩子在你们门口滑倒了")
    read(receipt, "injury")
    before = world.case(receipt)
    due = before.due_at
    corrections.correct(receipt.feedback_id, Correction(risks={"injury": False}), world.actor("lin"))
    after = world.case(receipt)
    assert (after.priority, after.severity, after.due_at) == ("p1", "critical", due)


def test_a_risk_that_a_person_names_pages_at_once(world: World) -> None:
    receipt = world.say("房间很吵，还摔了一跤")
    read(receipt, label="positive")
    corrections.correct(receipt.feedback_id, Correction(risks={"injury": True}), world.actor("lin"))
    world.settle()
    assert [(to, minute) for to, _, minute in pages(world)] == [("lin", 0)]


def test_the_case_tells_who_corrected_what_and_who_took_it_back(world: World) -> None:
    receipt = world.say("房间很吵")
    read(receipt)
    lin, shen = world.actor("lin"), world.actor("shen")
    corrections.correct(receipt.feedback_id, Correction(0), lin)
    corrections.correct(receipt.feedback_id, Correction(risks={"injury": True}), lin)
    corrections.undo(receipt.feedback_id, shen)
    urgent = {"what": "urgency", "from": "normal", "to": "high"}
    calm = {"what": "urgency", "from": "high", "to": "normal"}
    assert history(receipt, world) == [
        ("corrected", str(lin), [{"what": "sentiment", "from": -1, "to": 0}]),
        ("corrected", str(lin), [urgent, {"what": "risk", "code": "injury", "from": None, "to": True}]),
        ("raised", "hub", None),
        (
            "correction_undone",
            str(shen),
            [calm, {"what": "risk", "code": "injury", "from": True, "to": None}],
        ),
    ]


def test_a_case_that_a_correction_opened_begins_with_it(world: World) -> None:
    receipt = world.say("你们可真行")
    read(receipt, label="positive")
    corrections.correct(receipt.feedback_id, Correction(-1), world.actor("lin"))
    assert [kind for kind, *_ in history(receipt, world)] == ["corrected"]


@pytest.mark.parametrize(
    "said",
    [
        Correction(),
        Correction(3),
        Correction(topics={"no": "negative"}),
        Correction(risks={"no": True}),
        Correction(language="tlh"),
        Correction(pii={(0, 1): "shoe_size"}),
        Correction(pii={(2, 4): "name"}),
        Correction(topics={"room_noise": "negative"}, spans={"room_noise": ((1, 1),)}),
    ],
)
def test_what_makes_no_sense_is_refused_by_its_field(world: World, said: Correction) -> None:
    receipt = world.say("还行吧")
    read(receipt, label="neutral")
    with pytest.raises(Invalid):
        corrections.correct(receipt.feedback_id, said, world.actor("lin"))
    assert len(rows(receipt)) == 1


def test_what_nobody_has_read_cannot_be_corrected(world: World) -> None:
    with pytest.raises(Refused):
        corrections.correct(world.say("还行吧").feedback_id, Correction(1), world.actor("lin"))
    with pytest.raises(NotFound):
        corrections.correct(new_id(MONDAY), Correction(1), world.actor("lin"))
