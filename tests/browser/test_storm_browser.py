"""A storm on a phone: one key takes all, some are ticked, one text goes to them, the answered are solved."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Hub
from tests.browser.test_desk_browser import SIDEWAYS, _tap, desk
from tests.world import Inline

__all__ = ["desk"]


@pytest.fixture
def storm(desk: Page, hub: Hub) -> Iterator[Page]:
    """Six at once, and lin looks at them."""
    from workers.schedule import turn

    for _ in range(6):
        _tap(desk)
    with hub.app.app_context():
        while turn(Inline()):
            pass
    desk.goto("/desk")
    desk.locator("a[href*='/desk/groups/']").first.click()
    expect(desk.get_by_role("button", name="I take all 6 together")).to_be_visible()
    yield desk


def test_some_are_ticked_written_to_and_solved_with_one_thumb(storm: Page) -> None:
    storm.get_by_role("button", name="I take all 6 together").click()
    storm.get_by_role("link", name="Write to all 6 who are owed an answer").click()
    storm.fill("textarea[name=text]", "The till was down until ten. We are sorry.")
    storm.get_by_text("Choose among 6").click()
    ticks = storm.locator(".tick input")
    expect(ticks).to_have_count(6)
    ticks.nth(0).check()
    ticks.nth(1).check()
    expect(storm.locator("input[name=which][value=some]")).to_be_checked()
    assert storm.evaluate(SIDEWAYS) == 0
    storm.get_by_role("button", name="See it before it goes").click()
    expect(storm.get_by_text("It goes to 2 customers.")).to_be_visible()
    assert storm.evaluate(SIDEWAYS) == 0
    storm.get_by_role("button", name="Send it to all 2").click()
    storm.get_by_role("link", name="Solve all 2 that were answered").click()
    storm.locator("label:has(input[name=code][value=explained])").click()
    storm.fill("textarea[name=summary]", "The till was down.")
    assert storm.evaluate(SIDEWAYS) == 0
    storm.get_by_role("button", name="Solve all 2").click()
    expect(storm.get_by_role("link", name="Write to all 4 who are owed an answer")).to_be_visible()


def test_long_work_goes_on_by_itself(storm: Page, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("cem.web.desk.group_answer_routes.IN_PARTS", 2)
    storm.get_by_role("button", name="I take all 6 together").click()
    storm.get_by_role("link", name="Write to all 6 who are owed an answer").click()
    storm.fill("textarea[name=text]", "We are sorry.")
    storm.get_by_role("button", name="See it before it goes").click()
    storm.get_by_role("button", name="Send it to all 6").click()
    expect(storm.get_by_text("Each of them has an answer.")).to_be_visible()
