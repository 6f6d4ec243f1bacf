"""One touch on the desk puts a finding right, and everybody sees who did."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.web.office import Desk, Office, opened


@pytest.fixture
def office(database_url: str, tmp_path: Path) -> Iterator[Office]:
    with opened(database_url, tmp_path) as office:
        yield office


def pressed(page: str) -> set[str]:
    """What the keys say that holds."""
    return set(re.findall(r'value="([^"]+)" aria-pressed="true"', page))


def correct(desk: Desk, id: object, what: str) -> str:
    answer = desk.post(f"/desk/feedback/{id}/corrections", what=what)
    assert answer.status_code == 303, answer.text
    return str(answer.location).split("#")[0]


def test_a_case_s_words_are_put_right_in_one_touch(office: Office) -> None:
    number = office.say("It is loud", (6, 10, "negative"))
    lin, address = office.desk("lin"), f"/desk/cases/{number}"
    assert "Read by machine" in lin.page(address) and "level:-1" in pressed(lin.page(address))
    id = office.feedback_of("It is loud")
    assert correct(lin, id, "level:-2") == address
    correct(lin, id, "topic:room_noise:negative")
    correct(lin, id, "risk:legal:yes")
    page = office.desk("shen").page(address)
    assert {"level:-2", "topic:room_noise:negative", "risk:legal:no"} <= pressed(page)
    assert "Corrected by 林知夏" in page and "legal action" in page


def test_taking_it_back_shows_the_machine_s_reading_again(office: Office) -> None:
    number = office.say("It is loud", (6, 10, "negative"))
    lin, id = office.desk("lin"), office.feedback_of("It is loud")
    correct(lin, id, "level:2")
    correct(lin, id, "undo")
    page = lin.page(f"/desk/cases/{number}")
    assert "level:-1" in pressed(page) and "Corrected by" not in page


def test_a_text_without_a_case_gets_one_when_it_turns_out_negative(office: Office) -> None:
    assert office.say("How nice, again", (4, 8, "positive")) == 0
    lin, id = office.desk("lin"), office.feedback_of("How nice, again")
    assert "level:1" in pressed(lin.page(f"/desk/feedback/{id}"))
    correct(lin, id, "level:-1")
    answer = lin.get(f"/desk/feedback/{id}")
    assert answer.status_code == 303 and "/desk/cases/" in answer.location


def test_nobody_corrects_what_is_said_about_themselves_or_elsewhere(office: Office) -> None:
    number = office.say("林知夏 was rude", (4, 8, "negative"), staff="lin")
    lin, id = office.desk("lin"), office.feedback_of("林知夏 was rude")
    assert "/corrections" not in lin.page(f"/desk/cases/{number}")
    assert lin.post(f"/desk/feedback/{id}/corrections", what="level:2").status_code == 409
    outsider = office.desk("outsider").post(f"/desk/feedback/{id}/corrections", what="level:2")
    assert outsider.status_code == 403


def test_urgency_language_and_personal_words_are_put_right_in_one_touch_each(office: Office) -> None:
    number = office.say("It is loud, says Mr Li", (6, 10, "negative"))
    lin, id = office.desk("lin"), office.feedback_of("It is loud, says Mr Li")
    address = f"/desk/cases/{number}"
    for what in ("urgency:high", "language:yue-Hant"):
        correct(lin, id, what)
    lin.post(f"/desk/feedback/{id}/corrections", what="pii:name", words="Mr Li")
    assert {"urgency:high", "language:yue-Hant"} <= pressed(lin.page(address))
    assert "pii:17:22:none" in lin.page(address)
    correct(lin, id, "pii:17:22:none")
    assert "pii:17:22:none" not in lin.page(address)


def test_a_topic_stands_on_the_words_that_were_marked_or_on_the_whole_text(office: Office) -> None:
    number = office.say("Well, the lift again", (0, 4, "negative"))
    lin, id = office.desk("lin"), office.feedback_of("Well, the lift again")
    form = {"what": "topic:room_noise:negative", "words": "the lift"}
    assert lin.post(f"/desk/feedback/{id}/corrections", **form).status_code == 303
    page = lin.page(f"/desk/cases/{number}")
    assert '<em class="bad">the lift</em>' in page and ">the whole text<" not in page
    correct(lin, id, "topic:staff_attitude:negative")
    assert ">the whole text<" in lin.page(f"/desk/cases/{number}")
    missing = lin.post(f"/desk/feedback/{id}/corrections", what="pii:name", words="the stairs")
    assert missing.status_code == 422


def test_the_timeline_says_who_corrected_what_and_one_touch_takes_it_back(office: Office) -> None:
    number = office.say("It is loud", (6, 10, "negative"))
    lin, id = office.desk("lin"), office.feedback_of("It is loud")
    correct(lin, id, "level:0")
    correct(lin, id, "topic:staff_attitude:negative")
    correct(lin, id, "undo")
    page = lin.page(f"/desk/cases/{number}")
    assert "林知夏 corrected the sentiment: Negative → Neutral" in page
    assert "林知夏 corrected the topic “Attitude”: Not about this → Complaint" in page
    assert "took the correction back: the topic “Attitude”: Complaint → Not about this" in page


@pytest.mark.parametrize(
    "what",
    [
        "",
        "urgency:never",
        "language:tlh",
        "pii:name",
        "pii:1:2:yes",
        "level:7",
        "topic:nonsense:negative",
        "risk:nonsense:yes",
        "a:b:c:d",
    ],
)
def test_a_key_that_there_is_not_changes_nothing(office: Office, what: str) -> None:
    office.say("It is loud", (6, 10, "negative"))
    id = office.feedback_of("It is loud")
    assert office.desk("lin").post(f"/desk/feedback/{id}/corrections", what=what).status_code == 422
