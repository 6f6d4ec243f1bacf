"""Drafting a letter where people and programs meet it: put into the field, checked, taken back."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from cem.domain.vocabulary import Scope
from tests.web.api_caller import caller
from tests.web.office import Office, opened

FRAGMENT = {"X-Fragment": "1"}


@pytest.fixture
def office(database_url: str, tmp_path: Path) -> Iterator[Office]:
    with opened(database_url, tmp_path) as office:
        yield office


def field(page: str, name: str = "reply") -> str:
    found = re.search(rf'<textarea[^>]* name="{name}"[^>]*>\n?(.*?)</textarea>', html.unescape(page), re.S)
    assert found
    return found[1].strip()


def taken(office: Office) -> int:
    number = office.say("Cold soup after 40 minutes", (0, 9, "negative"))
    office.desk("lin").post(f"/desk/cases/{number}/acknowledgement")
    return number


def test_a_draft_is_put_into_the_field_and_taken_back_and_nothing_is_sent(office: Office) -> None:
    number, lin = taken(office), office.desk("lin")
    address = f"/desk/cases/{number}/reply-draft?on=resolution"
    form = lin.page(f"/desk/cases/{number}/resolution")
    assert "Draft a reply" in form and field(form) == "" and "Put back" not in form
    drafted = lin.post(address, want="draft", reply="My own words", code="refunded", summary="Paid back")
    assert drafted.status_code == 200
    page = html.unescape(drafted.text)
    assert "the service" in field(page) and "refund" in field(page).lower() and "bund" in field(page)
    assert "Paid back</textarea>" in page and re.search(r'value="refunded" checked', page), "nothing is lost"
    assert "What each sentence rests on" in page and "Cold soup" in page
    back = lin.post(address, want="undo", reply=field(page), before=field(page, "before"), code="refunded")
    assert field(back.text) == "My own words"
    again = lin.post(address, want="draft", reply=field(page), before="My own words", put=field(page))
    assert field(again.text, "before") == "My own words", "a second draft does not bury them"
    changed = lin.post(address, want="draft", reply="Changed", before="My own words", put=field(page))
    assert field(changed.text, "before") == "Changed"
    assert office.case(number).state.value == "acknowledged" and office.case(number).answered_at is None


def test_what_the_case_does_not_say_is_told_and_does_not_stop_a_person(office: Office) -> None:
    number, lin = taken(office), office.desk("lin")
    address = f"/desk/cases/{number}/reply-draft?on=resolution"
    told = lin.browser.post(
        address,
        headers=FRAGMENT,
        data={"csrf_token": token(office), "want": "check", "reply": "200 元, 40 minutes"},
    )
    assert "“200 元” is a number that stands nowhere in the case." in html.unescape(told.text)
    assert "40" not in told.text and "<textarea" not in told.text
    done = lin.post(f"/desk/cases/{number}/resolution", code="refunded", summary="x", reply="200 元 back")
    assert done.status_code == 303


def token(office: Office) -> str:
    office.desk("lin").post("/desk/nothing")
    return office.desk("lin").token


def test_a_letter_is_written_while_the_case_goes_on(office: Office) -> None:
    number, lin = office.say("Cold soup", (0, 9, "negative")), office.desk("lin")
    assert f'href="/desk/cases/{number}/replies"' in lin.page(f"/desk/cases/{number}")
    part = lin.browser.post(
        f"/desk/cases/{number}/reply-draft",
        headers=FRAGMENT,
        data={"csrf_token": token(office), "want": "draft"},
    ).text
    assert "<html" not in part and "manager on duty" in field(part, "text")
    sent = lin.post(f"/desk/cases/{number}/replies", text=field(part, "text"), via="message")
    assert sent.status_code == 303
    assert office.case(number).state.value == "in_progress" and office.owner(number) == "lin"
    assert lin.post(f"/desk/cases/{number}/replies", text="", via="message").status_code == 422
    assert lin.get(f"/desk/cases/{number}/reply-draft").status_code == 303


def test_a_code_is_not_sent_where_everybody_reads_it(office: Office) -> None:
    number, lin = office.say("Cold soup", (0, 9, "negative")), office.desk("lin")
    drafted = field(lin.post(f"/desk/cases/{number}/reply-draft", want="draft", text="").text, "text")
    refused = lin.post(f"/desk/cases/{number}/replies", text=drafted, via="public_reply")
    assert refused.status_code == 422 and field(refused.text, "text") == drafted
    assert "would open their page to everybody" in html.unescape(refused.text)
    assert office.case(number).answered_at is None
    assert (
        lin.post(f"/desk/cases/{number}/replies", text="We are sorry.", via="public_reply").status_code == 303
    )
    office.say("Lovely room", (0, 6, "positive"))
    id = office.feedback_of("Lovely room")
    page = lin.page(f"/desk/feedback/{id}")
    code = re.search(r"\b[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{2,4}\b", page)
    assert code
    loose = code[0].replace("-", "").lower()
    assert (
        lin.post(f"/desk/feedback/{id}/replies", text=f"See {loose}", via="public_reply").status_code == 422
    )
    assert lin.post(f"/desk/feedback/{id}/replies", text=f"See {loose}", via="email").status_code == 303


def test_what_has_no_case_is_drafted_on_its_page(office: Office) -> None:
    assert office.say("Lovely room", (0, 6, "positive")) == 0
    id, lin = office.feedback_of("Lovely room"), office.desk("lin")
    assert "Draft a reply" in lin.page(f"/desk/feedback/{id}")
    page = lin.post(f"/desk/feedback/{id}/reply-draft", want="draft", text="", via="email").text
    assert "the service" in field(page, "text") and "sorry" not in field(page, "text")
    assert lin.get(f"/desk/feedback/{id}/reply-draft").status_code == 303


def test_nobody_drafts_for_what_is_not_theirs(office: Office) -> None:
    number, outsider = taken(office), office.desk("outsider")
    for path in ("reply-draft", "replies"):
        assert outsider.post(f"/desk/cases/{number}/{path}", want="draft").status_code == 403
    office.say("Lovely room", (0, 6, "positive"))
    id = office.feedback_of("Lovely room")
    assert outsider.post(f"/desk/feedback/{id}/reply-draft", want="draft").status_code == 403


def test_a_program_gets_a_draft_with_what_it_rests_on_and_has_letters_checked(office: Office) -> None:
    number = taken(office)
    address = f"/cases/{office.case(number).id}/reply-draft"
    with office.inside():
        reader, program = caller(office.app, Scope.READ), caller(office.app, Scope.CASES)
        elsewhere = caller(office.app, Scope.CASES, "group/west/")
    body = reader.get(address).json
    assert (body["language"], body["stage"], body["why_none"]) == ("en", "taken", None)
    assert body["text"].startswith(body["sentences"][0]["text"])
    assert {"code": "said", "text": "Cold soup"} in body["sentences"][1]["rests_on"]
    assert reader.get(address, resolution="replaced").json["stage"] == "solving"
    assert reader.get(address, resolution="nonsense").status_code == 422
    fine = program.post(address, {"text": body["text"]})
    assert (fine.status_code, fine.json) == (200, {"text": body["text"], "ungrounded": []})
    refused = program.post(address, {"text": "We give you 20 % off, 13800138000"})
    assert refused.status_code == 422
    assert len(refused.json["error"]["fields"]["text"]) == 2
    assert program.post(address, {"text": ""}).status_code == 422
    assert elsewhere.get(address).status_code == elsewhere.post(address, {"text": "x"}).status_code == 404
