"""The review queue: one text at a time, one touch each, and the day's progress."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.web.office import Desk, Office, opened

PAGE = "/desk/review"


@pytest.fixture
def office(database_url: str, tmp_path: Path) -> Iterator[Office]:
    with opened(database_url, tmp_path) as office:
        yield office


def form(page: str) -> tuple[str, dict[str, str]]:
    """Where the shown text's answer goes, and what goes with it."""
    address = re.search(r'action="(/desk/review/[^"]+)" data-review', page)
    assert address
    fields = dict(re.findall(r'type="hidden" name="(seen|why)" value="([^"]*)"', page))
    return address[1], fields


def touch(desk: Desk, what: str) -> str:
    address, fields = form(desk.page(PAGE))
    answer = desk.post(address, what=what, **fields)
    assert answer.status_code == 303, answer.text
    return str(answer.location)


def test_an_empty_queue_says_what_it_is_for(office: Office) -> None:
    page = office.desk("lin").page(PAGE)
    assert "Nothing needs your eye" in page and "seven are those that the machine is least sure of" in page


def test_one_touch_judges_a_text_and_the_next_one_comes(office: Office) -> None:
    office.say("Lovely room", (0, 6, "positive"))
    office.say("Too loud", (4, 8, "negative"))
    lin = office.desk("lin")
    assert "0 of 2 today" in lin.page(PAGE)
    touch(lin, "right")
    touch(lin, "neutral")
    page = lin.page(PAGE)
    assert "data-review" not in page and "Nothing needs your eye" in page
    assert "Nothing needs your eye" in office.desk("shen").page(PAGE), "each text is looked at once"


def test_a_touch_that_was_wrong_is_taken_back_and_the_text_comes_again(office: Office) -> None:
    office.say("Lovely room", (0, 6, "positive"))
    lin = office.desk("lin")
    address = touch(lin, "negative")
    assert "Take the last one back" in lin.page(address)
    id = office.feedback_of("Lovely room")
    assert lin.post(f"{PAGE}/{id}", what="undo").status_code == 303
    assert "0 of 1 today" in lin.page(PAGE) and form(lin.page(PAGE))


def test_a_text_that_is_said_to_be_negative_opens_its_case(office: Office) -> None:
    assert office.say("Well, thanks a lot", (0, 4, "positive")) == 0
    touch(office.desk("lin"), "negative")
    assert office.case(1).reason["code"] == "negative_text"


def test_what_is_elsewhere_or_about_oneself_is_not_shown(office: Office) -> None:
    office.say("Lin was kind", (4, 8, "positive"), staff="lin")
    assert "data-review" not in office.desk("lin").page(PAGE)
    assert "data-review" not in office.desk("outsider").page(PAGE)
    assert form(office.desk("shen").page(PAGE))
    id = office.feedback_of("Lin was kind")
    assert office.desk("lin").post(f"{PAGE}/{id}", what="positive").status_code == 409
    assert office.desk("outsider").post(f"{PAGE}/{id}", what="positive").status_code == 403


def test_a_key_that_there_is_not_changes_nothing(office: Office) -> None:
    office.say("Lovely room", (0, 6, "positive"))
    address, fields = form(office.desk("lin").page(PAGE))
    assert office.desk("lin").post(address, what="seven", **fields).status_code == 422
    assert office.desk("lin").post(address, what="right", seen="9").status_code == 422


def test_the_day_s_shares_are_said_as_they_are(office: Office) -> None:
    for text in ("Lovely room", "Fine view", "Good bed"):
        office.say(text, (0, 4, "positive"))
    page = office.desk("lin").page(PAGE)
    assert "Today: 1 least sure · 0 two readings disagree · 2 drawn by lot" in page


def test_a_topic_or_a_risk_is_put_right_in_the_queue_too_and_counts(office: Office) -> None:
    office.say("Lovely room", (0, 6, "positive"))
    lin, id = office.desk("lin"), office.feedback_of("Lovely room")
    assert "risk:legal:yes" in lin.page(PAGE)
    form = {"what": "risk:legal:yes", "back": "review", "why": "random"}
    answer = lin.post(f"/desk/feedback/{id}/corrections", **form)
    assert answer.status_code == 303 and "/desk/review" in answer.location
    assert "1 of 1 today" in lin.page(PAGE) and office.case(1).reason["code"] == "risk_found"
