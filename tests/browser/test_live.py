"""The desk's modules in a real browser: fragments that stay fresh, clocks that run."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import Page, Route, expect

from tests.browser.conftest import Hub

NOW = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
ROW = """<a class="row" data-key="7" href="#row"><span class="clock" data-start="{start}" data-due="{due}">
<span class="clock__left"><span data-clock-left></span></span>
<svg class="stick"><line class="left" x2="0%"/><circle class="ember" cx="0%"/></svg>
<span class="clock__what">first contact</span></span><span class="where">Room 1208</span></a>"""
PAGE = """<!doctype html><html lang="en" data-now="{now}" {stream}><body data-units="d|h|min|s"
data-soon="Due soon" data-overdue="Overdue"><p id="announcer" role="status"></p>
<p data-offline hidden>offline</p>
<section data-live="/fragment" data-live-on="case.">{inside}</section>
<script type="module" src="/static/js/live.js"></script></body></html>"""


@dataclass
class Desk:
    """A page with one live part, whose server the test plays."""

    page: Page
    asked: list[str] = field(default_factory=list)
    fragment: str = "<p>before</p>"
    away: bool = False
    events: str = ""

    def open(self, inside: str = "<p>first</p>", stream: bool = True) -> None:
        where = 'data-stream="/stream"' if stream else ""
        html = PAGE.format(now=NOW.isoformat(), stream=where, inside=inside)
        self.page.route("**/desk", lambda route: route.fulfill(body=html, content_type="text/html"))
        self.page.route("**/fragment", self._fragment)
        self.page.route("**/stream", self._stream)
        self.page.goto("/desk")

    def _fragment(self, route: Route) -> None:
        self.asked.append(route.request.url)
        if self.away:
            route.abort()
        else:
            route.fulfill(body=self.fragment, content_type="text/html")

    def _stream(self, route: Route) -> None:
        """Says what there is to say and hangs up; the browser comes again."""
        said, self.events = self.events, ""
        route.fulfill(body=f"retry: 200\n\n{said}", content_type="text/event-stream")


@pytest.fixture
def desk(hub: Hub) -> Desk:
    page = hub.page(hub.visitor())
    page.clock.install(time=NOW)
    return Desk(page)


def _row(left: timedelta, whole: timedelta = timedelta(minutes=10)) -> str:
    due = NOW + left
    return ROW.format(start=(due - whole).isoformat(), due=due.isoformat())


def test_an_event_fetches_the_part_that_it_concerns(desk: Desk) -> None:
    desk.open()
    expect(desk.page.locator("section")).to_have_text("before")
    desk.fragment = "<p>after</p>"
    desk.events = "event: case.opened\ndata: {}\n\n"
    desk.page.clock.run_for(1000)
    expect(desk.page.locator("section")).to_have_text("after")


def test_without_a_stream_it_asks_every_few_seconds(desk: Desk) -> None:
    desk.open(stream=False)
    expect(desk.page.locator("section")).to_have_text("first")
    desk.page.clock.run_for(5100)
    expect(desk.page.locator("section")).to_have_text("before")


def test_a_row_never_moves_under_a_finger(desk: Desk) -> None:
    desk.open(inside=_row(timedelta(minutes=5)), stream=False)
    box = desk.page.locator(".row").bounding_box()
    assert box
    desk.page.mouse.move(box["x"] + 5, box["y"] + 5)
    desk.page.mouse.down()
    desk.page.clock.run_for(11_000)
    expect(desk.page.locator(".row")).to_be_visible()
    assert desk.asked == []
    desk.page.mouse.up()
    desk.page.clock.run_for(500)
    expect(desk.page.locator("section")).to_have_text("before")


def test_what_is_being_typed_is_not_swept_away(desk: Desk) -> None:
    desk.open(inside='<textarea id="note"></textarea>', stream=False)
    desk.page.fill("#note", "I go and knock")
    desk.page.clock.run_for(11_000)
    expect(desk.page.locator("#note")).to_have_value("I go and knock")


def test_a_lost_hub_is_said_and_its_return_too(desk: Desk) -> None:
    desk.open(stream=False)
    desk.away = True
    desk.page.clock.run_for(5100)
    expect(desk.page.locator("[data-offline]")).to_be_visible()
    desk.away = False
    desk.page.clock.run_for(5100)
    expect(desk.page.locator("[data-offline]")).to_be_hidden()


def test_a_clock_runs_turns_soon_and_then_overdue_and_says_so_once(desk: Desk) -> None:
    desk.fragment = _row(timedelta(minutes=3))
    desk.open(inside=desk.fragment, stream=False)
    clock, left = desk.page.locator(".clock"), desk.page.locator("[data-clock-left]")
    expect(left).to_have_text(re.compile("^3min 00s|2min 5[0-9]s$"))  # the machine takes a moment
    desk.page.clock.run_for(70_000)
    expect(clock).to_have_class("clock clock--soon")
    expect(left).to_have_text(re.compile("^1min 50s|1min 4[0-9]s$"))
    expect(desk.page.locator("#announcer")).to_have_text("Due soon: Room 1208 first contact")
    desk.page.clock.run_for(115_000)
    expect(clock).to_have_class("clock clock--overdue")
    expect(desk.page.locator(".row")).to_have_class("row row--overdue")
    expect(desk.page.locator("#announcer")).to_contain_text("Overdue: Room 1208")


def test_a_wrong_clock_on_the_desk_does_not_bend_the_promise(hub: Hub) -> None:
    page = hub.page(hub.visitor())
    page.clock.install(time=NOW + timedelta(hours=3))
    desk = Desk(page)
    desk.open(inside=_row(timedelta(minutes=8, seconds=20)), stream=False)
    expect(page.locator("[data-clock-left]")).to_have_text(re.compile("^8min (20|1[0-9])s$"))
