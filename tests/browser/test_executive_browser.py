"""The executives' page in a real browser: drawn, in both lights, on a phone, on paper, and without script."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import BrowserContext, Locator, Page, expect
from sqlalchemy import select

from cem import clock
from cem.domain.vocabulary import PromiseKind
from cem.extensions import db
from cem.models import Site, User
from tests.browser.conftest import Hub
from tests.dashboards.past import Past
from tests.world import World

SIDEWAYS = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
SMALL = """() => [...document.querySelectorAll('a[href], button, summary')]
    .map(each => [each.getBoundingClientRect(), each.outerHTML.slice(0, 80)])
    .filter(([box]) => box.width && (box.width < 24 || box.height < 24)).map(([, html]) => html)"""
INK = "getComputedStyle(document.body).color"
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}


@pytest.fixture
def reader(hub: Hub) -> Hub:
    """A hub whose answers rose and fell over twelve weeks, with something owed and something overdue."""
    with hub.app.app_context():
        people = dict(db.session.execute(select(User.username, User.id)).all())
        places = dict(db.session.execute(select(Site.code, Site.id)).all())
        past = Past(World(hub.app, people, places))
        for week in range(12):
            at = clock.now() - timedelta(weeks=week + 1)
            past.answers("nps", [10] * (20 + week % 5) + [7] * 6 + [1] * 8, at)
            past.answers("faces5", [5] * 30 + [2] * (6 + week % 4), at, state="thanked")
        at = clock.now() - timedelta(weeks=1)
        past.feedback("faces5", 1, at, "owed", clock.now() - timedelta(hours=2), "等了四十分钟，没人理")
        past.feedback("faces5", 2, at, "owed", text="<b>not bold</b> " + "and on and on " * 60)
        past.promise(PromiseKind.RESOLVE, at, kept=True)
    return hub


def _signed_in(hub: Hub, **wishes: object) -> BrowserContext:
    context = hub.visitor(**wishes)
    with hub.app.app_context():
        person = db.session.scalars(select(User).where(User.username == "fallback")).one()
        session = {"_user_id": f"{person.id}:1", "_fresh": True}
    signer = hub.app.session_interface.get_signing_serializer(hub.app)  # type: ignore[attr-defined]
    context.add_cookies(
        [
            {"name": "answered", "value": signer.dumps(session), "url": hub.address},
            {"name": "language", "value": str(wishes.get("locale", "en")), "url": hub.address},
        ]
    )
    return context


def _opened(hub: Hub, path: str = "/executive", **wishes: object) -> Page:
    page = hub.page(_signed_in(hub, **wishes))
    page.goto(path)
    return page


def _line(page: Page) -> Locator:
    """The estimates of the first chart; before them its band is drawn."""
    return page.locator(".chart .js-line").nth(1)


def test_two_trends_are_drawn_with_their_bands(reader: Hub) -> None:
    page = _opened(reader, viewport={"width": 1440, "height": 900})
    expect(page.locator(".chart .js-line")).to_have_count(4)
    expect(page.locator(".chart .js-fill")).to_have_count(2)
    assert reader.errors == []


def test_the_charts_follow_the_lamp(reader: Hub) -> None:
    page = _opened(reader, color_scheme="light")
    by_day = page.evaluate(INK)
    expect(_line(page)).to_have_css("stroke", by_day)
    page.click(".menu__who")
    page.click("text=Dark")
    by_night = page.evaluate(INK)
    expect(_line(page)).to_have_css("stroke", by_night)
    assert by_day != by_night and reader.errors == []


def test_by_night_the_charts_are_drawn_in_light_ink(reader: Hub) -> None:
    page = _opened(reader, color_scheme="dark")
    expect(_line(page)).to_have_css("stroke", page.evaluate(INK))


@pytest.mark.parametrize(("width", "language"), [(320, "en"), (390, "zh-Hans"), (390, "zh-Hant")])
def test_nothing_goes_sideways_and_everything_can_be_touched(reader: Hub, width: int, language: str) -> None:
    page = _opened(reader, viewport={"width": width, "height": 844}, locale=language)
    for path in ("/executive", "/executive/feedback", "/executive/feedback?state=owed"):
        page.goto(path)
        expect(page.locator(".chart .js-fill")).to_have_count(2 if path == "/executive" else 0)
        assert page.evaluate(SIDEWAYS) <= 0, path
        assert page.evaluate(SMALL) == [], path


def test_without_script_the_numbers_are_there(reader: Hub) -> None:
    page = _opened(reader, java_script_enabled=False)
    expect(page.locator(".chart").first).to_be_hidden()
    page.locator(".numbers summary").first.click()
    rows = page.locator(".numbers").first.locator("tbody tr")
    assert rows.count() == 12
    expect(rows.first).to_contain_text(re.compile(r"n \d+"))


def test_the_page_fits_one_sheet_of_a4(reader: Hub) -> None:
    page = _opened(reader, viewport={"width": 1440, "height": 900}, color_scheme="dark")
    expect(page.locator(".chart .js-line").first).to_be_attached()
    sheets = page.pdf(prefer_css_page_size=True, print_background=True)
    assert len(re.findall(rb"/Type\s*/Page\b", sheets)) == 1
    assert page.locator("html").get_attribute("data-theme") is None, "the lamp is as it was"


def test_from_a_figure_to_what_a_customer_said(reader: Hub) -> None:
    page = _opened(reader, viewport={"width": 1440, "height": 900})
    page.click(".owed-flag")
    expect(page.locator(".item--overdue .voice")).to_have_text("等了四十分钟，没人理")
    page.click(".states a:has-text('Owed, not yet due')")
    expect(page.locator(".item summary")).to_contain_text("<b>not bold</b>")
    page.locator(".item summary").click()
    expect(page.locator(".item details")).to_contain_text("and on and on")
    assert reader.errors == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_pages_are_open_to_everybody(reader: Hub, scheme: str) -> None:
    page = _opened(reader, viewport={"width": 1440, "height": 900}, color_scheme=scheme)
    for path in ("/executive", "/executive/feedback"):
        page.goto(path)
        expect(page.locator(".chart .js-fill")).to_have_count(2 if path == "/executive" else 0)
        found = Axe().run(page, options=RULES).response["violations"]
        assert [f"{each['id']}: {each['nodes'][0]['html'][:160]}" for each in found] == [], path
