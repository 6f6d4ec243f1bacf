"""The administrators' first page: figures that the hub really has, for those who may look."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conftest import Databases
from tests.web.office import Office, opened


@pytest.fixture
def office(databases: Databases, tmp_path: Path) -> Iterator[Office]:
    with opened(databases.sqlite(tmp_path), tmp_path) as office:
        yield office


def test_an_administrator_begins_here_and_sees_what_there_is(office: Office) -> None:
    office.tap(5), office.tap(1)
    admin = office.desk("admin")
    assert admin.get("/").location == "/admin"
    page = admin.page("/admin")
    assert "2 branches" in page and "8 people" in page and "2 feedbacks" in page
    assert "1 + 0 + 0 + 1 + 0 + 0 = <b>2</b>" in page, "the ledger is written out"
    assert "林知夏" in page, "who is on duty at the Bund right now"


def test_a_schedule_that_stands_still_is_seen(office: Office) -> None:
    assert "Nothing that is due waits." in office.desk("admin").page("/admin")
    office.tap(1)
    with office.inside():
        from datetime import timedelta

        from cem import clock

        clock.stand_at(clock.now() + timedelta(minutes=10))
    page = office.desk("admin").page("/admin")
    assert "Stands still" in page and "The oldest has waited since 10:02:00." in page


def test_executives_look_and_managers_do_not(office: Office) -> None:
    assert office.desk("fallback").get("/admin").status_code == 200
    assert office.desk("lin").get("/admin").status_code == 403
    assert "/admin" in office.desk("fallback").page("/me")
    assert "/admin" not in office.desk("lin").page("/me")


@pytest.mark.parametrize("language", ["zh-Hans", "zh-Hant", "en"])
def test_it_speaks_three_languages(office: Office, language: str) -> None:
    answer = office.desk("admin").get(f"/admin?lang={language}")
    assert f'lang="{language}"' in answer.text
