"""The executives' page and the lists behind it, as they come out of the server."""

from __future__ import annotations

import gzip
import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import event, select, update

from cem import clock
from cem.domain.vocabulary import PromiseKind
from cem.extensions import READING, db
from cem.models import AuditRow, User
from cem.web.executive import plotly_file
from tests import world as worlds
from tests.dashboards.past import day
from tests.surveys.stage import build, take_down
from tests.web.executive_house import House, Percents

LAST_WEEK, WEEK_BEFORE = day("2026-11-18"), day("2026-11-11")


@pytest.fixture
def house(database_url: str, tmp_path: Path) -> Iterator[House]:
    world = build(database_url, tmp_path)
    clock.stand_at(worlds.MONDAY)
    yield House(world)
    take_down(world.app)


def _figures(page: str) -> list[tuple[int, str]]:
    found = re.findall(r'<data[^>]*data-n="(\d+)"[^>]*>(.*?)</data>', page, re.S)
    return [(int(n), re.sub(r"<[^>]+>", " ", words)) for n, words in found]


def _links(page: str) -> list[str]:
    return [href.replace("&amp;", "&") for href in re.findall(r'href="(/executive/feedback\?[^"]+)"', page)]


def _headline(page: str) -> str:
    found = re.search(r"<h1>(.*?)</h1>", page, re.S)
    assert found
    return found[1]


def _mixed_past(house: House) -> None:
    with house.past() as past:
        past.answers("nps", [10] * 24 + [8] * 10 + [2] * 9, LAST_WEEK)
        past.answers("nps", [10] * 26 + [8] * 9 + [2] * 8, WEEK_BEFORE)
        past.answers("faces5", [5] * 30 + [1] * 6, LAST_WEEK, state="thanked")
        past.feedback("faces5", 1, LAST_WEEK, "owed", clock.now() - timedelta(hours=1), text="等了四十分钟")
        past.feedback("faces5", 2, LAST_WEEK, "owed")
        for kept in (True, True, True, True, False):
            past.promise(PromiseKind.FIRST_CONTACT, LAST_WEEK, kept)
    with house.past("soho") as past:
        past.answers("nps", [9] * 6, LAST_WEEK, state="public")
        past.answers("stars5", [4] * 3, LAST_WEEK, state="excused")


def test_a_change_within_noise_is_not_called_real(house: House) -> None:
    with house.past() as past:
        past.answers("nps", [10] * 24 + [8] * 10 + [2] * 9, LAST_WEEK)
        past.answers("nps", [10] * 26 + [8] * 9 + [2] * 8, WEEK_BEFORE)
    assert _headline(house.page()) == "NPS 35, down 7 points, but that is not yet a real change."
    assert _headline(house.page(language="zh-Hans")) == "NPS 35，低了 7 分，但还不能说真的变了。"
    assert _headline(house.page(language="zh-Hant")) == "NPS 35，低了 7 分，但還不能說真的變了。"
    assert "the interval crosses 0" in house.page()


def test_a_change_whose_interval_excludes_nothing_is_called_real(house: House) -> None:
    with house.past() as past:
        past.answers("nps", [0] * 20 + [9] * 20, LAST_WEEK)
        past.answers("nps", [10] * 40, WEEK_BEFORE)
    page = house.page()
    assert _headline(page) == "NPS 0, down 100 points, and that is a real change."
    assert "delta__mark--real" in page


@pytest.mark.parametrize(
    ("answers", "said"),
    [
        (0, "fewer than 5 answers, so it is not shown"),
        (4, "fewer than 5 answers, so it is not shown"),
        (5, "NPS 100, but only 5 answers: too few to build on."),
        (30, "NPS 100, and nothing to compare it with yet."),
    ],
)
def test_the_headline_does_not_build_on_few_answers(house: House, answers: int, said: str) -> None:
    with house.past() as past:
        past.answers("nps", [10] * answers, LAST_WEEK)
    assert said in _headline(house.page())


def test_what_is_hidden_is_nowhere_in_the_page(house: House) -> None:
    with house.past() as past:
        past.answers("nps", [0, 0, 0, 10], LAST_WEEK)
    assert "\u221250" not in house.page() and "-50" not in re.sub(r"menu__[\w-]+", "", house.page())


