"""Looking over the readings by keyboard, and words that are marked in a case, in a real browser."""

from __future__ import annotations

from playwright.sync_api import expect
from sqlalchemy import update

from cem import clock
from cem.engine import triage
from cem.extensions import db
from cem.http import sign_in
from cem.models import User
from tests import world as worlds
from tests.browser.conftest import Hub
from tests.web.readings import reading
from tests.world import World

PASSWORD = "a long enough one"
SIDEWAYS = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
MARK = """() => {
  const quote = document.querySelector('.case__words .voice'), range = document.createRange();
  const node = document.createTreeWalker(quote, NodeFilter.SHOW_TEXT).nextNode();
  range.setStart(node, 0); range.setEnd(node, 5);
  getSelection().removeAllRanges(); getSelection().addRange(range);
}"""


def _texts(hub: Hub, *said: tuple[str, tuple[int, int, str]]) -> None:
    """Texts that were understood like this; lin may sign in."""
    clock.stand_at(worlds.MONDAY)
    with hub.app.app_context():
        with db.engines[None].begin() as connection:
            known = sign_in.hash_password(PASSWORD)
            connection.execute(update(User).values(password_hash=known, locale="en"))
        world = World(hub.app, {}, {})
        for text, span in said:
            triage.apply([(world.say(text).feedback_id, reading(span))])


def test_one_two_three_and_enter_judge_one_text_after_the_other(hub: Hub) -> None:
    _texts(
        hub,
        ("Lovely room", (0, 6, "positive")),
        ("Fine view", (0, 4, "positive")),
        ("Good bed", (0, 4, "positive")),
        ("It is loud", (6, 10, "negative")),
    )
    page = hub.page(hub.visitor())
    page.goto("/desk/review")
    page.fill("#username", "lin")
    page.fill("#password", PASSWORD)
    page.click("main button[type=submit]")
    for done, key in enumerate(("1", "2", "3", "Enter")):
        expect(page.locator(".review__done")).to_contain_text(f"{done} of 4 today")
        page.wait_for_load_state("load")  # keys are heard from then on
        with page.expect_navigation():
            page.keyboard.press(key)
    expect(page.locator(".empty")).to_contain_text("Nothing needs your eye")
    assert page.evaluate(SIDEWAYS) == 0

    page.goto("/desk/cases/1")
    page.click(".fix__more > summary")
    page.evaluate(MARK)
    expect(page.locator("[data-words]").first).to_have_value("It is")
    page.click(".fix__key[value='pii:name']")
    expect(page.locator(".fix__private q").first).to_have_text("It is")
    assert page.evaluate(SIDEWAYS) == 0
    assert hub.errors == []
