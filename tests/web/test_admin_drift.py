"""The part of the model's page that compares the weeks."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from cem.engine import drift
from tests.engine.test_drift_of_weeks import use, week
from tests.web.office import Office, opened


@pytest.fixture
def office(database_url: str, tmp_path: Path) -> Iterator[Office]:
    with opened(database_url, tmp_path) as office:
        yield office


def test_without_a_whole_week_it_says_what_will_stand_there(office: Office) -> None:
    page = office.desk("admin").page("/admin/model")
    assert (
        "No whole week has been read yet." in page
        and "Every week is compared with the eight before it" in page
    )


def test_each_measure_has_its_weeks_its_word_and_its_n(office: Office) -> None:
    with office.inside():
        use("test@1")
        week(office.world, "2026-11-11", ["room"] * 120)
        week(office.world, "2026-11-18", ["heating"] * 110)
        week(office.world, "2026-11-18", ["room"] * 3, "other@1")
        drift.measure()
    page = office.desk("admin").page("/admin/model")
    assert "has changed" in page and "as before" in page and "read by test@1" in page
    assert "heating: 0 of a hundred before, 100 now" in page
    assert "Week 47: 0.00, as before, n 110" in page
    other = office.desk("admin").page("/admin/model?model=other@1")
    assert "too few to say" in other and "read by other@1" in other
    assert 'href="/admin/model#drift"' in office.desk("admin").page("/admin/model/card")
