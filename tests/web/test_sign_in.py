"""The door: who comes in, who does not, and what nobody can learn from it."""

from __future__ import annotations

import re
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from cem import clock
from cem.app import create_app
from cem.engine.intake_writer import Busy
from cem.http import sign_in
from tests.conftest import Databases
from tests.web.office import PASSWORD, Office, opened
from tests.world import settings_for


@pytest.fixture
def office(database_url: str, tmp_path: Path) -> Iterator[Office]:
    with opened(database_url, tmp_path) as office:
        office.give_passwords()
        yield office


def _token(browser: FlaskClient, address: str = "/sign-in") -> str:
    found = re.search(r'name="csrf_token" value="([^"]+)"', browser.get(address).text)
    assert found
    return found[1]


def _sign_in(browser: FlaskClient, who: str, password: str = PASSWORD, **more: str) -> TestResponse:
    form = {"csrf_token": _token(browser), "username": who, "password": password, **more}
    return browser.post("/sign-in?lang=en", data=form)


def _follow(browser: FlaskClient, answer: TestResponse) -> str:
    while answer.status_code == 303:
        answer = browser.get(answer.location)
    return answer.request.path


@pytest.mark.parametrize(("who", "home"), [("lin", "/desk"), ("clerk", "/desk"), ("fallback", "/executive")])
def test_whoever_signs_in_comes_to_their_own_first_page(office: Office, who: str, home: str) -> None:
    browser = office.stranger()
    assert _follow(browser, _sign_in(browser, who)) == home


def test_without_a_sign_in_the_desk_leads_to_the_door_and_back(office: Office) -> None:
    browser = office.stranger()
    door = browser.get("/desk?of=places")
    assert (door.status_code, door.location) == (303, "/sign-in?next=/desk?of%3Dplaces")
    answer = _sign_in(browser, "lin", next="/desk?of=places")
    assert answer.location == "/desk?of=places"


@pytest.mark.parametrize(
    "next", ["https://evil.example/", "//evil.example", "/\\evil.example", "/\t/evil.example"]
)
def test_the_door_leads_to_no_other_house(office: Office, next: str) -> None:
    assert _sign_in(office.stranger(), "lin", next=next).location == "/"


def test_a_wrong_password_and_an_unknown_name_get_the_same_answer(office: Office) -> None:
    wrong = _sign_in(office.stranger(), "lin", "not it")
    unknown = _sign_in(office.stranger(), "nil", "not it")
    assert wrong.status_code == unknown.status_code == 401
    assert "not right" in wrong.text
    varying = re.compile(r'(name="csrf_token" value|data-now)="[^"]+"')
    shown = [varying.sub("", answer.text.replace("lin", "nil")) for answer in (wrong, unknown)]
    assert shown[0] == shown[1]


def test_an_unknown_name_takes_as_long_as_a_known_one(office: Office) -> None:
    with office.inside():
        sign_in.check("nobody", "warm")
        begin = time.perf_counter()
        sign_in.check("lin", "not it")
        known = time.perf_counter() - begin
        begin = time.perf_counter()
        sign_in.check("nobody", "not it")
        assert time.perf_counter() - begin > known / 3


def test_no_more_than_two_passwords_are_hashed_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sign_in, "PATIENCE", 0.05)
    with sign_in._turn(), sign_in._turn(), pytest.raises(Busy):
        sign_in.hash_password("a third one")


def test_after_ten_tries_the_door_stays_shut_for_a_name_known_or_not(office: Office) -> None:
    for who in ("lin", "nobody"):
        browser = office.stranger()
        answers = [_sign_in(browser, who, "guess").status_code for _ in range(11)]
        assert answers == [401] * 10 + [429]
    assert _sign_in(office.stranger(), "zhou").status_code == 303


def test_a_form_from_elsewhere_opens_nothing(office: Office) -> None:
    browser = office.stranger()
    answer = browser.post("/sign-in", data={"username": "lin", "password": PASSWORD})
    assert answer.status_code == 400
    assert browser.get("/desk").status_code == 303


def test_a_session_that_somebody_prepared_is_not_the_one_that_begins(office: Office) -> None:
    browser = office.stranger()
    with browser.session_transaction() as session:
        session["planted"] = "by somebody"
    before = _token(browser)
    _sign_in(browser, "lin")
    with browser.session_transaction() as session:
        assert "planted" not in session
    assert _token(browser, "/me") != before


