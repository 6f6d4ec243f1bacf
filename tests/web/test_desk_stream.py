"""What a desk hears, what it missed, and when it stops hearing."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import select

from cem import clock
from cem.extensions import db
from cem.http import sign_in
from cem.http.sign_in import Person
from cem.models import OutboxRow, User
from cem.web.desk import stream
from tests.web.office import Office, opened


@pytest.fixture
def office(database_url: str, tmp_path: Path) -> Iterator[Office]:
    with opened(database_url, tmp_path) as office:
        yield office


def _person(who: str) -> Person:
    found = sign_in._find(User.username == who)
    assert found
    return found[0]


def _event(**more: str) -> dict[str, str]:
    return {"id": "1", "kind": "case.changed", "at": "", **more}


def test_a_desk_hears_of_its_own_places_only(office: Office) -> None:
    with office.inside():
        hears = stream.wants(_person("lin"))
    assert hears(_event(site_path="group/east/bund/"))
    assert not hears(_event(site_path="group/west/soho/"))
    assert not hears(_event())


def test_what_comes_to_a_person_is_heard_wherever_it_happens(office: Office) -> None:
    lin = str(office.world.people["lin"])
    with office.inside():
        hears = stream.wants(_person("lin"))
    assert hears(_event(owner=lin, site_path="group/west/soho/"))
    assert hears(_event(to=lin))


def test_whoever_comes_back_is_told_what_was_missed_in_order_and_once(office: Office) -> None:
    office.tap(1)
    with office.inside():
        last = db.session.scalars(select(OutboxRow.id).order_by(OutboxRow.id.desc())).first()
    number = office.tap(1)
    case = str(office.case(number).id)
    with office.inside():
        hears = stream.wants(_person("lin"))
        missed = list(stream.missed(str(last), hears))
        ids = [event["id"] for event in missed]
    assert ids == sorted(ids) and len(set(ids)) == len(ids) and str(last) not in ids
    assert "case.opened" in [event["kind"] for event in missed if event.get("case") == case]


@pytest.mark.parametrize("id", [None, "", "nonsense", "01a202dd-5a16-70d6-a90a-03b98eb300ca"])
def test_an_unknown_last_event_is_no_reason_to_fail(office: Office, id: str | None) -> None:
    with office.inside():
        assert list(stream.missed(id, lambda event: True)) == []


def test_the_backlog_of_another_branch_is_not_told(office: Office) -> None:
    with office.inside():
        first = office.world.tap(5)
        last = db.session.scalars(select(OutboxRow.id).order_by(OutboxRow.id.desc())).first()
        assert first
    office.tap(1)
    with office.inside():
        assert list(stream.missed(str(last), stream.wants(_person("outsider")))) == []


@pytest.mark.parametrize(
    "change",
    [{"scope_path": "group/west/"}, {"role": "integrator"}, {"session_version": 2}, {"ended_at": "now"}],
)
def test_a_stream_ends_when_its_rights_do(office: Office, change: dict[str, object]) -> None:
    with office.inside():
        allowed = stream.still_allowed(_person("lin"))
        assert allowed()
    office.change_user(
        "lin", **{name: clock.now() if value == "now" else value for name, value in change.items()}
    )
    with office.inside():
        assert not allowed()


def test_the_stream_opens_for_a_desk_and_says_how_long_to_wait(office: Office) -> None:
    answer = office.desk("lin").browser.get("/desk/stream", buffered=False)
    assert answer.mimetype == "text/event-stream"
    assert next(iter(answer.response)).startswith(b"retry: ")
    answer.close()
