"""The model card: figures of the last evaluation, on a fresh hub those that were shipped."""

from __future__ import annotations

import json
from collections.abc import Iterator
from html import unescape
from pathlib import Path

import pytest

from cem.dashboards import reliability
from nlp import runs
from tests.conftest import Databases
from tests.web.office import Office, opened


@pytest.fixture
def office(databases: Databases, tmp_path: Path) -> Iterator[Office]:
    with opened(databases.sqlite(tmp_path), tmp_path) as office:
        yield office


def test_a_fresh_hub_shows_the_shipped_figures(office: Office) -> None:
    page = office.desk("admin").page("/admin/model/card")
    assert "Held-out sentences" in page and "multilingual-e5-small" in page and "MIT" in page
    assert "Can its confidence be believed?" in page and "food poisoning" in page
    raw = office.desk("admin").get("/admin/model/card").text
    figure = unescape(raw.split('data-figure="')[1].split('"')[0])
    assert json.loads(figure)["data"][1]["x"]


def test_every_run_can_be_looked_at(office: Office) -> None:
    admin = office.desk("admin")
    for run in runs.read(runs.SHIPPED):
        page = admin.page(f"/admin/model/card?run={run['profile']}-{run['data']}")
        assert run["model"] in page
    assert admin.get("/admin/model/card?run=nonsense").status_code == 200


def test_a_run_of_this_hub_stands_before_the_shipped_one(office: Office) -> None:
    with office.inside():
        from flask import current_app

        own = next(run for run in runs.read(runs.SHIPPED) if run["data"] == "own")
        newer = own | {"model": "newer@9", "profile": "standard"}
        runs.keep(newer, runs.kept_at(current_app.extensions["cem_settings"].instance))
    assert "newer@9" in office.desk("admin").page("/admin/model/card?run=standard-own")


def test_the_exam_stands_on_the_card_with_its_kinds_and_an_older_run_has_none(office: Office) -> None:
    figures = {"n": 7, "label_right": 0.123, "sign_right": 0.5, "macro_f1": 0.25}
    exam = {"n": 77, "label_right": 0.678, "sign_right": 0.8, "macro_f1": 0.6, "kinds": {"plain": figures}}
    with office.inside():
        from flask import current_app

        kept = runs.kept_at(current_app.extensions["cem_settings"].instance)
    run = next(run for run in runs.read(runs.SHIPPED) if run["data"] == "own")
    older = {name: value for name, value in run.items() if name != "exam"}
    runs.keep(older | {"profile": "older"}, kept)
    runs.keep(run | {"profile": "newer", "exam": exam}, kept)
    card = office.desk("admin").get("/admin/model/card?run=newer-own").text.split('id="exam"')[1]
    assert all(
        told in card.split("</section>")[0] for told in ("The blind exam", "67.8", "Plain feedback", "12.3")
    )
    assert 'id="exam"' not in office.desk("admin").get("/admin/model/card?run=older-own").text


def test_executives_read_it_and_managers_do_not(office: Office) -> None:
    assert office.desk("fallback").get("/admin/model/card").status_code == 200
    assert office.desk("lin").get("/admin/model/card").status_code == 403


@pytest.mark.parametrize("language", ["zh-Hans", "zh-Hant", "en"])
def test_it_speaks_three_languages(office: Office, language: str) -> None:
    assert f'lang="{language}"' in office.desk("admin").get(f"/admin/model/card?lang={language}").text


def test_a_chart_of_nothing_can_be_drawn() -> None:
    import plotly.graph_objects as go

    assert go.Figure(reliability.figure([], [])).to_plotly_json()["data"]
