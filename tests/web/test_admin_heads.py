"""What was learned from corrections, on the administrators' page about the model."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import insert

from cem import clock
from cem.domain.vocabulary import HeadState
from cem.extensions import db
from cem.ids import new_id
from cem.models import HeadRow
from nlp import heads
from tests.conftest import Databases
from tests.web.office import Office, opened

MEASURED = {"macro_f1": 0.8123, "n": 320}


@pytest.fixture
def office(databases: Databases, tmp_path: Path) -> Iterator[Office]:
    with opened(databases.sqlite(tmp_path), tmp_path) as office:
        yield office


def fitted(office: Office, state: HeadState, **report: Any) -> str:
    """A fit of today, version 3 after version 2."""
    with office.inside(), db.engines[None].begin() as connection:
        id = new_id(clock.now())
        row = {"id": id, "asked_at": clock.now() - timedelta(hours=1), "decided_at": clock.now()}
        told = {"learned": 46, "measured": 4, "refusals": [], "before": MEASURED, "after": MEASURED}
        connection.execute(
            insert(HeadRow), [row | {"state": state, "version": 3, "before": 2, "report": told | report}]
        )
    return str(id)


def test_before_the_first_fit_the_page_says_how_it_comes_about(office: Office) -> None:
    page = office.desk("admin").page("/admin/model")
    assert "Nothing has been learned here yet" in page and "0 of 50 corrections" in page


def test_a_refused_head_shows_what_got_worse(office: Office) -> None:
    refusal = {"code": "worse", "part": "corrections", "before": 0.9, "after": 0.7}
    risk = {"code": "risks", "part": "injury", "before": 1.0, "after": 0.5}
    fitted(office, HeadState.REFUSED, refusals=[refusal, risk])
    page = office.desk("admin").page("/admin/model")
    assert "Worse on “the frozen tenth of the corrections”: 90.0 before, 70.0 now." in page
    assert "More risks are missed (injury): 100.0 were found, now 50.0." in page
    assert "Back to version" not in page


def test_the_page_says_which_topics_and_risks_were_learned_and_what_the_gate_said_of_them(
    office: Office,
) -> None:
    topic = {"code": "decisions", "part": "topics", "before": 0.9, "after": 0.7}
    found = {"code": "topics", "part": "held_out", "before": 0.8, "after": 0.7}
    fitted(office, HeadState.REFUSED, refusals=[topic, found], topics=2, risks=1)
    page = office.desk("admin").page("/admin/model")
    assert "Beside the sentiment it learned 2 topics and 1 risks." in page
    assert "It agrees less with what people said of topics: 90.0 before, 70.0 now." in page
    assert "Topics are found less well (our held out sentences): 80.0 before, 70.0 now." in page


def test_one_click_goes_back_and_says_who_did(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    back: list[int] = []
    monkeypatch.setattr(heads, "go_back", lambda models, version, profile: back.append(version))
    id = fitted(office, HeadState.PROMOTED)
    admin = office.desk("admin")
    page = admin.page("/admin/model")
    assert "reads now" in page and "Back to version 2" in page and "Nothing got worse." in page
    assert admin.post(f"/admin/model/heads/{id}/rollback").status_code == 303
    assert back == [2] and "Taken back by 赵启明." in admin.page("/admin/model")
    assert admin.post(f"/admin/model/heads/{id}/rollback").status_code == 409


def test_only_administrators_go_back(office: Office) -> None:
    id = fitted(office, HeadState.PROMOTED)
    assert office.desk("lin").post(f"/admin/model/heads/{id}/rollback").status_code == 403
