"""Many lines at once: the good ones are stored whatever the others are."""

from __future__ import annotations

import json
from typing import Any

import pytest
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from cem.extensions import db
from cem.models import Feedback
from tests.web.api_caller import Caller, caller, feedback
from tests.world import World


@pytest.fixture
def program(world: World) -> Caller:
    return caller(world.app)


def batch(program: Caller, *lines: Any, kind: str = "application/x-ndjson") -> TestResponse:
    raw = [line if isinstance(line, bytes) else json.dumps(line).encode() for line in lines]
    return program.request("POST", "/feedback/batch", data=b"\n".join(raw), content_type=kind)


def how_many() -> int:
    db.session.rollback()
    return db.session.scalar(select(func.count()).select_from(Feedback)) or 0


def test_each_line_learns_its_own_fate_in_order(program: Caller) -> None:
    answer = batch(
        program,
        feedback(key="a"),
        feedback(key="b", site="atlantis"),
        b"{no json",
        feedback(),
        b'{"key": "e", "text": "\xff"}',
        feedback(key="a"),
        feedback(key="a", text="another"),
        feedback(key="h", text="x" * 20_001),
        7,
        feedback(key="j"),
    )
    assert answer.status_code == 207
    results = answer.json["results"]
    assert [each["status"] for each in results] == [201, 422, 400, 422, 400, 200, 409, 413, 422, 201]
    assert [each["key"] for each in results] == ["a", "b", None, None, None, "a", "a", "h", None, "j"]
    assert results[5]["id"] == results[0]["id"]
    assert "site" in results[1]["error"]["fields"]
    assert "key" in results[3]["error"]["fields"]
    assert all(("id" in each) is (each["status"] < 300) for each in results)
    assert how_many() == 2


def test_a_batch_sent_again_stores_nothing_new(program: Caller) -> None:
    lines = [feedback(key=str(number), text=str(number)) for number in range(300)]
    first, again = batch(program, *lines), batch(program, *lines)
    assert {each["status"] for each in first.json["results"]} == {201}
    assert {each["status"] for each in again.json["results"]} == {200}
    assert [each["id"] for each in first.json["results"]] == [each["id"] for each in again.json["results"]]
    assert how_many() == 300


def test_a_key_of_a_batch_and_a_key_of_a_single_call_are_the_same_key(program: Caller) -> None:
    batch(program, feedback(key="k"))
    assert program.send(feedback(), "k").status_code == 200


def test_more_lines_than_a_thousand_are_refused_as_a_whole(program: Caller) -> None:
    answer = batch(program, *[feedback(key=str(number)) for number in range(1_001)])
    assert answer.status_code == 413
    assert how_many() == 0


def test_blank_lines_are_no_lines_and_none_at_all_is_refused(program: Caller) -> None:
    assert len(batch(program, b"", feedback(key="a"), b"  ", b"\r").json["results"]) == 1
    assert batch(program, b"\n\n").status_code == 422


def test_lines_come_as_lines_of_json(program: Caller) -> None:
    assert batch(program, feedback(key="a"), kind="application/json").status_code == 415


def test_what_is_larger_than_sixteen_mebibytes_is_refused(program: Caller) -> None:
    assert batch(program, b" " * (16 * 1024 * 1024 + 1)).status_code == 413


def test_a_line_larger_than_a_mebibyte_is_refused_alone(program: Caller) -> None:
    answer = batch(program, feedback(key="a", text="x" * 1024 * 1024), feedback(key="b"))
    assert [each["status"] for each in answer.json["results"]] == [413, 201]


def test_a_key_that_no_text_can_hold_is_refused_and_repeated(program: Caller) -> None:
    (result,) = batch(program, feedback(key="\ud800")).json["results"]
    assert result["key"] == "\ud800"
    assert result["status"] == 422
    assert "key" in result["error"]["fields"]


def test_a_key_that_is_too_long_is_named_as_the_line_has_it(program: Caller) -> None:
    (result,) = batch(program, feedback(key="k" * 201)).json["results"]
    assert result["status"] == 413
    assert list(result["error"]["fields"]) == ["key"]
