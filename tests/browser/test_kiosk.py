"""A kiosk in a hall, in a real browser."""

from __future__ import annotations

from collections.abc import Callable
from time import monotonic

import pytest
from playwright.sync_api import BrowserContext, Page, expect
from sqlalchemy import select

from cem.extensions import db
from cem.models import Feedback
from tests.browser.conftest import Hub
from tests.surveys.stage import KIOSK

TABLET = {"width": 1280, "height": 800}
THANKS_WITHIN_MS = 300


def _kiosk(hub: Hub, context: BrowserContext) -> Page:
    page = hub.page(context)
    page.goto(f"/k/{KIOSK}")
    return page


def _panel(page: Page) -> str:
    return "[data-panel]:not([hidden])"


def _touch(page: Page, value: int) -> None:
    page.click(f'[data-panel]:not([hidden]) .key[value="{value}"]')


def _stored(hub: Hub) -> list[Feedback]:
    with hub.app.app_context():
        rows = db.session.scalars(select(Feedback).order_by(Feedback.received_at)).all()
        return list(rows)


def _until(page: Page, true: Callable[[], bool], seconds: float = 10) -> None:
    end = monotonic() + seconds
    while not true():
        assert monotonic() < end
        page.wait_for_timeout(50)


def test_a_touch_is_thanked_at_once_and_the_next_person_finds_the_question(hub: Hub) -> None:
    page = _kiosk(hub, hub.visitor(viewport=TABLET))
    took = page.evaluate(
        """async () => {
            const began = performance.now();
            document.querySelector('[data-panel]:not([hidden]) .key').click();
            await new Promise(requestAnimationFrame);
            const thanks = document.querySelector('[data-panel]:not([hidden]) [data-thanks]');
            return thanks.hidden ? Infinity : performance.now() - began;
        }"""
    )
    assert took <= THANKS_WITHIN_MS
    expect(page.locator(f"{_panel(page)} [data-words]")).to_have_text("You touched “Very poor”.")
    expect(page.locator(f"{_panel(page)} [data-outcome]")).not_to_be_empty()
    expect(page.locator(f"{_panel(page)} .key").first).to_be_visible(timeout=6000)
    assert len(_stored(hub)) == 1
    assert hub.errors == []


def test_what_is_touched_without_a_network_arrives_once_with_its_own_time(hub: Hub) -> None:
    context = hub.visitor(viewport=TABLET)
    page = _kiosk(hub, context)
    context.set_offline(True)
    for value in (1, 3, 5):
        _touch(page, value)
        expect(page.locator(f"{_panel(page)} [data-outcome]")).to_contain_text("sent as soon as")
        page.click(f"{_panel(page)} [data-next]")
    expect(page.locator(f"{_panel(page)} [data-waiting]")).to_contain_text("3 saved on this device")
    page.close()
    context.set_offline(False)
    page = _kiosk(hub, context)
    _until(page, lambda: len(_stored(hub)) == 3)
    stored = _stored(hub)
    assert [feedback.rating_value for feedback in stored] == [1, 3, 5]
    assert [feedback.attributes for feedback in stored] == [{"sequence": n} for n in (1, 2, 3)]
    assert all(feedback.occurred_at < feedback.received_at for feedback in stored)
    expect(page.locator(f"{_panel(page)} [data-backlog]")).to_be_hidden()


def test_what_the_hub_has_no_time_for_is_sent_again_and_what_it_refuses_is_kept_apart(hub: Hub) -> None:
    page = _kiosk(hub, hub.visitor(viewport=TABLET))
    answers = iter([503, 429, 408, 422])
    page.route("**/taps", lambda route: route.fulfill(status=next(answers)))
    _touch(page, 2)
    expect(page.locator(f"{_panel(page)} [data-refused]")).to_contain_text("1 not taken", timeout=15_000)
    page.unroute("**/taps")
    expect(page.locator(f"{_panel(page)} .key").first).to_be_visible(timeout=6000)
    _touch(page, 4)
    _until(page, lambda: [feedback.rating_value for feedback in _stored(hub)] == [4])


def test_the_language_changes_on_the_spot_and_goes_back_for_the_next_person(hub: Hub) -> None:
    page = _kiosk(hub, hub.visitor(viewport=TABLET))
    page.click(f'{_panel(page)} [data-language="zh-Hant"]')
    assert page.get_attribute("html", "lang") == "zh-Hant"
    _touch(page, 5)
    expect(page.locator(f"{_panel(page)} [data-words]")).to_have_text("您點的是「很滿意」。")
    page.click(f"{_panel(page)} [data-next]")
    assert page.get_attribute("html", "lang") == "en"
    _until(page, lambda: len(_stored(hub)) == 1)
    assert _stored(hub)[0].language == "zh-Hant"


@pytest.mark.parametrize("width", [320, 390, 768, 1280])
@pytest.mark.parametrize("language", ["zh-Hans", "en"])
def test_every_key_is_big_enough_for_a_hurried_hand(hub: Hub, width: int, language: str) -> None:
    page = hub.page(hub.visitor(viewport={"width": width, "height": 800}))
    page.goto(f"/k/{KIOSK}?lang={language}")
    for key in page.locator(f"{_panel(page)} .key").all():
        box = key.bounding_box()
        assert box and box["width"] >= 96 and box["height"] >= 96
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_without_script_a_touch_is_thanked_too(hub: Hub) -> None:
    page = _kiosk(hub, hub.visitor(viewport=TABLET, java_script_enabled=False))
    _touch(page, 1)
    expect(page.locator("h1")).to_be_visible()
    assert "/thanks/1" in page.url
    assert len(_stored(hub)) == 1
