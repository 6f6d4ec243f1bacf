"""Debian's Chromium against the real pages. Skipped where it is missing, unless it is required."""

from __future__ import annotations

import os
import shutil
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright
from werkzeug.serving import make_server

from tests.conftest import Databases
from tests.surveys.stage import build, take_down

CHROMIUM = os.environ.get("CEM_TEST_CHROMIUM") or shutil.which("chromium")
REQUIRED = "browser" in os.environ.get("CEM_TEST_REQUIRE", "").split(",")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    if CHROMIUM is None:
        (pytest.fail if REQUIRED else pytest.skip)("Chromium is missing: apt-get install chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield browser
        browser.close()


@dataclass(slots=True)
class Hub:
    """The customers' pages under an address; `errors` is what any page complained of in its console."""

    app: Flask
    address: str
    chromium: Browser
    errors: list[str]
    visitors: list[BrowserContext] = field(default_factory=list)

    def visitor(self, **wishes: object) -> BrowserContext:
        wishes = {"locale": "en-GB", "viewport": {"width": 390, "height": 844}} | wishes
        context = self.chromium.new_context(base_url=self.address, **wishes)  # type: ignore[arg-type]
        self.visitors.append(context)
        return context

    def page(self, context: BrowserContext) -> Page:
        page = context.new_page()
        page.on("pageerror", lambda error: self.errors.append(str(error)))
        page.on("console", lambda told: self.errors.append(told.text) if told.type == "error" else None)
        return page


@pytest.fixture
def hub(databases: Databases, tmp_path: Path, chromium: Browser) -> Iterator[Hub]:
    app = build(databases.sqlite(tmp_path), tmp_path).app
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    hub = Hub(app, f"http://127.0.0.1:{server.server_port}", chromium, [])
    yield hub
    for context in hub.visitors:  # each page left open is a process of its own until the last test
        context.close()
    server.shutdown()
    thread.join()
    take_down(app)
