"""The schedule is killed while it escalates: nobody is left out, and nobody is paged twice for one step."""

from __future__ import annotations

from uuid import UUID

import pytest
from sqlalchemy import func, select

from cem.domain.vocabulary import CaseState
from cem.models import Case, Delivery, LedgerEntry
from tests.house import VALUED, House
from tests.kill.storm import storm
from tests.processes.eventually import eventually

pytestmark = pytest.mark.kill

STEPS = {1: 2.0, 2: 3.0, 3: 5.0}
"""Minutes from the step before, in the ladder that every pack starts with."""


def test_each_step_of_each_ladder_is_taken_once_although_the_schedule_was_killed(here: House) -> None:
    before = here.stored()
    with storm(here.hub, lambda number: VALUED, "ladder", pause=0.02) as blowing:
        blowing.reaches(30)
    cases = cases_of(here, here.stored() - before)
    here.finishes()
    for step, minutes in STEPS.items():
        here.time_passes(minutes=minutes)
        eventually(lambda step=step: taken(here, cases, step) > 0, within=20, every=0)  # type: ignore[misc]
        here.kills("schedule")
        eventually(lambda step=step: taken(here, cases, step) == len(cases), within=30)  # type: ignore[misc]
    here.finishes()
    assert steps_told(here, cases) == set(STEPS)
    here.is_whole()


def cases_of(here: House, feedback: set[UUID]) -> set[UUID]:
    rows = here.rows(select(LedgerEntry.feedback_id, LedgerEntry.case_id))
    return {case for id, case in rows if id in feedback}


def taken(here: House, cases: set[UUID], step: int) -> int:
    """How many of these cases have come so far."""
    rows = here.rows(select(Case.id).where(Case.state == CaseState.OPEN, Case.step >= step))
    return len({id for (id,) in rows} & cases)


def steps_told(here: House, cases: set[UUID]) -> set[int]:
    """The steps beyond the first page that these cases were told of, each once for each case."""
    statement = select(Delivery.case_id, Delivery.step, func.count()).where(Delivery.step.is_not(None))
    rows = [
        (case, step, count)
        for case, step, count in here.rows(statement.group_by(Delivery.case_id, Delivery.step))
        if case in cases
    ]
    assert {count for _, _, count in rows} == {1}
    steps = {step for _, step, _ in rows}
    assert len(rows) == len(cases) * len(steps)
    return steps
