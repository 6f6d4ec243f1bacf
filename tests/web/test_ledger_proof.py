"""Everybody's home page is quiet while the ledger is proved, and red when it is wrong or nobody looked."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from cem import clock
from cem.engine import reconciler
from tests.engine.test_verify import by_hand
from tests.web.office import Office, opened

HOMES = {"lin": "/desk", "fallback": "/executive", "admin": "/admin"}


@pytest.fixture
def office(database_url: str, tmp_path: Path) -> Iterator[Office]:
    with opened(database_url, tmp_path) as office:
        yield office


def test_a_proved_ledger_is_quiet(office: Office) -> None:
    office.tap(1)
    for who, address in HOMES.items():
        page = office.desk(who).page(address)
        assert "Something is wrong in the ledger" not in page
        assert "Nobody has checked the ledger" not in page


def test_a_ledger_that_nobody_checks_is_red_on_every_home_page(office: Office) -> None:
    office.tap(1)
    clock.stand_at(clock.now() + timedelta(minutes=16))
    for who, address in HOMES.items():
        assert "Nobody has checked the ledger since 10:00" in office.desk(who).page(address)


def test_a_ledger_that_is_wrong_is_red_everywhere_and_the_administrator_reads_what(office: Office) -> None:
    office.tap(1)
    with office.inside():
        by_hand("UPDATE \"user\" SET ended_at = created_at WHERE username = 'clerk'")
        by_hand("UPDATE ledger_entry SET owner_id = (SELECT id FROM \"user\" WHERE username = 'clerk')")
        reconciler.reconcile()
    for who, address in HOMES.items():
        assert "Something is wrong in the ledger since 10:00" in office.desk(who).page(address)
    assert "Owed by somebody who has left" in office.desk("admin").page("/admin")


@pytest.mark.parametrize("state", ["thanked", "personal", "public", "owed", "overdue", "excused"])
def test_every_number_of_the_ledger_leads_to_its_items(office: Office, state: str) -> None:
    office.tap(5)
    office.tap(1)
    desk = office.desk("lin")
    assert f'href="/desk/ledger/{state}"' in desk.page("/desk")
    items = desk.page(f"/desk/ledger/{state}")
    assert items.count('data-key="feedback-') == {"thanked": 1, "owed": 1}.get(state, 0)
