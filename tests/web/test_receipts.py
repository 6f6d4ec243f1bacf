"""Who was told and has looked: the receipt of a message."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from cem import clock
from cem.extensions import db
from cem.models import Delivery, User
from tests.web.office import Office, opened


@pytest.fixture
def office(database_url: str, tmp_path: Path) -> Iterator[Office]:
    with opened(database_url, tmp_path) as office:
        yield office


def _seen(office: Office, who: str) -> list[object]:
    with office.inside():
        told = db.select(Delivery.seen_at).join(User, User.id == Delivery.user_id)
        return list(db.session.scalars(told.where(User.username == who).order_by(Delivery.id)))


def test_a_page_is_seen_when_its_case_is_opened_by_whom_it_was_for(office: Office) -> None:
    number = office.tap(1)
    with office.inside():
        office.world.settle()
    assert _seen(office, "lin") == [None]
    office.desk("zhou").page(f"/desk/cases/{number}")
    assert _seen(office, "lin") == [None]
    office.desk("lin").page(f"/desk/cases/{number}")
    assert _seen(office, "lin") == [clock.now()]
