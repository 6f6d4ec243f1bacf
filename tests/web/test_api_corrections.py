"""Findings put right through the API."""

from __future__ import annotations

from typing import Any

import pytest

from cem.domain.vocabulary import Scope
from tests.engine.readings import read
from tests.web.api_caller import Caller, caller
from tests.world import World


@pytest.fixture
def program(world: World) -> Caller:
    return caller(world.app, Scope.CASES)


@pytest.fixture
def said(world: World) -> str:
    receipt = world.say("还行吧，就是有点吵")
    read(receipt, label="neutral")
    return str(receipt.feedback_id)


def correct(program: Caller, id: str, **body: Any) -> Any:
    return program.post(f"/feedback/{id}/corrections", body)


def test_what_is_named_is_corrected_and_a_negative_text_opens_a_case(program: Caller, said: str) -> None:
    answer = correct(
        program,
        said,
        sentiment={"label": "negative"},
        topics=[{"code": "room_noise", "sentiment": "negative"}],
        risks=[{"code": "legal"}],
    )
    assert answer.status_code == 200, answer.text
    found = answer.json["findings"]
    assert (found["sentiment"]["label"], found["sentiment"]["level"]) == ("negative", -1)
    assert [topic["code"] for topic in found["topics"]] == ["room_noise"]
    assert [risk["code"] for risk in found["risks"]] == ["legal"]
    assert found["model"] == "test@1", "the reading that was corrected keeps its version"
    assert answer.json["case_id"]


def test_urgency_language_and_places_in_the_text_are_corrected_too(program: Caller, said: str) -> None:
    answer = correct(
        program,
        said,
        urgency="high",
        language="yue-Hant",
        topics=[{"code": "room_noise", "sentiment": "negative", "spans": [[4, 9]]}],
        pii=[{"kind": "name", "span": [0, 2]}],
    )
    found = answer.json["findings"]
    assert (found["urgency"], found["language"]) == ("high", "yue-Hant")
    assert found["topics"][0]["spans"] == [[4, 9]] and found["pii"] == [{"kind": "name", "span": [0, 2]}]
    answer = correct(program, said, pii=[{"span": [0, 2]}])
    assert answer.json["findings"]["pii"] == []


def test_the_events_of_the_case_say_who_corrected_what(program: Caller, said: str) -> None:
    case_id = correct(program, said, sentiment={"level": -2}).json["case_id"]
    event = program.get(f"/cases/{case_id}").json["events"][-1]
    assert event["kind"] == "corrected" and event["by"].startswith("token:") and event["at"]
    assert event["details"]["changes"] == [{"what": "sentiment", "from": 0, "to": -2}]


def test_the_log_says_who_corrected_what_and_is_never_shortened(program: Caller, said: str) -> None:
    correct(program, said, sentiment={"level": 2})
    assert correct(program, said, undo=True).json["findings"]["sentiment"]["label"] == "neutral"
    items = program.get(f"/feedback/{said}/corrections").json["items"]
    assert [(item["of_version"], item["version"], item["corrected"]) for item in items] == [
        (1, 2, {"level": 2}),
        (2, 3, {}),
    ]
    assert items[1]["undoes"] == items[0]["id"] and items[0]["by"].startswith("token:")


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "sentiment"),
        ({"sentiment": {}}, "sentiment"),
        ({"sentiment": {"level": 3}}, "sentiment.level"),
        ({"sentiment": {"label": "positive", "level": -1}}, "sentiment.level"),
        ({"topics": [{"code": "nonsense", "sentiment": "negative"}]}, "topics"),
        ({"risks": [{"code": "nonsense"}]}, "risks.0.code"),
        ({"urgency": "soon"}, "urgency"),
        ({"language": "tlh"}, "language"),
        ({"pii": [{"kind": "name", "span": [0, 99]}]}, "spans"),
        ({"pii": [{"kind": "name", "span": [0]}]}, "pii.0.span"),
        ({"undo": True, "sentiment": {"level": 1}}, "undo"),
    ],
)
def test_what_makes_no_sense_is_refused_by_its_field(
    program: Caller, said: str, body: dict[str, Any], field: str
) -> None:
    answer = program.post(f"/feedback/{said}/corrections", body)
    assert answer.status_code == 422 and list(answer.json["error"]["fields"]) == [field]


def test_taking_back_what_was_never_corrected_is_refused(program: Caller, said: str) -> None:
    assert correct(program, said, undo=True).status_code == 409


def test_a_program_of_another_place_finds_nothing(world: World, said: str) -> None:
    elsewhere = caller(world.app, Scope.CASES, "group/west/")
    assert correct(elsewhere, said, sentiment={"level": 1}).status_code == 404
    reading = caller(world.app, Scope.READ)
    assert correct(reading, said, sentiment={"level": 1}).status_code == 403
    assert reading.get(f"/feedback/{said}/corrections").status_code == 200
