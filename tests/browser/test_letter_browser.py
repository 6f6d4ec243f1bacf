"""Drafting a letter in a real browser: no page is left, what was written comes back."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect
from sqlalchemy import update

from cem import clock
from cem.engine import triage
from cem.extensions import db
from cem.http import sign_in
from cem.models import User
from tests import world as worlds
from tests.browser.conftest import Hub
from tests.browser.test_accessibility import _violations
from tests.web.readings import reading
from tests.world import World

PASSWORD = "a long enough one"
SIDEWAYS = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


@pytest.mark.parametrize(("scheme", "width"), [("light", 390), ("dark", 1440)])
def test_a_letter_is_drafted_in_place_and_undone(hub: Hub, scheme: str, width: int) -> None:
    clock.stand_at(worlds.MONDAY)
    with hub.app.app_context():
        with db.engines[None].begin() as connection:
            known = sign_in.hash_password(PASSWORD)
            connection.execute(update(User).values(password_hash=known, locale="en"))
        receipt = World(hub.app, {}, {}).say("Cold soup after 40 minutes")
        triage.apply([(receipt.feedback_id, reading((0, 9, "negative")))])
    page = hub.page(hub.visitor(color_scheme=scheme, viewport={"width": width, "height": 844}))
    page.goto("/desk/cases/1/replies")
    page.fill("#username", "lin")
    page.fill("#password", PASSWORD)
    page.click("main button[type=submit]")
    letter = page.locator("#text")
    letter.fill("Mine")
    page.click("text=Draft a reply")
    expect(letter).to_have_value(re.compile("the service"))
    page.click(".letter__why summary")
    expect(page.locator(".letter__why")).to_contain_text("Cold soup")
    assert _violations(page) == []
    letter.press_sequentially(" 20 %")
    expect(page.locator("[data-amiss]")).to_contain_text("“20 %” is a number")
    assert _violations(page) == []
    assert page.evaluate(SIDEWAYS) == 0
    page.click("text=Put back what stood here")
    expect(letter).to_have_value("Mine")
    expect(page.locator("[data-amiss]")).to_be_empty()
    assert hub.errors == []
