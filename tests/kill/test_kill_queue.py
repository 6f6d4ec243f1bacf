"""The queue server is killed, or hangs: feedback is stored all the same, its effects come later."""

from __future__ import annotations

import pytest
from sqlalchemy import func, select

from cem.domain.vocabulary import DeliveryKind
from cem.models import Case, Delivery, Task
from tests.kill.house import VERY_BAD, House
from tests.kill.storm import nothing_lost_nothing_doubled, storm

pytestmark = pytest.mark.kill


def test_feedback_is_stored_while_the_queue_server_is_away_and_told_once_it_is_back(here: House) -> None:
    before = here.stored()
    with storm(here.hub, lambda number: VERY_BAD, "queue", senders=2) as blowing:
        for count in (5, 10, 15, 20):
            blowing.reaches(count)
            here.kills("queue")
        blowing.reaches(30)
    assert not blowing.unanswered
    assert blowing.slowest() < 5
    stored = here.stored() - before
    nothing_lost_nothing_doubled(here.hub, stored, blowing)
    here.finishes()
    each_case_was_told_once(here)
    here.is_whole()


def test_feedback_is_stored_while_the_queue_server_hangs(here: House) -> None:
    server = here.hub.find("queue")
    server.suspend()
    try:
        with storm(here.hub, lambda number: VERY_BAD, "hang", senders=2) as blowing:
            blowing.reaches(20)
    finally:
        server.resume()
    assert blowing.slowest() < 5
    here.finishes()
    each_case_was_told_once(here)
    here.is_whole()


def each_case_was_told_once(here: House) -> None:
    page = Delivery.kind == DeliveryKind.PAGE
    pages = here.rows(select(Delivery.case_id, func.count()).where(page).group_by(Delivery.case_id))
    assert {count for _, count in pages} == {1}
    assert len(pages) == here.count(select(Case.id))
    assert here.count(select(Task.id).where(Task.done_at.is_(None))) == 0