def test_whoever_is_ended_is_out_at_once(office: Office) -> None:
    browser = office.stranger()
    _sign_in(browser, "lin")
    assert browser.get("/desk").status_code == 200
    office.change_user("lin", ended_at=clock.now())
    assert browser.get("/desk").status_code == 303
    assert _sign_in(office.stranger(), "lin").status_code == 401


def test_signing_out_needs_more_than_a_link(office: Office) -> None:
    desk = office.desk("lin")
    assert desk.get("/sign-out").status_code == 405
    assert desk.post("/sign-out").location == "/sign-in"
    assert desk.get("/desk").status_code == 303


def test_demo_accounts_are_locked_unless_it_is_a_demo(databases: Databases, tmp_path: Path) -> None:
    with opened(databases.sqlite(tmp_path), tmp_path) as office:
        office.give_passwords()
        office.change_user("lin", demo=True)
        assert _sign_in(office.stranger(), "lin").status_code == 401
        url = office.app.config["SQLALCHEMY_DATABASE_URI"]
        demo = create_app(settings_for(tmp_path / "instance", url, CEM_DEMO="1"))
        assert _sign_in(demo.test_client(), "lin").status_code == 303


def test_what_happens_at_the_door_is_kept_without_what_was_typed(office: Office) -> None:
    _sign_in(office.stranger(), "lin")
    _sign_in(office.stranger(), "lin", "not it")
    _sign_in(office.stranger(), "my secret by mistake", "not it")
    lin = str(office.world.people["lin"])
    assert [row.actor for row in office.audited("account.signed_in")] == [f"user:{lin}"]
    refused = office.audited("account.sign_in_refused")
    assert [row.subject for row in refused] == [lin, None]
    assert all(row.details is None for row in refused)


def test_a_new_password_ends_every_other_session_but_not_this_one(office: Office) -> None:
    here, elsewhere = office.stranger(), office.stranger()
    _sign_in(here, "lin")
    _sign_in(elsewhere, "lin")
    form = {"present": PASSWORD, "new": "quite another one", "again": "quite another one"}
    answer = here.post("/me/password", data={"csrf_token": _token(here, "/me"), **form})
    assert answer.status_code == 303
    assert here.get("/me").status_code == 200
    assert elsewhere.get("/me").status_code == 303
    assert _sign_in(office.stranger(), "lin").status_code == 401
    assert _sign_in(office.stranger(), "lin", "quite another one").status_code == 303


@pytest.mark.parametrize(
    ("form", "complaint"),
    [
        (
            {"present": "not mine", "new": "long enough here", "again": "long enough here"},
            "not your password",
        ),
        ({"present": PASSWORD, "new": "short", "again": "short"}, "ten characters"),
        ({"present": PASSWORD, "new": "lin lin lin lin", "again": "lin lin lin lin"}, "must not be a part"),
        ({"present": PASSWORD, "new": "long enough here", "again": "another thing"}, "not the same"),
    ],
)
def test_a_new_password_is_refused_with_the_reason(
    office: Office, form: dict[str, str], complaint: str
) -> None:
    answer = office.desk("lin").post("/me/password", **form)
    assert answer.status_code == 422
    assert complaint in answer.text


def test_the_language_and_the_theme_follow_the_person_to_another_device(office: Office) -> None:
    desk = office.desk("lin")
    assert desk.post("/me/language", language="zh-Hant").status_code == 303
    assert desk.post("/me/theme", theme="dark").status_code == 303
    assert desk.post("/me/theme", theme="pink").status_code == 400
    device = office.stranger()
    _sign_in(device, "lin")
    page = device.get("/me").text
    assert 'lang="zh-Hant"' in page and 'data-theme="dark"' in page and "退出" not in page and "登出" in page


def test_many_signing_in_at_once_all_get_their_turn(office: Office) -> None:
    answers: list[int] = []
    people = [
        threading.Thread(target=lambda: answers.append(_sign_in(office.stranger(), "zhou").status_code))
        for _ in range(6)
    ]
    for person in people:
        person.start()
    for person in people:
        person.join()
    assert answers == [303] * 6
