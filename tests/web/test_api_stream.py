"""The stream tells what happens where the caller may look, and a client that comes back misses nothing."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select

from cem import clock
from cem.domain.events import PUBLIC
from cem.domain.vocabulary import Scope
from cem.extensions import db
from cem.http import auth
from cem.models import OutboxRow
from cem.web.api import stream
from tests.web.api_caller import API, Caller, caller, feedback
from tests.world import World


@dataclass
class Heard:
    """What one client has heard so far, in order."""

    events: list[dict[str, Any]] = field(default_factory=list)
    news: threading.Condition = field(default_factory=threading.Condition)

    def take(self, frame: str) -> None:
        lines = dict(line.split(": ", 1) for line in frame.splitlines() if ": " in line)
        if "data" in lines:
            with self.news:
                self.events.append(json.loads(lines["data"]) | {"kind": lines["event"]})
                self.news.notify_all()

    def wait_for(self, count: int) -> list[dict[str, Any]]:
        with self.news:
            assert self.news.wait_for(lambda: len(self.events) >= count, timeout=10), self.events
            return list(self.events)

    @property
    def kinds(self) -> list[str]:
        return [each["kind"] for each in self.events]


@contextmanager
def listening(program: Caller, last: str | None = None) -> Iterator[Heard]:
    """A client with an open stream, reading on a thread of its own."""
    headers = {"Authorization": f"Bearer {program.token}"} | ({"Last-Event-ID": last} if last else {})
    with program.app.app_context():
        answer = program.app.test_client(use_cookies=False).get(
            f"{API}/stream", headers=headers, buffered=False
        )
    assert (answer.status_code, answer.mimetype) == (200, "text/event-stream")
    heard, chunks = Heard(), answer.iter_encoded()

    def read(chunk: bytes) -> None:
        for frame in chunk.decode().split("\n\n"):
            heard.take(frame)

    opening = next(chunks)
    assert opening.startswith(b"retry: ")
    read(opening)
    reader = threading.Thread(target=lambda: [read(chunk) for chunk in chunks], daemon=True)
    reader.start()
    yield heard
    program.app.extensions["cem_streams"].stop()
    reader.join(10)
    answer.close()


@pytest.fixture
def program(world: World) -> Caller:
    return caller(world.app)


def happened() -> list[str]:
    """The ids of everything that the stream tells, oldest first."""
    db.session.rollback()
    told = select(OutboxRow.id).where(OutboxRow.kind.in_(PUBLIC)).order_by(OutboxRow.id)
    return [str(id) for id in db.session.scalars(told)]


def bad(program: Caller, **more: Any) -> dict[str, Any]:
    answer: dict[str, Any] = program.send(feedback(rating={"scale": "csat5", "value": 1}, **more)).json
    return answer


def test_a_case_is_told_of_as_it_opens_and_is_taken(program: Caller) -> None:
    with listening(program) as heard:
        case = bad(program)["case"]["id"]
        program.post(f"/cases/{case}/acknowledgement")
        events = heard.wait_for(3)
    assert heard.kinds[0] == "case.opened"
    assert set(heard.kinds) == {"case.opened", "case.changed", "case.acknowledged"}
    for each in events:
        assert {"id", "at", "v", "case"} <= set(each)
        assert each["case"] == case
        assert "site_path" not in each and "owner" not in each


def test_only_what_happens_where_the_caller_may_look_is_told(world: World, program: Caller) -> None:
    with listening(caller(world.app, Scope.READ, "group/west/")) as heard:
        bad(program)
        there = bad(program, site="soho")["case"]["id"]
        assert [each["case"] for each in heard.wait_for(1)] == [there]


def test_the_ledger_and_deliveries_are_told_of_with_their_place(world: World, program: Caller) -> None:
    west = caller(world.app, Scope.CASES, "group/west/")
    id = bad(program, site="soho")["id"]
    with listening(west) as heard:
        program.post(f"/feedback/{id}/replies", {"text": "Sorry.", "via": "email"})
        heard.wait_for(2)
        assert "ledger.changed" in heard.kinds
        count = len(heard.events)
        bad(program, site="soho")
        world.settle()
        heard.wait_for(count + 2)
    assert "delivery.sent" in heard.kinds


def test_who_comes_back_hears_what_was_missed_and_then_goes_on_listening(program: Caller) -> None:
    bad(program)
    (seen,) = happened()
    clock.stand_at(clock.now() + timedelta(minutes=1))
    missed = [bad(program)["case"]["id"] for _ in range(2)]
    with listening(program, seen) as heard:
        assert [each["case"] for each in heard.wait_for(2)] == missed
        new = bad(program)["case"]["id"]
        assert heard.wait_for(3)[-1]["case"] == new
    assert len({each["id"] for each in heard.events}) == 3


def test_what_was_committed_late_is_told_although_its_id_is_older(program: Caller) -> None:
    bad(program)
    clock.stand_at(clock.now() + timedelta(seconds=1))
    bad(program)
    older, last = happened()
    with listening(program, last) as heard:
        assert [each["id"] for each in heard.wait_for(1)] == [older]


def test_a_long_absence_is_made_up_for_in_parts(program: Caller, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stream, "AT_ONCE", 2)
    for _ in range(6):
        bad(program)
        clock.stand_at(clock.now() + timedelta(minutes=1))
    everything = happened()
    headers = {"Last-Event-ID": everything[0]}
    part = program.request("GET", "/stream", headers=headers).text
    ids = [line.removeprefix("id: ") for line in part.splitlines() if line.startswith("id: ")]
    assert ids == everything[1:4]


def test_an_id_that_is_none_of_ours_is_refused(program: Caller) -> None:
    answer = program.request("GET", "/stream", headers={"Last-Event-ID": "7"})
    assert answer.status_code == 422


def test_a_revoked_token_no_longer_holds(world: World) -> None:
    program = caller(world.app)
    token = auth.Token(_token_id(program), Scope.ADMIN, "group/")
    assert auth.still_holds(token)
    assert not auth.still_holds(auth.Token(token.id, Scope.ADMIN, "group/east/"))
    with db.engines[None].begin() as connection:
        connection.execute(auth.ApiToken.__table__.update().values(ended_at=clock.now()))
    db.session.rollback()
    assert not auth.still_holds(token)


def _token_id(program: Caller) -> UUID:
    digest = auth.hash_token(program.token)
    id = db.session.scalar(select(auth.ApiToken.id).where(auth.ApiToken.token_hash == digest))
    assert id is not None
    return id