def test_the_week_ends_with_the_groups_own_sunday(house: House) -> None:
    with house.past() as past:
        past.answers("nps", [10] * 6, day("2026-11-22", 23))
        past.answers("nps", [0] * 9, day("2026-11-23", 0))
    assert _headline(house.page()).startswith("NPS 100, but only 6")


@pytest.mark.parametrize("language", ["en", "zh-Hans", "zh-Hant"])
def test_every_figure_shows_its_n_and_no_per_cent_stands_alone(house: House, language: str) -> None:
    _mixed_past(house)
    page = house.page(language=language)
    figures = _figures(page)
    assert len(figures) > 10
    assert all(f"n {n:,}".replace(",", "\u2009") in words for n, words in figures)
    assert Percents(page).loose == []


def test_numbers_are_written_as_the_house_writes_them(house: House) -> None:
    with house.past() as past:
        past.answers("nps", [0] * 12 + [10] * 8, LAST_WEEK)
        past.answers("faces5", [5] * 1003, LAST_WEEK, state="thanked")
    page = house.page()
    assert ">\u221220</span>" in page and "<span>\u221256…21</span>" in page
    assert "1\u2009003" in page and "1,003" not in page
    assert not re.search(r">\s*\u2212?\d+\.\d", page), "NPS has no decimals"


def test_the_ledger_shows_six_states_its_sum_and_the_rule_that_proves_it(house: House) -> None:
    _mixed_past(house)
    page = house.page()
    assert "36 + 91 + 6 + 1 + 1 + 3 = <b>138</b>" in page
    assert "wenwu--sum" in page and "it balances" in page
    assert [words.split() for n, words in _figures(page) if n == 99] == [["98%", "n", "99"]]


def test_a_sum_that_does_not_balance_gets_no_rule(house: House) -> None:
    _mixed_past(house)
    with house.world.app.app_context(), db.engines[None].begin() as connection:
        left = update(User).where(User.id == house.world.people["lin"]).values(ended_at=clock.now())
        connection.execute(left)
    page = house.page()
    assert "wenwu--sum" not in page and "The ledger does not balance: off by 2." in page


def test_what_is_overdue_is_the_red_number_and_leads_to_its_list(house: House) -> None:
    _mixed_past(house)
    flag = re.search(r'class="owed-flag" href="([^"]+)"', house.page())
    assert flag
    page = house.page(flag[1].replace("&amp;", "&"))
    assert "1 feedback" in page and "等了四十分钟" in page and "林知夏, since 1 h" in page


def test_every_figure_leads_to_a_list_as_long_as_its_n(house: House) -> None:
    _mixed_past(house)
    page = house.page()
    for n, words in (("49", "metric=nps"), ("43", "metric=csat"), ("5", "promise=first_contact")):
        link = next(each for each in _links(page) if words in each)
        assert f"{n} feedbacks</p>" in house.page(link)
    for state in ("thanked", "personal", "public", "owed", "overdue", "excused"):
        link = next(each for each in _links(page) if f"state={state}" in each)
        count = re.search(rf"seal--{state}[^>]*>.</span>[^<]*<b>(\d+)</b>", page)
        assert count and f"{count[1]} feedback" in house.page(link)


def test_branches_stand_in_the_order_of_the_tree_and_few_data_are_hollow(house: House) -> None:
    _mixed_past(house)
    page = house.page()
    assert page.index(">bund</a>\n<svg") < page.index(">soho</a>\n<svg"), (
        "soho is better, but nobody is ranked"
    )
    assert "trk--few" in page


def test_a_manager_sees_the_figures_of_their_own_places_only(house: House) -> None:
    with house.past() as past:
        past.answers("nps", [10] * 40, LAST_WEEK, text="only for the Bund")
    assert "not shown" in _headline(house.page(who="outsider"))
    assert "only for the Bund" not in house.page("/executive/feedback", who="outsider")
    assert "only for the Bund" in house.page("/executive/feedback", who="lin")


@pytest.mark.parametrize("address", ["/executive?site=bund", "/executive/feedback?site=bund"])
def test_a_look_at_anothers_place_is_refused_and_recorded(house: House, address: str) -> None:
    assert house.reader("outsider").get(address).status_code == 403
    with house.world.app.app_context():
        assert db.session.scalars(select(AuditRow.action)).all() == ["access.refused"]


