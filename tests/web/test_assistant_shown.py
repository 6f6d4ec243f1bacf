"""The assistant on pages: a second choice beside a draft where it is on, and a page of all that left."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from cem.domain.vocabulary import Scope
from cem.http import assistant as asking
from tests.transports.others import WebServer, web_server
from tests.web.api_caller import caller
from tests.web.office import Office, opened
from tests.web.test_reply_drafts_shown import FRAGMENT, field, taken, token


@pytest.fixture
def office(database_url: str, tmp_path: Path) -> Iterator[Office]:
    with opened(database_url, tmp_path) as office:
        yield office


@pytest.fixture
def there() -> Iterator[WebServer]:
    with web_server() as found:
        yield found


def name(office: Office, there: WebServer, **more: Any) -> None:
    """The hub is started with this server in its settings."""
    named = {
        "assistant_url": there.url,
        "assistant_model": "writer-1",
        "sandbox": False,
        "demo": False,
    } | more
    settings = office.app.extensions["cem_settings"]
    office.app.extensions["cem_settings"] = replace(settings, **named)


def want(office: Office, number: int, what: str, **more: str) -> str:
    data = {"csrf_token": token(office), "want": what, "text": "Mine"} | more
    address = f"/desk/cases/{number}/reply-draft"
    answer = office.desk("lin").browser.post(address, headers=FRAGMENT, data=data)
    assert answer.status_code == 200
    return html.unescape(answer.text)


def test_nothing_leaves_and_nothing_is_offered_until_an_administrator_switches_it_on(
    office: Office, there: WebServer
) -> None:
    number, admin = taken(office), office.desk("admin")
    assert "No server is named" in admin.page("/admin/assistant")
    assert admin.post("/admin/assistant/switch", on="yes").status_code == 409
    name(office, there)
    assert "Reword with the assistant" not in want(office, number, "draft")
    assert "The assistant is switched off" in want(office, number, "reword")
    assert "It is off" in admin.page("/admin/assistant")
    name(office, there, sandbox=True)
    assert "nothing leaves it" in admin.page("/admin/assistant")
    assert there.requests == []


def test_a_draft_is_reworded_refused_and_switched_off_again(office: Office, there: WebServer) -> None:
    number, admin = taken(office), office.desk("admin")
    name(office, there)
    assert admin.post("/admin/assistant/switch", on="yes").status_code == 303
    assert "It is on" in admin.page("/admin/assistant") and there.url[7:] in admin.page("/admin/assistant")
    drafted = want(office, number, "draft")
    assert "Reword with the assistant" in drafted
    ours = field(drafted, "text")

    def answer() -> None:
        letter = json.loads(there.requests[-1].json["messages"][1]["content"])["draft"]
        letter = letter if len(there.requests) == 1 else letter + " You get 300 元."
        there.says({"choices": [{"message": {"content": f"A warm hello. {letter}"}}]})

    there.looks = answer
    reworded = want(office, number, "reword", text=ours, before="Mine", put=ours.replace("\n", "\r\n"))
    assert field(reworded, "text").startswith("A warm hello. ") and field(reworded, "before") == "Mine"
    refused = want(office, number, "reword", text=ours, before="Mine", put=ours)
    assert (
        field(refused, "before") == "Mine"
        and field(refused, "text") == ours
        and "so it was refused" in refused
        and "300 元" in refused
    )
    whole = office.desk("lin").post(f"/desk/cases/{number}/reply-draft", want="reword", text=ours)
    assert whole.status_code == 200 and "<html" in whole.text and field(whole.text, "text") == ours
    page = admin.page("/admin/assistant")
    assert "Its words were put into the field." in page and "numbers: 1" in page and "A warm hello." in page
    assert "You edit a letter" in page and there.requests[0].json["model"] in page
    admin.post("/admin/assistant/switch", on="no")
    sent = len(there.requests)
    assert "switched off" in want(office, number, "reword", text=ours) and len(there.requests) == sent
    assert [row.action for row in office.audited("assistant.switched_off")] == ["assistant.switched_off"]


def test_a_program_has_a_draft_reworded_under_the_rules_of_the_page(office: Office, there: WebServer) -> None:
    number, admin = taken(office), office.desk("admin")
    address = f"/cases/{office.case(number).id}/reply-draft/rewording"
    with office.inside():
        program, reader = caller(office.app, Scope.CASES), caller(office.app, Scope.READ)
        elsewhere = caller(office.app, Scope.CASES, "group/west/")
    off = program.post(address, {})
    assert (off.status_code, off.json["error"]["code"]) == (409, "assistant_off") and there.requests == []
    assert off.json["error"]["message"] == "The assistant is switched off. Nothing was sent."
    name(office, there)
    admin.post("/admin/assistant/switch", on="yes")
    added = iter(("", " You get 300 元.", "", "", "", ""))

    def answer() -> None:
        draft = json.loads(there.requests[-1].json["messages"][1]["content"])["draft"]
        there.says({"choices": [{"message": {"content": f"A warm hello. {draft}{next(added)}"}}]})

    there.looks = answer
    assert (reader.post(address, {}).status_code, elsewhere.post(address, {}).status_code) == (403, 404)
    assert program.post(address, {"text": "Our own words"}).status_code == 422, "they do not leave"
    body = program.post(address, {"resolution": "refunded"}).json
    assert body["text"].startswith("A warm hello. ") and "refund" in body["text"].lower()
    assert (body["language"], body["stage"]) == ("en", "solving")
    refused = program.post(address, {}).json["error"]
    assert refused["code"] == "assistant_ungrounded" and "refused" in refused["message"]
    assert any("300 元" in told for told in refused["fields"]["text"])
    assert [program.post(address, {}).status_code for _ in range(4)] == [200, 200, 200, 429]
    late = program.post(address, {})
    assert re.fullmatch("[1-9]|[1-5][0-9]|60", late.headers["Retry-After"]) and len(there.requests) == 5
    page = admin.page("/admin/assistant")
    assert "Its words were given to the program that asked." in page and "<b>test</b>" in page
    while asking.AT_ONCE.acquire(blocking=False):
        pass
    try:
        busy = program.post(address, {})
    finally:
        for _ in range(2):
            asking.AT_ONCE.release()
    assert (busy.status_code, busy.json["error"]["code"]) == (503, "assistant_busy")


def test_only_administrators_see_what_left(office: Office) -> None:
    for who in ("fallback", "lin", "clerk"):
        assert office.desk(who).get("/admin/assistant").status_code == 403
        assert office.desk(who).post("/admin/assistant/switch", on="yes").status_code == 403


def test_no_more_than_a_few_threads_wait_for_it(office: Office, there: WebServer) -> None:
    number = taken(office)
    name(office, there)
    office.desk("admin").post("/admin/assistant/switch", on="yes")
    while asking.AT_ONCE.acquire(blocking=False):
        pass
    try:
        assert "Others are waiting" in want(office, number, "reword")
    finally:
        for _ in range(2):
            asking.AT_ONCE.release()
    assert there.requests == []
