"""A hub whose executives' pages are read, and what a page must not do with its figures."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from html.parser import HTMLParser
from typing import Any

from flask.testing import FlaskClient

from tests.dashboards.past import Past
from tests.world import World


@dataclass(slots=True)
class House:
    """The hub at ten on Monday morning. Each request is one of its own, in no other context."""

    world: World

    def reader(self, who: str = "fallback", language: str = "en") -> FlaskClient:
        client = self.world.app.test_client()
        client.set_cookie("language", language)
        with client.session_transaction() as session:
            session["_user_id"], session["_fresh"] = f"{self.world.people[who]}:1", True
        return client

    def page(self, address: str = "/executive", who: str = "fallback", language: str = "en") -> str:
        answer = self.reader(who, language).get(address)
        assert answer.status_code == 200, answer.text[:500]
        return answer.text

    @contextmanager
    def past(self, site: str = "bund") -> Iterator[Past]:
        with self.world.app.app_context():
            yield Past(self.world, site)


class Percents(HTMLParser):
    """Every % of a page that stands neither in a figure nor before its signature."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.figures, self.loose, self.waiting = 0, [], ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: Any) -> None:
        given = dict(attrs)
        self.figures += tag == "data" and "data-n" in given
        if self.waiting and "sig" not in (given.get("class") or "").split():
            self.loose.append(self.waiting)
        self.waiting = ""

    def handle_endtag(self, tag: str) -> None:
        self.figures -= tag == "data"

    def handle_data(self, text: str) -> None:
        if "%" in text and not self.figures:
            self.waiting = text
