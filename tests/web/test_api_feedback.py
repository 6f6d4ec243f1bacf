"""Feedback comes in through the API: what is answered, what is refused, and by which name."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import func, select

from cem import clock
from cem.domain.vocabulary import Scope
from cem.extensions import db
from cem.models import Customer, Feedback, IdempotencyKey, LedgerEntry, OutboxRow
from tests.web.api_caller import Caller, caller, feedback
from tests.world import World


@pytest.fixture
def program(world: World) -> Caller:
    return caller(world.app)


def stored() -> tuple[int, ...]:
    """How many rows there are of everything that a feedback writes."""
    db.session.rollback()
    tables = (Feedback, LedgerEntry, OutboxRow, IdempotencyKey, Customer)
    return tuple(db.session.scalar(select(func.count()).select_from(table)) or 0 for table in tables)


def test_a_satisfied_rating_is_stored_and_thanked(program: Caller) -> None:
    answer = program.send(feedback())
    assert answer.status_code == 201
    assert set(answer.json) == {"id", "tracking_code", "status_url", "ledger", "case"}
    assert answer.json["case"] is None
    assert answer.json["status_url"].endswith(f"/t/{answer.json['tracking_code']}")
    assert answer.json["ledger"]["state"] == "answered"
    assert answer.json["ledger"]["how"] == "thanked"
    assert answer.json["ledger"]["owner"] is None


def test_a_very_dissatisfied_rating_opens_a_case_that_somebody_owns(program: Caller) -> None:
    answer = program.send(feedback(rating={"scale": "csat5", "value": 1})).json
    assert answer["case"]["state"] == "open"
    assert answer["case"]["priority"] == "p2"
    assert answer["case"]["number"] == 1
    assert answer["ledger"]["owner"]["username"] == "lin"
    assert answer["ledger"]["due_at"] == (clock.now() + timedelta(hours=2)).isoformat()


def test_what_was_sent_is_shown_as_it_was_sent(program: Caller) -> None:
    said = feedback(
        touchpoint="room",
        text="<b>\u202e差</b> =1+1 👩\u200d👧 e\u0301",
        answers=[{"question": "nps", "scale": "nps", "value": 3}, {"question": "why", "choices": ["a", "b"]}],
        language="zh-Hant",
        occurred_at="2026-11-23T09:30:00+08:00",
        customer={"external_id": "c-1", "phone": "+86 139", "consent": {"contact": True}},
        source={"system": "maps", "id": "r-1", "url": "https://example.com/r-1"},
        order_id="o-1",
        staff="clerk",
        kind="praise",
        attributes={"table": 12, "vip": True, "note": ""},
    )
    id = program.send(said).json["id"]
    shown = program.get(f"/feedback/{id}").json
    for name in said.keys() - {"occurred_at", "customer"}:
        assert shown[name] == said[name], name
    assert shown["occurred_at"] == "2026-11-23T01:30:00+00:00"
    assert shown["received_at"] == clock.now().isoformat()
    assert shown["customer"] | said["customer"] == shown["customer"]
    assert (shown["kind_given"], shown["flags"], shown["findings"]) == (True, [], None)
    assert shown["survey"] is None


def test_a_device_whose_clock_is_a_little_ahead_is_taken_as_now(program: Caller) -> None:
    soon = (clock.now() + timedelta(minutes=4)).isoformat()
    id = program.send(feedback(occurred_at=soon)).json["id"]
    assert program.get(f"/feedback/{id}").json["occurred_at"] == clock.now().isoformat()


LATER = "2026-11-23T02:06:00+00:00"
WRONG: dict[str, tuple[dict[str, Any], int, str]] = {
    "an unknown field": ({"colour": "red"}, 422, "colour"),
    "an unknown field inside": ({"rating": {"scale": "csat5", "value": 5, "max": 5}}, 422, "rating.max"),
    "a rating off its scale": ({"rating": {"scale": "csat5", "value": 6}}, 422, "rating.value"),
    "an unknown scale": ({"rating": {"scale": "smiles", "value": 1}}, 422, "rating.scale"),
    "a rating in words": ({"rating": {"scale": "csat5", "value": "5"}}, 422, "rating.value"),
    "a fraction": ({"rating": {"scale": "csat5", "value": 4.0}}, 422, "rating.value"),
    "a truth value as a number": ({"rating": {"scale": "csat5", "value": True}}, 422, "rating.value"),
    "a huge number": ({"rating": {"scale": "csat5", "value": 10**300}}, 422, "rating.value"),
    "no rating and no text": ({"rating": None}, 422, "rating"),
    "a number as rating": ({"rating": 5}, 422, "rating"),
    "a list as text": ({"text": ["a"]}, 422, "text"),
    "NUL in a text": ({"text": "a\0b"}, 422, "text"),
    "half a pair": ({"text": "a\ud83d"}, 422, "text"),
    "NUL in the name of an attribute": ({"attributes": {"a\0": 1}}, 422, "attributes"),
    "half a pair in an attribute": ({"attributes": {"a": "\udc00"}}, 422, "attributes.a"),
    "an object as attribute": ({"attributes": {"a": {"b": 1}}}, 422, "attributes.a"),
    "too many attributes": ({"attributes": {str(n): n for n in range(21)}}, 422, "attributes"),
    "a long text": ({"text": "长" * 20_001}, 413, "text"),
    "a long site": ({"site": "s" * 201}, 413, "site"),
    "an unknown site": ({"site": "atlantis"}, 422, "site"),
    "a region": ({"site": "east"}, 422, "site"),
    "an unknown touchpoint": ({"touchpoint": "moon"}, 422, "touchpoint"),
    "a time in the future": ({"occurred_at": LATER}, 422, "occurred_at"),
    "a time without its offset": ({"occurred_at": "2026-11-23T02:00:00"}, 422, "occurred_at"),
    "a number as time": ({"occurred_at": 1}, 422, "occurred_at"),
    "the beginning of time": ({"occurred_at": "0001-01-01T00:00:00+14:00"}, 422, "occurred_at"),
    "an unknown channel": ({"channel": "pigeon"}, 422, "channel"),
    "an unknown kind": ({"kind": "shout"}, 422, "kind"),
    "an unknown survey": ({"survey": {"code": "nix"}}, 422, "survey.code"),
    "a language that is none": ({"language": "中文"}, 422, "language"),
    "an empty identity": ({"customer": {"external_id": ""}}, 422, "customer.external_id"),
    "an answer off its scale": (
        {"answers": [{"question": "a"}, {"question": "b", "scale": "nps", "value": 11}]},
        422,
        "answers.1.value",
    ),
    "an answer without its question": ({"answers": [{"value": 1}]}, 422, "answers.0.question"),
    "half a source": ({"source": {"system": "maps"}}, 422, "source.id"),
}


@pytest.mark.parametrize("what", WRONG)
def test_what_cannot_be_taken_is_refused_by_name_and_stores_nothing(program: Caller, what: str) -> None:
    more, status, name = WRONG[what]
    before = stored()
    answer = program.send(feedback(**more), "the key")
    assert answer.status_code == status, answer.text
    error = answer.json["error"]
    assert set(error) == {"code", "message", "fields"}
    assert name in error["fields"]
    assert stored() == before
    assert program.send(feedback(), "the key").status_code == 201, "a refused body does not use up its key"


BODIES: dict[str, tuple[bytes, str, int]] = {
    "no JSON": (b"{", "application/json", 400),
    "broken UTF-8": (b'{"text": "\xff"}', "application/json", 400),
    "a number that is none": (b'{"rating": NaN}', "application/json", 400),
    "a very deep list": (b"[" * 100_000, "application/json", 400),
    "an endless number": (b'{"rating": ' + b"9" * 5_000 + b"}", "application/json", 400),
    "another content type": (b"channel=api", "application/x-www-form-urlencoded", 415),
    "a list": (b"[]", "application/json", 422),
    "nothing at all": (b"", "application/json", 422),
    "more than a mebibyte": (b" " * (1024 * 1024 + 1), "application/json", 413),
}


@pytest.mark.parametrize("what", BODIES)
def test_a_body_that_is_none_is_refused(program: Caller, what: str) -> None:
    body, content_type, status = BODIES[what]
    answer = program.request(
        "POST", "/feedback", data=body, content_type=content_type, headers={"Idempotency-Key": "k"}
    )
    assert answer.status_code == status
    assert answer.json["error"]["message"]
    assert stored()[0] == 0


def test_a_key_is_asked_for_by_name(program: Caller) -> None:
    answer = program.post("/feedback", feedback())
    assert answer.status_code == 400
    assert "Idempotency-Key" in answer.json["error"]["message"]
    assert "Idempotency-Key" in answer.json["error"]["fields"]


def test_an_error_speaks_the_language_that_was_asked_for(program: Caller) -> None:
    answer = program.request("GET", "/feedback/nothing", headers={"Accept-Language": "zh-CN"})
    assert answer.status_code == 404
    assert set(answer.json["error"]) == {"code", "message", "fields"}


def test_a_name_a_phone_and_an_address_are_not_for_those_who_only_read(world: World, program: Caller) -> None:
    who = {"external_id": "c-1", "name": "王女士", "phone": "+86 139", "email": "w@example.com"}
    id = program.send(feedback(customer=who)).json["id"]
    reader = caller(world.app, Scope.READ).get(f"/feedback/{id}").json["customer"]
    assert reader == {"external_id": "c-1", "tier": "unknown", "consent": {"contact": False}}
