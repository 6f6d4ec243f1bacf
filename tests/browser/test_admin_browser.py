"""The administrators' pages on a telephone, by keyboard, in a real browser; axe finds nothing on them."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect
from sqlalchemy import update

from cem import clock
from cem.extensions import db
from cem.http import sign_in
from cem.models import User
from tests import world as worlds
from tests.browser.conftest import Hub
from tests.browser.test_accessibility import RULES
from tests.engine.outside import really_sends, robot
from tests.transports.others import WebServer, web_server
from tests.world import World

PASSWORD = "a long enough one"
SIDEWAYS = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
FOCUS = (
    "([who, text]) => document.activeElement.matches(who) && document.activeElement.innerText.includes(text)"
)


@pytest.fixture
def web() -> Iterator[WebServer]:
    with web_server() as server:
        yield server


def _house(hub: Hub) -> World:
    """Everybody may sign in, on a Monday at ten."""
    clock.stand_at(worlds.MONDAY)
    with db.engines[None].begin() as connection:
        known = sign_in.hash_password(PASSWORD)
        connection.execute(update(User).values(password_hash=known, locale="en"))
    return World(hub.app, {}, {})


def _admin(hub: Hub, address: str) -> Page:
    page = hub.page(hub.visitor())
    page.goto(address)
    page.fill("#username", "admin")
    page.fill("#password", PASSWORD)
    page.click("main button[type=submit]")
    return page


def _sound(page: Page) -> None:
    """It fits the telephone, and axe has nothing to say."""
    found = Axe().run(page, options=RULES).response["violations"]
    assert [f"{each['id']}: {each['nodes'][0]['html'][:120]}" for each in found] == []
    assert page.evaluate(SIDEWAYS) == 0


def _tab_to(page: Page, which: str, text: str = "") -> None:
    for _ in range(80):
        page.keyboard.press("Tab")
        if page.evaluate(FOCUS, [which, text]):
            return
    raise AssertionError(f"the keyboard does not come to {which}")


def _choose(page: Page, which: str, name: str) -> None:
    """In the list that has the keyboard."""
    _tab_to(page, which)
    for _ in range(12):
        page.keyboard.press("ArrowDown")
        if page.locator(f"{which} option:checked").inner_text() == name:
            return
    raise AssertionError(f"{name} is not in {which}")


def _enter(page: Page, which: str, text: str = "") -> None:
    _tab_to(page, which, text)
    with page.expect_navigation():
        page.keyboard.press("Enter")


def test_somebody_stands_in_by_keyboard_alone(hub: Hub) -> None:
    with hub.app.app_context():
        _house(hub)
    page = _admin(hub, "/admin/roster?site=bund")
    _sound(page)
    _enter(page, "a.ros__bar", "林知夏")
    _choose(page, "#user", "林知夏")
    _choose(page, "#by", "沈若宁")
    _enter(page, "main button")
    expect(page.locator(".summary")).to_contain_text("沈若宁: no address outside the app is proved")
    _sound(page)
    _enter(page, "button[value=app]")
    expect(page.locator(".note--jade").first).to_contain_text("Arranged. It holds from now on.")
    expect(page.locator(".ros__list").nth(1)).to_contain_text("沈若宁 for 林知夏")
    assert [error for error in hub.errors if "422" not in error] == []


def test_a_rule_is_written_rehearsed_and_published(hub: Hub) -> None:
    with hub.app.app_context():
        world = _house(hub)
        world.tap(1)
        world.fast_forward(minutes=1)
    page = _admin(hub, "/admin/rules/0")
    page.fill("#name", "Worst faces")
    page.click("#ratings > summary")
    page.check("[name=ratings][value=very_dissatisfied]")
    page.select_option("#severity", "critical")
    _sound(page)
    page.click("main button[type=submit]")
    expect(page.locator("main")).to_contain_text("This is a draft")
    _sound(page)
    page.click("text=Rehearse it")
    with hub.app.app_context():
        world.settle()
    expect(page.locator("main")).to_contain_text("Of 1 feedbacks in 90 days 1 would have gone differently.")
    _sound(page)
    page.goto("/admin/rules")
    page.click("main form[action$=publication] button")
    expect(page.locator("main")).to_contain_text("Version 1 holds.")
    assert hub.errors == []


def test_what_was_given_up_is_sent_again(hub: Hub, web: WebServer) -> None:
    with hub.app.app_context():
        world = _house(hub)
        really_sends(world)
        web.says({"errcode": 93000})
        robot(world, "group", web.url)
        for _ in range(2):
            world.tap(1)
        world.fast_forward(seconds=0)
    page = _admin(hub, "/admin/deliveries")
    _sound(page)
    web.says({"errcode": 0})
    page.click("text=Send all 2 again")
    expect(page.locator("[role=status]").first).to_contain_text("2 messages are sent again.")
    with hub.app.app_context():
        world.fast_forward(seconds=0)
    page.reload()
    expect(page.locator("#given-up")).to_contain_text("Every message got through.")
    assert hub.errors == []
