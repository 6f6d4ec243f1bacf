"""What is flagged because its words contradict its rating, wherever people and programs see it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from cem import clock
from cem.domain.contradiction import FLAG
from cem.domain.vocabulary import Scope
from tests.web.api_caller import caller
from tests.web.office import Office, opened
from tests.web.test_desk_review import touch

MARK = "The words contradict the rating"


@pytest.fixture
def office(database_url: str, tmp_path: Path) -> Iterator[Office]:
    with opened(database_url, tmp_path) as office:
        yield office


def test_the_case_its_line_and_the_api_say_that_words_and_rating_differ(office: Office) -> None:
    number = office.say("Two hours of waiting", (0, 9, "negative"), value=5)
    lin = office.desk("lin")
    assert MARK in lin.page("/desk") and f"{MARK}: a complaint, and a good rating." in lin.page(
        f"/desk/cases/{number}"
    )
    id = office.feedback_of("Two hours of waiting")
    with office.inside():
        program = caller(office.app, Scope.CASES)
    found = program.get(f"/feedback/{id}").json
    case = program.get(f"/cases/{found['case_id']}").json
    assert found["flags"] == [FLAG] and case["reason"]["code"] == "words_against_rating"


def test_it_comes_to_be_looked_over_with_its_reason(office: Office) -> None:
    for text in ("Wonderful stay", "Wonderful room", "Wonderful view"):
        office.say(text, (0, 9, "positive"), value=1)
    lin, pages = office.desk("lin"), ""
    for _ in range(3):
        pages += lin.page("/desk/review")
        touch(lin, "right")
    assert 'name="why" value="disagreement"' in pages
    assert "praise, and a bad rating. Perhaps touched by mistake." in pages


def test_the_executives_page_counts_them_and_leads_to_them(office: Office) -> None:
    office.say("Two hours of waiting", (0, 9, "negative"), value=5)
    office.say("Lovely room", (0, 6, "positive"), value=5)
    clock.stand_at(clock.now() + timedelta(days=7))
    reader = office.desk("fallback")
    page = reader.page("/executive")
    found = re.search(r'<a href="([^"]+)"><data value="1" data-n="2">', page)
    assert found and "of 2 with rating and words" in page
    items = reader.page(found[1])
    assert "Two hours of waiting" in items and "Lovely room" not in items and MARK in items


def test_what_a_person_corrected_is_counted_as_corrected_and_the_lists_say_who_did(office: Office) -> None:
    office.say("Two hours, how quick", value=5)
    office.say("Lovely room", (0, 6, "positive"), value=5)
    lin, id = office.desk("lin"), office.feedback_of("Two hours, how quick")
    assert lin.post(f"/desk/feedback/{id}/corrections", what="level:-1").status_code == 303
    assert "Corrected by 林知夏" in lin.page("/desk/ledger/owed")
    clock.stand_at(clock.now() + timedelta(days=7))
    page = office.desk("fallback").page("/executive")
    found = re.search(r'<a href="([^"]+)"><data value="1" data-n="2">', page)
    assert found, "the newest findings are the corrected ones"
    assert "Corrected by 林知夏" in office.desk("fallback").page(found[1])
    lin.post(f"/desk/feedback/{id}/corrections", what="undo")
    page = office.desk("fallback").page("/executive")
    assert not re.search(r'<a href="([^"]+)"><data value="1" data-n="2">', page)


def test_an_unknown_flag_is_a_bad_request(office: Office) -> None:
    assert office.desk("fallback").get("/executive/feedback?flag=nonsense").status_code == 400
