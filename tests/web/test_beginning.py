"""The set-up link of an empty hub: it works once, for whoever holds it, and then never again."""

from __future__ import annotations

import re
import stat
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from cem.engine import verify
from cem.extensions import db
from cem.models import Site, User
from cem.setup import invitation
from tests.world import World

GIVEN = {
    "name": "Harbour Bank",
    "pack": "bank",
    "timezone": "Asia/Hong_Kong",
    "person": "陳美玲",
    "username": "meiling",
    "password": "a harbour at night",
    "again": "a harbour at night",
}


@pytest.fixture
def instance(app: Flask) -> Path:
    return Path(app.extensions["cem_settings"].instance)


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()


@pytest.fixture
def link(instance: Path) -> str:
    return f"/setup/{invitation.issue(instance)}"


def begin(client: FlaskClient, link: str, **other: str) -> tuple[int, str]:
    """Open the page, fill it in and send it; the status and the page that came."""
    page = client.get(link).get_data(as_text=True)
    found = re.search(r'name="csrf_token" value="([^"]+)"', page)
    token = {"csrf_token": found[1]} if found else {}
    answer = client.post(link, data=GIVEN | token | other)
    return answer.status_code, answer.get_data(as_text=True)


def test_whoever_holds_the_link_begins_and_is_signed_in(client: FlaskClient, link: str) -> None:
    assert begin(client, link)[0] == 303
    admin = db.session.scalars(db.select(User)).one()
    assert (admin.username, admin.role.value, admin.scope_path) == ("meiling", "admin", "group/")
    assert {site.level for site in db.session.scalars(db.select(Site))} == {"group", "branch"}
    assert client.get("/me").status_code == 200
    assert verify.faults() == []


def test_the_link_works_once(client: FlaskClient, link: str, instance: Path) -> None:
    begin(client, link)
    assert client.get(link).status_code == 404
    assert not (instance / invitation.FILE).exists()
    assert client.get(f"/setup/{invitation.issue(instance)}").status_code == 404, (
        "the hub is not empty any more"
    )


def test_a_guessed_or_an_older_link_is_nothing(client: FlaskClient, link: str, instance: Path) -> None:
    assert client.get("/setup/guessed").status_code == 404
    invitation.issue(instance)
    assert client.get(link).status_code == 404


def test_a_hub_that_is_set_up_never_had_such_a_page(world: World, client: FlaskClient, link: str) -> None:
    assert client.get(link).status_code == 404


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("name", ""),
        ("pack", "circus"),
        ("timezone", "Moon/Crater"),
        ("username", "two words"),
        ("password", "short"),
        ("password", "meiling-meiling"),
        ("again", "something else"),
    ],
)
def test_what_is_wrong_is_said_beside_its_field_and_nothing_begins(
    client: FlaskClient, link: str, field: str, value: str
) -> None:
    status, page = begin(client, link, **{field: value})
    assert status == 422
    assert f'id="{field}-error"' in page or 'id="again-error"' in page
    assert "a harbour at night" not in page
    assert db.session.scalar(db.select(db.func.count(User.id))) == 0
    assert begin(client, link)[0] == 303, "the link is still good"


def test_the_link_is_for_its_owners_eyes(instance: Path) -> None:
    invitation.issue(instance)
    assert stat.S_IMODE((instance / invitation.FILE).stat().st_mode) == 0o600


@pytest.mark.parametrize(("language", "word"), [("zh-CN", "开始"), ("zh-TW", "開始"), ("en", "Begin")])
def test_the_page_speaks_three_languages(client: FlaskClient, link: str, language: str, word: str) -> None:
    page = client.get(link, headers={"Accept-Language": language}).get_data(as_text=True)
    assert f"<h2>{word}</h2>" in page
