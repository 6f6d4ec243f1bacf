"""WCAG 2.2 AA on the customer's pages, as far as a machine can tell."""

from __future__ import annotations

from uuid import uuid4

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from tests.browser.conftest import Hub
from tests.surveys.stage import KIOSK, LINK

RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}


def _violations(page: Page) -> list[str]:
    found = Axe().run(page, options=RULES).response["violations"]
    return [f"{each['id']}: {each['nodes'][0]['html'][:120]}" for each in found]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("language", ["zh-Hans", "zh-Hant", "en"])
def test_every_customer_page_is_open_to_everybody(hub: Hub, language: str, scheme: str) -> None:
    visitor = hub.visitor(color_scheme=scheme)
    page = hub.page(visitor)
    answer = visitor.request.post(
        f"/f/{LINK}", form={"event_id": str(uuid4()), "rating": "1", "text": "The waiter ignored us"}
    )
    code = page.goto(answer.url) and page.locator(".code").inner_text()
    for path in (f"/k/{KIOSK}", f"/f/{LINK}", f"/f/{LINK}/thanks/{code}", f"/t/{code}", "/t/nowhere"):
        page.goto(f"{path}?lang={language}")
        assert _violations(page) == [], path


def test_a_form_with_errors_is_open_to_everybody(hub: Hub) -> None:
    page = hub.page(hub.visitor())
    page.goto(f"/f/{LINK}")
    page.fill("#contact", "over there")
    page.click("text=Hand it to the duty manager")
    assert _violations(page) == []
