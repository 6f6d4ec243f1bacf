"""Whatever is sent: never a failure of ours, always one shape of errors; what is refused stores nothing."""

from __future__ import annotations

import json
from typing import Any
from uuid import uuid4

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from cem.extensions import db
from cem.models import Feedback, LedgerEntry, OutboxRow
from tests.web.api_caller import Caller, caller, feedback
from tests.world import World

STRANGE = st.text() | st.sampled_from(
    ["", "\0", "\ud800", "\u202e", "=1+1", "<b>", "x" * 201, "e\u0301", " "]
)
NUMBERS = st.integers() | st.floats() | st.sampled_from([2**31, -(2**63), 10**40, True, False])
PLAIN = st.none() | NUMBERS | STRANGE
ANYTHING = st.recursive(
    PLAIN,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(STRANGE, inner, max_size=3),
    max_leaves=6,
)

RATING = st.fixed_dictionaries(
    {},
    optional={
        "scale": st.sampled_from(["csat5", "nps", "ces7", "faces5"]) | ANYTHING,
        "value": NUMBERS | ANYTHING,
    },
)
TIMES = st.datetimes().map(lambda at: f"{at.isoformat()}+00:00") | st.sampled_from(
    ["2026-11-23T10:00:00+08:00", "9999-12-31T23:59:59-14:00", "0001-01-01T00:00:00+14:00", "24:00", "now"]
)
BODIES = st.fixed_dictionaries(
    {},
    optional={
        "channel": st.sampled_from(["api", "review", "kiosk"]) | ANYTHING,
        "site": st.sampled_from(["bund", "soho", "east"]) | ANYTHING,
        "touchpoint": st.just("room") | ANYTHING,
        "rating": RATING | ANYTHING,
        "text": STRANGE | ANYTHING,
        "answers": st.lists(
            st.fixed_dictionaries(
                {"question": STRANGE},
                optional={
                    "scale": st.just("nps"),
                    "value": NUMBERS,
                    "choices": st.lists(STRANGE),
                    "text": STRANGE,
                },
            ),
            max_size=3,
        )
        | ANYTHING,
        "survey": st.fixed_dictionaries({"code": STRANGE, "version": NUMBERS}) | ANYTHING,
        "language": st.sampled_from(["zh-Hans", "en-GB"]) | ANYTHING,
        "occurred_at": TIMES | ANYTHING,
        "customer": st.fixed_dictionaries(
            {}, optional=dict.fromkeys(("external_id", "name", "phone", "email"), STRANGE)
        )
        | ANYTHING,
        "source": st.fixed_dictionaries({"system": STRANGE, "id": STRANGE}) | ANYTHING,
        "order_id": STRANGE | ANYTHING,
        "staff": STRANGE | ANYTHING,
        "kind": st.just("praise") | ANYTHING,
        "attributes": st.dictionaries(STRANGE, PLAIN, max_size=22) | ANYTHING,
    },
)
ACTIONS = {
    "assignment": ("user",),
    "notes": ("text",),
    "contacts": ("via", "summary", "outcome"),
    "pause": ("reason",),
    "resolution": ("code", "summary", "customer_words", "reply"),
    "dismissal": ("reason", "evidence"),
    "merge": ("into",),
    "reopening": ("reason",),
    "acknowledgement": (),
    "closure": (),
}

many = settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


@pytest.fixture
def program(world: World) -> Caller:
    return caller(world.app)


def stored() -> tuple[int, ...]:
    db.session.rollback()
    tables = (Feedback, LedgerEntry, OutboxRow)
    return tuple(db.session.scalar(select(func.count()).select_from(table)) or 0 for table in tables)


def post(program: Caller, path: str, body: Any) -> TestResponse:
    raw = json.dumps(body).encode()
    headers = {"Idempotency-Key": str(uuid4())}
    return program.request("POST", path, data=raw, content_type="application/json", headers=headers)


def is_refusal(answer: TestResponse) -> bool:
    """Whether it is a refusal; then it has the contract's shape and is no failure of ours."""
    assert answer.status_code < 500, answer.text
    if answer.status_code < 400:
        return False
    assert set(answer.json) == {"error"}
    assert set(answer.json["error"]) == {"code", "message", "fields"}
    return True


@many
@given(body=BODIES | ANYTHING)
def test_any_body_is_stored_whole_or_refused_with_nothing_stored(program: Caller, body: Any) -> None:
    before = stored()
    refused = is_refusal(post(program, "/feedback", body))
    after = stored()
    assert after == before if refused else after[0] == before[0] + 1 == after[1]


@many
@given(more=BODIES)
def test_a_good_body_with_anything_in_its_fields_too(program: Caller, more: dict[str, Any]) -> None:
    before = stored()
    if is_refusal(post(program, "/feedback", feedback(**more))):
        assert stored() == before


@many
@given(
    raw=st.binary(max_size=200), kind=st.sampled_from(["application/json", "application/x-ndjson", "a/b", ""])
)
def test_any_bytes_under_any_content_type(program: Caller, raw: bytes, kind: str) -> None:
    before = stored()
    for path in ("/feedback", "/feedback/batch", "/feedback/replies", "/analyses"):
        headers = {"Idempotency-Key": "k"}
        answer = program.request("POST", path, data=raw, content_type=kind, headers=headers)
        assert answer.status_code in (207, 400, 413, 415, 422), answer.text
    assert stored() == before


@many
@given(lines=st.lists(BODIES | ANYTHING, max_size=4), keys=st.lists(STRANGE | PLAIN, min_size=4, max_size=4))
def test_any_lines_of_a_batch(program: Caller, lines: list[Any], keys: list[Any]) -> None:
    before = stored()
    keyed = [
        line | {"key": key} if isinstance(line, dict) else line
        for line, key in zip(lines, keys, strict=False)
    ]
    raw = "\n".join(map(json.dumps, keyed)).encode()
    answer = program.request("POST", "/feedback/batch", data=raw, content_type="application/x-ndjson")
    if is_refusal(answer):
        return
    results = answer.json["results"]
    assert len(results) == len(keyed)
    assert all(each["status"] < 500 for each in results)
    assert stored()[0] == before[0] + sum(each["status"] == 201 for each in results)


@many
@given(action=st.sampled_from(list(ACTIONS)), data=st.data())
def test_any_body_of_any_action(program: Caller, action: str, data: st.DataObject) -> None:
    case = post(program, "/feedback", feedback(rating={"scale": "csat5", "value": 1})).json["case"]["id"]
    known = st.fixed_dictionaries({}, optional=dict.fromkeys(ACTIONS[action], ANYTHING | STRANGE))
    is_refusal(post(program, f"/cases/{case}/{action}", data.draw(known | ANYTHING)))


@many
@given(data=st.data())
def test_any_question_in_an_address(program: Caller, data: st.DataObject) -> None:
    path = data.draw(st.sampled_from(["/cases", "/sites", "/ledger", "/metrics/nps", "/customers/card"]))
    names = [
        "cursor",
        "limit",
        "state",
        "site",
        "from",
        "to",
        "by",
        "owner",
        "overdue",
        "phone",
        "external_id",
        "?",
    ]
    printable = st.text(st.characters(codec="utf-8"), max_size=30)
    query = data.draw(st.dictionaries(st.sampled_from(names), printable, max_size=3))
    is_refusal(program.get(path, **query))
