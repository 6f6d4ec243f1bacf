"""Who works here: added, moved, ended; and nothing that they owned is left without an owner."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from cem.engine import verify
from cem.extensions import db
from cem.models import Site, User
from tests.conftest import Databases
from tests.web.office import Office, opened


@pytest.fixture
def office(databases: Databases, tmp_path: Path) -> Iterator[Office]:
    with opened(databases.sqlite(tmp_path), tmp_path) as office:
        yield office


def faults(office: Office) -> list[str]:
    with office.inside():
        return [fault.code for fault in verify.faults()]


def page_of(office: Office, who: str) -> str:
    return f"/admin/people/{office.world.people[who]}"


def test_somebody_new_gets_a_password_that_is_shown_once(office: Office) -> None:
    admin = office.desk("admin")
    form = {"name": "Kim Lee", "username": "kim.lee", "role": "manager", "site": "soho"}
    form |= {"locale": "en", "timezone": "Europe/London"}
    assert admin.post("/admin/people", **form).status_code == 303
    page = admin.page("/admin/people")
    shown = re.search(r"Kim Lee \(kim\.lee\): (\S+?)<", page)
    assert shown is not None
    assert shown[1] not in admin.page("/admin/people")
    browser = office.stranger()
    token = re.search(r'name="csrf_token" value="([^"]+)"', browser.get("/sign-in").text)
    assert token is not None
    given = {"csrf_token": token[1], "username": "kim.lee", "password": shown[1]}
    assert browser.post("/sign-in", data=given).status_code == 303


def test_what_is_missing_is_said_and_a_name_is_given_once(office: Office) -> None:
    admin = office.desk("admin")
    form = {"name": "", "username": "l i n", "role": "king", "locale": "en", "timezone": "Moon"}
    answer = admin.post("/admin/people", **form)
    assert answer.status_code == 422
    for words in ("Write a user name without spaces.", "Choose a role.", "Write a time zone"):
        assert words in answer.text
    form = {"name": "Lin", "username": "lin", "role": "staff", "locale": "en", "timezone": "UTC"}
    assert "This user name is taken." in admin.post("/admin/people", **form).text


def test_before_somebody_leaves_the_page_says_what_goes_to_whom(office: Office) -> None:
    number = office.tap(1)
    admin = office.desk("admin")
    page = admin.page(page_of(office, "lin"))
    assert "沈若宁" in page and "1 case" in page
    assert admin.post(f"{page_of(office, 'lin')}/end").status_code == 303
    assert office.owner(number) == "shen"
    assert faults(office) == []
    assert admin.get(page_of(office, "lin")).status_code == 404


def test_the_fallback_leaves_only_with_a_successor(office: Office) -> None:
    admin, end = office.desk("admin"), f"{page_of(office, 'fallback')}/end"
    assert "Somebody has to succeed them." in admin.page(page_of(office, "fallback"))
    assert admin.post(end).status_code == 409
    assert admin.post(end, successor=str(office.world.people["admin"])).status_code == 303
    with office.inside():
        fallbacks = set(db.session.scalars(db.select(Site.fallback_id)))
    assert fallbacks == {office.world.people["admin"]}
    assert faults(office) == []


def test_who_moves_elsewhere_leaves_what_they_owned_to_whoever_is_next(office: Office) -> None:
    number = office.tap(1)
    answer = office.desk("admin").post(page_of(office, "lin"), role="staff", site="soho")
    assert answer.status_code == 303
    assert office.owner(number) != "lin"
    with office.inside():
        lin = db.session.get_one(User, office.world.people["lin"])
        assert (lin.role.value, lin.scope_path) == ("staff", "group/west/soho/")
    assert faults(office) == []


def test_the_last_administrator_stays_one(office: Office) -> None:
    admin, mine = office.desk("admin"), page_of(office, "admin")
    assert admin.post(mine, role="staff", site="bund").status_code == 409
    assert admin.post(f"{mine}/end").status_code == 409


def test_executives_see_who_works_here_and_change_nobody(office: Office) -> None:
    executive = office.desk("fallback")
    assert "Add somebody" not in executive.page("/admin/people")
    assert executive.post(f"{page_of(office, 'lin')}/end").status_code == 403
