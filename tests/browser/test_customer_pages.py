"""The link and the status page on a customer's own phone."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import select

from cem.domain.actors import Actor
from cem.domain.vocabulary import ResolutionCode
from cem.engine import case_endings, cases
from cem.engine.case_endings import Resolution
from cem.engine.case_steps import Seen
from cem.extensions import db
from cem.models import Case
from tests.browser.conftest import Hub
from tests.surveys.stage import LINK

SIDEWAYS = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
SMALL = """() => [...document.querySelectorAll('a[href], button, input:not([type=hidden]), textarea')]
    .map(each => [each.getBoundingClientRect(), each.outerHTML.slice(0, 80)])
    .filter(([box]) => box.width && (box.width < 24 || box.height < 24)).map(([, html]) => html)"""


def _answer(page: Page, text: str = "The waiter ignored us") -> str:
    """Fill in the link page and follow it to the status page; the tracking code."""
    page.goto(f"/f/{LINK}")
    page.check('input[name="rating"][value="1"]', force=True)
    page.fill("#text", text)
    page.click("text=Hand it to the duty manager")
    code = page.locator(".code").inner_text()
    page.click("text=See where it stands")
    return code


def _resolve(hub: Hub) -> None:
    with hub.app.app_context():
        case = db.session.scalars(select(Case)).one()
        seen = Seen(case.id, Actor("user", str(case.owner_id)))
        cases.acknowledge(seen)
        reply = "You are right. It is refunded."
        case_endings.resolve(seen, Resolution(ResolutionCode.REFUNDED, "refunded", reply=reply))


def test_a_customer_writes_follows_the_code_and_says_that_it_is_not_solved(hub: Hub) -> None:
    page = hub.page(hub.visitor())
    code = _answer(page)
    assert re.fullmatch(r"[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}", code)
    expect(page.locator(".status__state")).to_contain_text("duty manager has been told")
    _resolve(hub)
    page.reload()
    expect(page.locator(".letter")).to_contain_text("It is refunded.")
    page.click("text=Not yet >> visible=true")
    expect(page.locator(".note--jade")).to_contain_text("one level up")
    assert hub.errors == []


def test_a_program_that_clicks_is_asked_once_more(hub: Hub) -> None:
    page = hub.page(hub.visitor())
    _answer(page)
    _resolve(hub)
    page.reload()
    page.evaluate("document.querySelector('button[value=yes]').click()")
    expect(page.locator("main")).to_contain_text("One more touch shows that it is you")


def test_a_draft_outlives_a_change_of_language(hub: Hub) -> None:
    page = hub.page(hub.visitor())
    page.goto(f"/f/{LINK}")
    page.check('input[name="rating"][value="3"]', force=True)
    page.fill("#text", "Great fish")
    page.click('.collect__langs a[lang="zh-Hant"]')
    expect(page.locator("#text")).to_have_value("Great fish")
    expect(page.locator('input[name="rating"][value="3"]')).to_be_checked()


def test_what_is_missing_gets_the_focus(hub: Hub) -> None:
    page = hub.page(hub.visitor())
    page.goto(f"/f/{LINK}")
    page.click("text=Hand it to the duty manager")
    expect(page.locator("#summary")).to_be_focused()


@pytest.mark.parametrize("width", [320, 390, 1440])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_no_page_scrolls_sideways_or_has_a_target_too_small(hub: Hub, width: int, scheme: str) -> None:
    visitor = hub.visitor(viewport={"width": width, "height": 720}, color_scheme=scheme)
    page = hub.page(visitor)
    code = _answer(page, "一" * 60 + "unbreakable" * 12)
    _resolve(hub)
    for language in ("zh-Hans", "zh-Hant", "en"):
        for path in (f"/f/{LINK}", f"/f/{LINK}/thanks/{code}", f"/t/{code}"):
            page.goto(f"{path}?lang={language}")
            assert page.evaluate(SIDEWAYS) <= 0, path
            assert page.evaluate(SMALL) == [], path
    assert hub.errors == []
