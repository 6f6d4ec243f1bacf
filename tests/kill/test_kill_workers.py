"""Workers are killed in the middle of a job: it is done again, with one effect."""

from __future__ import annotations

import pytest
from sqlalchemy import func, select

from cem.domain.vocabulary import DeliveryKind, DeliveryState
from cem.models import Delivery, FindingsRow
from tests.house import VALUED, House, said
from tests.kill.storm import nothing_lost_nothing_doubled, storm
from tests.processes.eventually import eventually

pytestmark = pytest.mark.kill

COMPLAINT = "隔壁太吵，没人管。我等了一个小时，前台态度也很差。"
KILLS = 3


def test_a_text_is_understood_once_although_its_worker_was_killed(here: House) -> None:
    before = here.stored()
    with storm(here.hub, lambda number: said(f"{COMPLAINT} {number}"), "nlp") as blowing:
        for _ in range(KILLS):
            killed_at_work(here, "nlp", "analyse")
        blowing.reaches(60)
    stored = here.stored() - before
    nothing_lost_nothing_doubled(here.hub, stored, blowing)
    here.finishes()
    statement = select(FindingsRow.feedback_id, func.count()).group_by(FindingsRow.feedback_id)
    understood = {id: count for id, count in here.rows(statement) if id in stored}
    assert set(understood) == stored
    assert set(understood.values()) == {1}
    here.is_whole()


def test_a_message_goes_out_once_although_its_worker_was_killed(embedded: House) -> None:
    before = embedded.stored()
    with storm(embedded.hub, lambda number: VALUED, "notify", senders=2) as blowing:
        for _ in range(KILLS):
            killed_at_work(embedded, "notify", "plan", "deliver")
        blowing.reaches(30)
    stored = embedded.stored() - before
    embedded.finishes()
    sent = (Delivery.state == DeliveryState.SENT) & (Delivery.kind == DeliveryKind.PAGE)
    statement = select(Delivery.feedback_id, func.count()).where(sent)
    told = {
        id: count for id, count in embedded.rows(statement.group_by(Delivery.feedback_id)) if id in stored
    }
    assert set(told) == stored
    assert set(told.values()) == {1}
    embedded.is_whole()


def killed_at_work(here: House, worker: str, *jobs: str) -> None:
    eventually(lambda: here.at_work(*jobs), within=20, every=0)
    here.kills(worker)
