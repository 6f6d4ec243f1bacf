"""Many texts are understood together: each keeps its findings, and cases are opened where one is needed."""

from __future__ import annotations

from cem.engine import triage
from cem.extensions import db
from cem.models import Case, FindingsRow
from tests.engine.readings import findings
from tests.world import World


def test_more_texts_than_fit_one_transaction_are_all_acted_upon(world: World) -> None:
    stored = [world.say(f"text {number}").feedback_id for number in range(triage.AT_ONCE * 2 + 3)]
    read = [(id, findings("negative" if number % 2 else "positive")) for number, id in enumerate(stored)]
    assert triage.apply(read) == len(stored)
    assert triage.apply(read) == 0
    negative = {id for number, id in enumerate(stored) if number % 2}
    assert set(db.session.scalars(db.select(Case.feedback_id))) == negative
    numbers = sorted(db.session.scalars(db.select(Case.number)))
    assert numbers == list(range(1, len(negative) + 1))
    assert set(db.session.scalars(db.select(FindingsRow.feedback_id))) == set(stored)
    assert set(db.session.scalars(db.select(FindingsRow.version))) == {1}
    for feedback_id in negative:
        case = db.session.scalars(db.select(Case).where(Case.feedback_id == feedback_id)).one()
        entry = db.session.get_one(triage.LedgerEntry, feedback_id)
        assert (entry.case_id, entry.owner_id) == (case.id, case.owner_id)


def test_another_model_adds_a_version(world: World) -> None:
    id = world.say("text").feedback_id
    triage.apply([(id, findings("neutral", model="first@1"))])
    triage.apply([(id, findings("neutral", model="second@1"))])
    rows = db.session.execute(db.select(FindingsRow.version, FindingsRow.model).order_by(FindingsRow.version))
    assert [tuple(row) for row in rows] == [(1, "first@1"), (2, "second@1")]
