"""The duty desk on a phone in one hand, and on a laptop beside the queue."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from uuid import uuid4

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import update

from cem import clock
from cem.extensions import db
from cem.http import sign_in
from cem.models import User
from tests import world as worlds
from tests.browser.conftest import Hub
from tests.surveys.stage import KIOSK

PASSWORD = "a long enough one"
SIDEWAYS = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


@pytest.fixture
def desk(hub: Hub) -> Iterator[Page]:
    """lin's desk on a phone, signed in through the door, on a Monday morning."""
    clock.stand_at(worlds.MONDAY)
    with hub.app.app_context():
        known = sign_in.hash_password(PASSWORD)
        with db.engines[None].begin() as connection:
            connection.execute(update(User).values(password_hash=known, locale="en"))
    yield _signed_in(hub, "lin")
    assert hub.errors == []


def _signed_in(hub: Hub, who: str, **wishes: object) -> Page:
    page = hub.page(hub.visitor(**wishes))
    page.goto("/desk")
    page.fill("#username", who)
    page.fill("#password", PASSWORD)
    page.click("main button[type=submit]")
    page.wait_for_url("**/desk")
    return page


def _tap(page: Page, value: int = 1) -> None:
    body = {"event_id": str(uuid4()), "value": value, "language": "en"}
    answer = page.context.request.post(f"/k/{KIOSK}/taps", data=body)
    assert answer.status == 201


def test_a_very_bad_tap_appears_within_a_second_without_reloading(desk: Page, hub: Hub) -> None:
    expect(desk.locator(".empty")).to_be_visible()
    desk.evaluate("window.stayed = true")
    with desk.expect_response("**/desk/rows*"):
        _tap(desk)
    begin = time.monotonic()
    expect(desk.locator(".row")).to_be_visible(timeout=1_000)
    assert time.monotonic() - begin < 1
    expect(desk.locator(".row .where")).to_have_text("Table 12")
    assert desk.evaluate("window.stayed") is True


def test_it_is_taken_with_one_touch_and_the_colleague_sees_it_at_once(desk: Page, hub: Hub) -> None:
    colleague = _signed_in(hub, "shen")
    _tap(desk)
    colleague.goto("/desk?of=places")
    expect(colleague.locator(".row")).to_be_visible()
    desk.click(".row")
    expect(desk.locator(".act .btn--main")).to_have_text("Take it")
    desk.evaluate("window.stayed = true")
    desk.click(".act .btn--main")
    expect(desk.locator(".act .btn--main")).to_have_text("Write the outcome", timeout=2_000)
    expect(desk.locator(".line")).to_contain_text("You took it")
    assert desk.evaluate("window.stayed") is True
    expect(colleague.locator(".clock__what")).to_contain_text("First contact", timeout=2_000)


def test_the_second_of_two_sees_who_was_first(desk: Page, hub: Hub) -> None:
    colleague = _signed_in(hub, "zhou", java_script_enabled=False)
    _tap(desk)
    desk.click(".row")
    colleague.goto("/desk/cases/1")
    desk.click(".act .btn--main")
    expect(desk.locator(".line")).to_contain_text("You took it")
    colleague.click(".act .btn--main")
    expect(colleague.locator("h1")).to_contain_text("林知夏 was a moment earlier")
    hub.errors.clear()  # the browser itself notes the 409


def test_the_whole_way_works_without_script(desk: Page, hub: Hub) -> None:
    page = _signed_in(hub, "zhou", java_script_enabled=False)
    _tap(desk)
    page.goto("/desk/cases/1")
    page.click("text=Take it")
    page.click("text=Write the outcome")
    page.click("label:has-text('Reached') >> nth=0")
    page.click("label:has-text('By phone')")
    page.fill("#summary", "said sorry at the table")
    page.click("text=Write it down")
    page.click(".act .btn--main >> text=Solve")
    page.click("label:has-text('Apologised')")
    page.fill("#summary", "a new plate")
    page.click(".act-page .btn--main")
    page.click(".act .btn--main >> text=Close")
    expect(page.locator(".line")).to_contain_text("周远 closed it")


def test_nothing_runs_sideways_and_every_key_is_large_enough(desk: Page, hub: Hub) -> None:
    _tap(desk)
    for address in ("/desk", "/desk/cases/1", "/desk/cases/1/contacts", "/desk/owed", "/me"):
        for language in ("zh-Hans", "zh-Hant", "en"):
            desk.goto(f"{address}?lang={language}")
            for width in (390, 320):
                desk.set_viewport_size({"width": width, "height": 800})
                assert desk.evaluate(SIDEWAYS) == 0, (address, language, width)
            small = desk.evaluate(
                """() => [...document.querySelectorAll('a[href], button')]
                .map(each => [each.getBoundingClientRect(), each.outerHTML.slice(0, 90)])
                .filter(([box]) => box.width > 2 && box.height > 2 && (box.width < 24 || box.height < 24))
                .map(([, html]) => html)"""
            )
            assert small == [], (address, language)


def test_on_a_laptop_the_queue_stays_beside_the_case(desk: Page, hub: Hub) -> None:
    _tap(desk)
    page = _signed_in(hub, "lin", viewport={"width": 1440, "height": 900})
    expect(page.locator(".desk__choose")).to_contain_text("Choose a case on the left")
    page.click(".row")
    expect(page.locator(".desk__queue .row--open")).to_be_visible()
    expect(page.locator(".desk__case h1")).to_contain_text("Table 12")
    expect(page.locator(".dock")).to_have_count(0)
    assert re.search(r"/desk/cases/1$", page.url)


def test_cut_off_from_the_hub_the_desk_says_so_and_keeps_its_rows(desk: Page, hub: Hub) -> None:
    _tap(desk)
    expect(desk.locator(".row")).to_be_visible()
    desk.context.set_offline(True)
    desk.evaluate("dispatchEvent(new Event('online'))")
    expect(desk.locator("[data-offline]")).to_be_visible(timeout=2_000)
    expect(desk.locator(".row")).to_be_visible()
    desk.context.set_offline(False)
    desk.evaluate("dispatchEvent(new Event('online'))")
    expect(desk.locator("[data-offline]")).to_be_hidden(timeout=5_000)
    hub.errors.clear()  # the browser itself complains of the lost network