def test_staff_are_refused_and_strangers_are_sent_to_the_door(house: House) -> None:
    assert house.reader("clerk").get("/executive").status_code == 403
    answer = house.world.app.test_client().get("/executive")
    assert answer.status_code == 303 and "next=" in answer.headers["Location"]


@pytest.mark.parametrize(
    ("address", "status"),
    [
        ("/executive?site=nowhere", 404),
        ("/executive?period=year", 400),
        ("/executive/feedback?state=lost", 400),
        ("/executive/feedback?metric=ces", 400),
        ("/executive/feedback?promise=acknowledge", 400),
        ("/executive/feedback?from=2026-11-16", 400),
        ("/executive/feedback?from=yesterday&to=today", 400),
        ("/executive/feedback?after=2026-11-16T00:00~nobody", 400),
    ],
)
def test_nonsense_in_the_address_is_refused(house: House, address: str, status: int) -> None:
    assert house.reader().get(address).status_code == status


def test_what_customers_said_is_shown_as_text(house: House) -> None:
    said = '<script>alert(1)</script> =HYPERLINK("x") & {{ 7*7 }}'
    with house.past() as past:
        past.feedback(None, None, LAST_WEEK, text=said, language="en")
        past.feedback(None, None, LAST_WEEK, text="长" * 900, language="zh-Hans")
    page = house.page("/executive/feedback")
    assert "&lt;script&gt;alert(1)&lt;/script&gt; =HYPERLINK(&#34;x&#34;) &amp; {{ 7*7 }}" in page
    assert "长" * 320 + "…" in page and "长" * 900 in page


def test_a_list_hides_what_tells_who_somebody_is(house: House) -> None:
    with house.past() as past:
        past.feedback(None, None, LAST_WEEK, text="请打 13800138000 找我", language="zh-Hans")
    page = house.page("/executive/feedback")
    assert "请打 ••• 找我" in page and "13800138000" not in page


def test_a_list_goes_on_where_its_page_ends(house: House) -> None:
    with house.past() as past:
        past.answers("faces5", [5] * 70, LAST_WEEK)
    first = house.page("/executive/feedback?state=personal")
    onward = next(each for each in _links(first) if "after=" in each)
    second = house.page(onward)
    assert (first.count('<li class="item'), second.count('<li class="item')) == (50, 20)
    assert "state=personal" in onward and "From the start" in second


def test_the_page_asks_as_many_questions_however_much_was_said(house: House) -> None:
    asked: list[str] = []
    with house.world.app.app_context():
        engine = db.engines.get(READING, db.engines[None])
    event.listen(engine, "before_cursor_execute", lambda c, k, statement, *more: asked.append(statement))
    house.page()
    asked.clear()
    house.page()
    empty = len(asked)
    _mixed_past(house)
    asked.clear()
    house.page()
    assert len(asked) == empty <= 21


def test_plotly_comes_from_the_wheel_compressed_and_for_ever(house: House) -> None:
    address = re.search(r'<script defer src="([^"]+)"', house.page())
    assert address and "v=" in address[1]
    browser = house.world.app.test_client()
    packed = browser.get(address[1], headers={"Accept-Encoding": "gzip, br"})
    assert packed.headers["Content-Encoding"] == "gzip" and "immutable" in packed.headers["Cache-Control"]
    assert gzip.decompress(packed.data) == plotly_file.source().read_bytes()
    plain = browser.get(address[1])
    assert (
        "Content-Encoding" not in plain.headers
        and plain.content_length == plotly_file.source().stat().st_size
    )
    assert len(packed.data) < plain.content_length / 3


def test_only_the_page_with_charts_allows_inline_styles(house: House) -> None:
    reader = house.reader()
    assert "'unsafe-inline'" in reader.get("/executive").headers["Content-Security-Policy"]
    policy = reader.get("/executive/feedback").headers["Content-Security-Policy"]
    assert "'unsafe-inline'" not in policy
    assert "script-src 'self';" in reader.get("/executive").headers["Content-Security-Policy"]


@pytest.mark.parametrize("period", ["week", "4weeks", "quarter"])
@pytest.mark.parametrize("language", ["en", "zh-Hans", "zh-Hant"])
def test_a_hub_without_a_past_says_so(house: House, period: str, language: str) -> None:
    page = house.page(f"/executive?period={period}", language=language)
    assert Percents(page).loose == [] and "ledger__bar" not in page
