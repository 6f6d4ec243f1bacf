"""Every number of the ledger, on whichever page and for whoever reads it, leads to exactly so many items."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest

from cem.domain.vocabulary import Via
from cem.engine import replies
from tests.dashboards.past import Past, day
from tests.web.office import Desk, Office, opened

PAGES = {
    "clerk": ("/desk",),
    "lin": ("/desk", "/executive"),
    "shen": ("/desk?of=places",),
    "gu": ("/desk", "/executive?site=bund"),
    "outsider": ("/desk",),
    "fallback": ("/executive", "/admin"),
    "admin": ("/admin",),
}
"""The home page of each, and where else they read the ledger; each sees other places."""
COUNTED = ("tally", "ledger__key", "states", "storm__figures", "admin__facts--count", "n")
"""Classes of what holds numbers of the ledger: in there no number stands without its list."""
OF_THE_HUB = "Rows of the audit trail without their seal"
"""Counts no feedback."""
LISTS = ("/desk/ledger/", "/executive/feedback", "/desk?of=places", "/desk?of=untaken")
IN_A_GROUP = r"/desk/groups/[0-9a-f-]+\?of="


class Figures(HTMLParser):
    """The numbers of a page that lead somewhere, and those of the ledger that lead nowhere."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.linked: list[tuple[int, str]] = []
        self.loose: list[str] = []
        self._open: list[tuple[str, frozenset[str]]] = []
        self._href, self._said, self._before = "", "", ""
        self.feed(re.sub(r"<(br|hr|input|link|meta|img|col)\b[^>]*>", "", page))

    def handle_starttag(self, tag: str, attrs: Any) -> None:
        given = dict(attrs)
        self._open.append((tag, frozenset((given.get("class") or "").split())))
        if tag == "a":
            self._href, self._said = given.get("href") or "", ""

    def handle_endtag(self, tag: str) -> None:
        while self._open and self._open.pop()[0] != tag:
            pass
        if tag == "a":
            if numbers := re.findall(r"\d[\d,]*", self._said):
                self.linked.append((int(numbers[-1].replace(",", "")), self._href))
            self._href = ""

    def handle_data(self, text: str) -> None:
        self._said += text
        inside = frozenset[str]().union(*(classes for _, classes in self._open))
        clock = any(each.startswith("clock") for each in inside)
        if re.fullmatch(r"\s*\d[\d,]*\s*", text) and inside & set(COUNTED) and not self._href and not clock:
            self.loose += [text] if self._before != OF_THE_HUB else []
        self._before = text.strip() or self._before


@pytest.fixture
def office(database_url: str, tmp_path: Path) -> Iterator[Office]:
    with opened(database_url, tmp_path) as office:
        yield office


def lived_in(office: Office) -> None:
    """Two branches with something in every state, old and new, and a storm."""
    for site in ("bund", "soho"):
        with office.inside():
            past = Past(office.world, site)
            for state in ("thanked", "personal", "public", "excused", "owed"):
                past.answers("faces5", [5, 4, 1], day("2026-11-18"), state=state)
            past.answers("nps", [9] * 6, day("2026-11-19"))
            past.feedback("faces5", 2, day("2026-09-01"), "owed", due_at=day("2026-09-04"))
            past.feedback("faces5", 3, day("2026-09-02"), "owed")
    for value in (5, 3, 2, 1, 1, 1, 1, 1, 1):
        office.tap(value)
    office.say("Nobody came.")
    with office.inside():
        replies.reply(
            office.feedback_of("Nobody came."), "We are sorry.", Via.MESSAGE, office.world.actor("lin")
        )
    office.pass_time(minutes=40)


def behind(desk: Desk, href: str) -> int:
    """How many items the list holds, all of its pages together."""
    page = desk.page(href)
    if href.startswith("/executive/feedback"):
        shown, count = page.count('<li class="item'), re.search(r'<p class="sub">([\d,]+) feedback', page)
        assert count and shown == min(50, int(count[1]))
        return int(count[1])
    if "/desk/groups/" in href:
        return page.count('class="storm__row"')
    if "/desk/ledger/" in href:
        return page.count('data-key="feedback-')
    storms = re.findall(r"<b>(\d+) at once</b>", page)
    return len(re.findall(r'data-key="case-\d+"', page)) + sum(map(int, storms))


def checked(desk: Desk, address: str) -> int:
    """How many figures of this page lead to their items; none may lead to more or to fewer."""
    found = Figures(desk.get(address).text)
    assert found.loose == [], f"{address} shows numbers of the ledger that lead nowhere"
    figures = {each for each in found.linked if each[1].startswith(LISTS) or re.match(IN_A_GROUP, each[1])}
    assert {(n, href): behind(desk, href) for n, href in figures} == {(n, href): n for n, href in figures}
    return len(figures)


def test_every_number_of_the_ledger_has_so_many_items_behind_it(office: Office) -> None:
    lived_in(office)
    for who, pages in PAGES.items():
        for address in pages:
            assert checked(office.desk(who), address) >= 6, f"{address} of {who}"


def test_the_numbers_of_a_storm_have_so_many_items_behind_them_to_its_end(office: Office) -> None:
    lived_in(office)
    desk = office.desk("shen")
    found = re.search(r'href="(/desk/groups/[0-9a-f-]+)"', desk.page("/desk?of=places"))
    assert found
    assert checked(desk, found[1]) >= 2
    assert desk.post(f"{found[1]}/acknowledgement").status_code == 303
    number = re.search(r'data-key="case-(\d+)"', desk.page(found[1]))
    assert number
    form = {"reason": "test", "evidence": "It was us.", "confirmed": "yes"}
    said = desk.post(f"/desk/cases/{number[1]}/dismissal", **form)
    assert said.status_code == 303
    assert checked(desk, found[1]) >= 3, "who was dismissed is still one of them"


def test_a_list_that_is_longer_than_a_page_goes_on(office: Office) -> None:
    with office.inside():
        Past(office.world).answers("faces5", [5] * 203, day("2026-11-18"), state="thanked")
    desk = office.desk("lin")
    first = desk.page("/desk/ledger/thanked")
    assert "203 feedbacks" in first
    rest = re.search(r'href="(/desk/ledger/thanked\?after=\d+)"', first)
    assert rest
    keys = [set(re.findall(r'data-key="(feedback-[^"]+)"', page)) for page in (first, desk.page(rest[1]))]
    assert (len(keys[0]), len(keys[1]), len(keys[0] | keys[1])) == (200, 3, 203)
