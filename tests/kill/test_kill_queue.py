"""The queue server is killed, or hangs: feedback is stored all the same, its effects come later."""

from __future__ import annotations

from uuid import UUID

import pytest
from sqlalchemy import func, select

from cem.domain.vocabulary import DeliveryKind
from cem.models import Delivery
from tests.house import VALUED, House
from tests.kill.storm import nothing_lost_nothing_doubled, storm

pytestmark = pytest.mark.kill


def test_feedback_is_stored_while_the_queue_server_is_away_and_told_once_it_is_back(here: House) -> None:
    before = here.stored()
    with storm(here.hub, lambda number: VALUED, "queue", senders=2) as blowing:
        for count in (5, 10, 15, 20):
            blowing.reaches(count)
            here.kills("queue")
        blowing.reaches(30)
    assert not blowing.unanswered
    assert blowing.slowest() < 5
    stored = here.stored() - before
    nothing_lost_nothing_doubled(here.hub, stored, blowing)
    here.finishes()
    each_case_was_told_once(here, stored)
    here.is_whole()


def test_feedback_is_stored_while_the_queue_server_hangs(embedded: House) -> None:
    before = embedded.stored()
    server = embedded.hub.find("queue")
    server.suspend()
    try:
        with storm(embedded.hub, lambda number: VALUED, "hang", senders=2) as blowing:
            blowing.reaches(20)
    finally:
        server.resume()
    assert blowing.slowest() < 5
    embedded.finishes()
    each_case_was_told_once(embedded, embedded.stored() - before)
    embedded.is_whole()


def each_case_was_told_once(here: House, feedback: set[UUID]) -> None:
    page = Delivery.kind == DeliveryKind.PAGE
    pages = here.rows(select(Delivery.feedback_id, func.count()).where(page).group_by(Delivery.feedback_id))
    assert {id: count for id, count in pages if id in feedback} == dict.fromkeys(feedback, 1)
