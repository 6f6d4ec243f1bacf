"""The desk: what is mine, in which order, and what stands in each line."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from cem.domain.vocabulary import PauseReason
from cem.engine import cases
from cem.engine.case_steps import Seen
from tests.web.office import Desk, Office, opened


@pytest.fixture
def office(database_url: str, tmp_path: Path) -> Iterator[Office]:
    with opened(database_url, tmp_path) as office:
        yield office


def _numbers(desk: Desk, address: str = "/desk") -> list[int]:
    """The cases of the list, from top to bottom."""
    return [int(number) for number in re.findall(r'data-key="case-(\d+)"', desk.page(address))]


def _groups(desk: Desk, address: str = "/desk") -> list[str]:
    return re.findall(r'<h2 class="grp" id="(\w+)"', desk.page(address))


def _tally(desk: Desk) -> tuple[int, ...]:
    nav = re.search(r'<nav class="tally".*?</nav>', desk.page("/desk"), re.S)
    assert nav
    return tuple(int(count) for count in re.findall(r"<b>(\d+)</b>", nav[0]))


def _take(office: Office, number: int, who: str = "lin") -> None:
    with office.inside():
        cases.acknowledge(Seen(office.case(number).id, office.world.actor(who)))


def test_a_very_bad_tap_stands_on_the_desk_of_whoever_is_on_duty(office: Office) -> None:
    number = office.tap(1)
    page = office.desk("lin").page("/desk")
    assert _numbers(office.desk("lin")) == [number]
    assert "front-desk" in page and "Touched “Very poor”, no words" in page
    assert "You are on duty here." in page and "by 10:15" in page
    assert "bund · you are on duty" in page and "until 22:00" in page and "then 周远" in page


def test_a_colleague_finds_it_among_those_of_the_place_with_whose_it_is(office: Office) -> None:
    number = office.tap(1)
    assert _numbers(office.desk("shen")) == []
    assert _numbers(office.desk("shen"), "/desk?of=places") == [number]
    assert "With 林知夏" in office.desk("shen").page("/desk?of=places")


def test_the_manager_of_another_branch_finds_nothing(office: Office) -> None:
    office.tap(1)
    assert _numbers(office.desk("outsider"), "/desk?of=places") == []
    assert _tally(office.desk("outsider")) == (0, 0, 0)


def test_whoever_is_paged_next_has_it_on_the_desk_until_somebody_takes_it(office: Office) -> None:
    number = office.tap(1)
    office.pass_time(minutes=2)
    zhou = office.desk("zhou")
    assert _numbers(zhou) == [number]
    assert "林知夏 had not taken it; it came to you at 10:02." in zhou.page("/desk")
    _take(office, number)
    assert _numbers(zhou) == []


def test_overdue_comes_first_then_the_time_that_is_left_then_the_tier(office: Office) -> None:
    office.customer("known", tier="b")
    late = office.tap(1)
    office.pass_time(minutes=10)
    first = office.say("It was slow", (0, 2, "negative"), value=1)
    known = office.say("It was very slow", (0, 2, "negative"), value=1, tier_of="known")
    office.pass_time(minutes=6)
    lin = office.desk("lin")
    assert _numbers(lin) == [late, known, first]
    assert _groups(lin) == ["overdue", "soon"]


def test_what_is_due_later_stands_below_what_is_due_today(office: Office) -> None:
    urgent = office.tap(1)
    calm = office.tap(2)
    _take(office, calm)
    _take(office, urgent)
    assert _groups(office.desk("lin")) == ["today", "later"]
    assert _numbers(office.desk("lin")) == [urgent, calm]


def test_a_paused_case_says_why_it_waits(office: Office) -> None:
    number = office.tap(1)
    _take(office, number)
    with office.inside():
        cases.pause(Seen(office.case(number).id, office.world.actor("lin")), PauseReason.WAITING_THIRD_PARTY)
    page = office.desk("lin").page("/desk")
    assert "clock--paused" in page and "Paused: waiting for others" in page


def test_outside_business_hours_a_business_promise_says_when_it_goes_on(office: Office) -> None:
    office.pass_time(hours=9)
    office.tap(2)
    office.pass_time(hours=3)
    assert "goes on 24 Nov 09:00" in office.desk("zhou").page("/desk?of=places").replace("\xa0", " ")


def test_findings_are_marked_by_code_points_also_after_emoji_and_combining_marks(office: Office) -> None:
    said = "👨‍👩‍👧 cafe\u0301 was cold"
    at = said.index("cold")
    office.say(said, (at, at + 4, "negative"), value=1)
    assert '<em class="bad">cold</em>' in office.desk("lin").page("/desk")


def test_a_list_hides_what_tells_who_somebody_is_and_the_case_shows_it(office: Office) -> None:
    with office.inside():
        told = office.world.say("Call me on 13800138000, the soup was cold", value=1)
        office.world.settle()
        case = office.world.case(told).number
    lin = office.desk("lin")
    assert "13800138000" not in lin.page("/desk?of=places") and "•••" in lin.page("/desk?of=places")
    assert "13800138000" in lin.page(f"/desk/cases/{case}")


def test_what_a_customer_writes_is_shown_and_never_run(office: Office) -> None:
    office.say("<script>alert(1)</script> =1+1", (0, 3, "negative"), value=1)
    raw = office.desk("lin").get("/desk").text
    assert "<script>alert" not in raw
    assert "alert(1)" in raw and "=1+1" in raw


def test_the_tally_counts_the_ledger_and_leads_to_what_it_counts(office: Office) -> None:
    office.tap(5)
    office.tap(1)
    office.pass_time(hours=3)
    office.say("Fine, but do you open on Sundays?", (0, 4, "positive"), value=5)
    lin = office.desk("lin")
    assert _tally(lin) == (1, 1, 1)
    for state, shown in (("overdue", "Touched"), ("owed", "Sundays"), ("answered", "Very good")):
        page = lin.page(f"/desk/ledger/{state}")
        assert shown in page and len(re.findall(r'class="row[ "]', page)) == 1


def test_an_empty_desk_says_that_everything_is_answered_and_when_it_looked(office: Office) -> None:
    page = office.desk("lin").page("/desk")
    assert "All answered, nothing is owed" in page and "10:00:00" in page


def test_a_list_asks_the_same_number_of_questions_however_long_it_is(office: Office) -> None:
    lin = office.desk("lin")

    def asked() -> int:
        with office.questions() as questions:
            lin.page("/desk?of=places")
        return len([one for one in questions if one.startswith("SELECT")])

    office.tap(1)
    few = asked()
    for _ in range(6):
        office.say("Too slow", (0, 3, "negative"), value=2)
    office.pass_time(minutes=3)
    assert asked() == few


def test_feedback_without_a_case_waits_for_an_answer_in_a_list_of_its_own(office: Office) -> None:
    office.say("Could you open at six?", value=5)
    lin = office.desk("lin")
    assert "1 answer without a case is still yours to give." in lin.page("/desk")
    assert "Could you open at six?" in lin.page("/desk/owed")
    address = f"/desk/feedback/{office.feedback_of('Could you open at six?')}"
    refused = lin.post(f"{address}/replies", via="message", text="")
    assert refused.status_code == 422 and "Write what the customer is to read." in refused.text
    assert lin.post(f"{address}/replies", via="message", text="From Monday on.").status_code == 303
    assert "From Monday on." in lin.page(address)
    assert "Every answer of yours is given" in lin.page("/desk/owed")


def test_feedback_that_needs_no_answer_is_excused_with_its_evidence(office: Office) -> None:
    office.say("test test", (0, 4, "positive"), value=5)
    lin = office.desk("lin")
    address = f"/desk/feedback/{office.feedback_of('test test')}"
    assert lin.post(f"{address}/excuse", reason="test", evidence="").status_code == 422
    assert lin.post(f"{address}/excuse", reason="test", evidence="the fitter tried it").status_code == 303
    assert _tally(lin)[:2] == (0, 0)


def test_a_fragment_brings_the_list_alone_with_the_servers_time(office: Office) -> None:
    number = office.tap(1)
    answer = office.desk("lin").get("/desk/rows")
    assert f'data-key="case-{number}"' in answer.text and "<html" not in answer.text
    assert answer.headers["X-Now"].startswith("2026-11-23T02:00:00")
    assert answer.headers["Cache-Control"] == "no-store"


def test_without_script_the_desk_asks_for_itself_again(office: Office) -> None:
    page = office.desk("lin").page("/desk")
    assert '<noscript><meta http-equiv="refresh"' in page
    assert not re.search(r"<script(?![^>]*\bsrc=)|\sstyle=|\son\w+=", page)
