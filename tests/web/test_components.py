"""The specimen page: every component in every state, under the strict content security policy."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from flask import Flask, render_template
from flask.testing import FlaskClient
from flask_babel import Babel
from jinja2 import ChoiceLoader, FileSystemLoader

from cem.http import i18n, pages
from cem.http.preferences import preferences
from tests.specimen.cast import cast

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def browser() -> FlaskClient:
    app = Flask("specimen", static_folder=str(ROOT / "cem" / "static"))
    app.config["BABEL_TRANSLATION_DIRECTORIES"] = str(ROOT / "cem" / "translations")
    app.jinja_loader = ChoiceLoader(
        [FileSystemLoader(ROOT / "templates"), FileSystemLoader(ROOT / "tests" / "specimen")]
    )
    Babel(app, locale_selector=i18n.select_locale)
    pages.init_app(app)
    app.register_blueprint(preferences)
    app.add_url_rule("/specimen", "specimen", lambda: render_template("components.html", **cast()))
    return app.test_client()


def _page(browser: FlaskClient, language: str = "en") -> str:
    answer = browser.get(f"/specimen?lang={language}")
    assert answer.status_code == 200
    return answer.text


def test_geometry_is_drawn_without_a_single_style_attribute(browser: FlaskClient) -> None:
    page = _page(browser)
    assert not re.search(r"\sstyle=|<style|<script(?![^>]*src=)|\son\w+=", page)


def test_every_figure_shows_its_n(browser: FlaskClient) -> None:
    figures = re.findall(r'<data class="signed[^>]*data-n="(\d+)">(.*?)</data>', _page(browser), re.S)
    shown = {int(n): f"n {int(n):,}".replace(",", "\u2009") in words for n, words in figures}
    assert len(shown) == 5 and all(shown.values())


def test_a_figure_from_fewer_than_five_is_not_shown(browser: FlaskClient) -> None:
    page = _page(browser)
    hidden = re.search(r'<data[^>]*data-n="4">.*?</data>', page, re.S)
    assert hidden and "—" in hidden[0] and "50" not in hidden[0]


def test_few_data_say_so_in_words(browser: FlaskClient) -> None:
    assert "few data" in _page(browser) and "样本少" in _page(browser, "zh-Hans")


def test_a_change_within_noise_is_hollow_and_says_so(browser: FlaskClient) -> None:
    page = _page(browser)
    assert page.count("delta__mark--real") == 1
    assert "within noise" in page and "a real change" in page


def test_the_sum_is_ruled_off_only_where_it_was_proved(browser: FlaskClient) -> None:
    page = _page(browser)
    assert page.count("wenwu--sum") == 1
    assert "off by 2 entries" in page


def test_every_seal_is_silent_for_readers_because_its_word_stands_beside_it(browser: FlaskClient) -> None:
    seals = re.findall(r'<span class="seal [^>]*>', _page(browser))
    assert seals and all('aria-hidden="true"' in seal for seal in seals)


@pytest.mark.parametrize(
    ("state", "mark"),
    [("soon", ""), ("overdue", "逾"), ("paused", "Paused"), ("kept", "Kept"), ("late", "Done, late by")],
)
def test_a_clock_says_its_state_not_only_by_colour(browser: FlaskClient, state: str, mark: str) -> None:
    clock = re.search(rf'<span class="clock clock--{state}".*?clock__what', _page(browser), re.S)
    assert clock and mark in clock[0]


def test_the_error_stands_between_the_label_and_its_field(browser: FlaskClient) -> None:
    page = _page(browser)
    label, error, field = (page.index(part) for part in ('for="phone"', 'id="phone-error"', 'id="phone"'))
    assert label < error < field
    assert 'aria-invalid="true" aria-describedby="phone-error phone-hint"' in page


def test_what_was_typed_is_shown_as_text(browser: FlaskClient) -> None:
    assert "&lt;b&gt;" in _page(browser)


def test_the_stylesheet_has_tokens_base_and_components_and_is_kept_for_ever(browser: FlaskClient) -> None:
    address = re.search(r'href="(/static/site.css\?v=[^"]+)"', _page(browser))
    assert address
    sheet = browser.get(address[1])
    assert all(part in sheet.text for part in ("--paper:", ".wenwu", ".clock--soon"))
    assert "immutable" in sheet.headers["Cache-Control"]


@pytest.mark.parametrize(
    ("language", "words"), [("zh-Hans", "逾期"), ("zh-Hant", "當場致謝"), ("en", "Overdue")]
)
def test_the_components_speak_three_languages(browser: FlaskClient, language: str, words: str) -> None:
    assert words in _page(browser, language)


@pytest.mark.parametrize(
    ("accepted", "language"),
    [
        ("zh-CN", "zh-Hans"),
        ("zh-SG,en;q=0.5", "zh-Hans"),
        ("zh", "zh-Hans"),
        ("zh-TW", "zh-Hant"),
        ("zh-HK", "zh-Hant"),
        ("zh-MO", "zh-Hant"),
        ("zh-Hant-HK", "zh-Hant"),
        ("fr,de;q=0.8", "en"),
        ("fr,zh-TW;q=0.8", "zh-Hant"),
        ("en-US,zh;q=0.9", "en"),
        ("", "en"),
    ],
)
def test_the_page_follows_the_browser(browser: FlaskClient, accepted: str, language: str) -> None:
    page = browser.get("/specimen", headers={"Accept-Language": accepted}).text
    assert f'<html lang="{language}"' in page


def test_a_chosen_language_and_theme_are_remembered(browser: FlaskClient) -> None:
    chosen = browser.post("/preferences/language", data={"language": "zh-Hant", "next": "/specimen"})
    assert (chosen.status_code, chosen.location) == (303, "/specimen")
    browser.post("/preferences/theme", data={"theme": "dark", "next": "/specimen"})
    page = browser.get("/specimen").text
    assert '<html lang="zh-Hant" data-theme="dark"' in page


@pytest.mark.parametrize(
    "away", ["https://elsewhere.example/", "//elsewhere.example", "/\\elsewhere.example", "javascript:1", ""]
)
def test_a_choice_never_leads_to_another_host(browser: FlaskClient, away: str) -> None:
    answer = browser.post("/preferences/theme", data={"theme": "dark", "next": away})
    assert answer.location == "/"


def test_a_choice_that_does_not_exist_is_refused(browser: FlaskClient) -> None:
    assert browser.post("/preferences/language", data={"language": "tlh"}).status_code == 400


def test_a_head_breaks_between_its_phrases(browser: FlaskClient) -> None:
    phrases = browser.application.jinja_env.filters["phrases"]
    assert phrases("您有多愿意\u200b把我们推荐给朋友？").count('class="phrase"') == 2
    assert phrases("<b>") == "&lt;b&gt;"
