"""Programs look at groups, take them, take them apart, and answer all of one with one text."""

from __future__ import annotations

from typing import Any

import pytest

from cem.domain.vocabulary import Scope
from tests.web.api_caller import Caller, caller
from tests.world import World


@pytest.fixture
def program(world: World) -> Caller:
    return caller(world.app, Scope.CASES)


def storm(world: World, count: int = 6) -> None:
    for _ in range(count):
        world.tap(1)
    world.settle()


def the_one(program: Caller) -> dict[str, Any]:
    (group,) = program.get("/groups").json["items"]
    return dict(group)


def test_a_group_says_how_many_why_where_and_what_is_owed(world: World, program: Caller) -> None:
    assert program.get("/groups").json == {"items": [], "next": None}
    storm(world)
    group = the_one(program)
    assert (group["state"], group["site"], group["priority"]) == ("open", "bund", "p2")
    assert (group["count"], group["open"], group["owed"]) == (6, 6, 6)
    assert group["cause"]["kind"] == "touchpoint"
    assert "within 3 minutes" in group["reason"]["text"]
    shown = program.get(f"/groups/{group['id']}").json
    assert [case["state"] for case in shown["cases"]] == ["open"] * 6
    assert program.get("/groups", site="bund", limit="1").json["next"] is None


def test_taking_the_group_takes_its_cases_and_a_second_time_is_refused(world: World, program: Caller) -> None:
    storm(world)
    address = f"/groups/{the_one(program)['id']}/acknowledgement"
    taken = program.post(address).json
    assert (taken["state"], taken["open"]) == ("acknowledged", 0)
    assert {case["state"] for case in taken["cases"]} == {"acknowledged"}
    assert {case["owner"]["username"] for case in taken["cases"]} == {"lin"}
    again = program.post(address)
    assert (again.status_code, again.json["error"]["code"]) == (409, "group_taken")


def test_one_text_answers_what_is_still_owed_through_the_group(world: World, program: Caller) -> None:
    storm(world)
    group = the_one(program)
    body = {"filter": {"group": group["id"]}, "text": "The till was down. We are sorry.", "via": "message"}
    assert program.post("/feedback/replies", body).json["replied"] == 6
    assert the_one(program)["owed"] == 0


def test_what_was_answered_is_resolved_together_and_a_second_time_nothing_is(
    world: World, program: Caller
) -> None:
    storm(world)
    group = the_one(program)
    program.post(f"/groups/{group['id']}/acknowledgement")
    outcome = {"code": "explained", "summary": "The till was down."}
    address = f"/groups/{group['id']}/resolution"
    assert program.post(address, outcome).json == {"resolved": 0, "refused": []}, "nobody has an answer yet"
    program.post("/feedback/replies", {"filter": {"group": group["id"]}, "text": "Sorry.", "via": "message"})
    assert program.post(address, outcome).json == {"resolved": 6, "refused": []}
    assert program.post(address, outcome).json["resolved"] == 0
    assert program.post(address, {"code": "nonsense", "summary": "x"}).status_code == 422


def test_a_case_is_let_go_and_a_group_is_taken_apart(world: World, program: Caller) -> None:
    storm(world)
    group = the_one(program)
    first = program.get(f"/groups/{group['id']}").json["cases"][0]["id"]
    left = program.post(f"/groups/{group['id']}/separation", {"case": first}).json
    assert (left["count"], first in {case["id"] for case in left["cases"]}) == (5, False)
    gone = program.post(f"/groups/{group['id']}/separation", {"case": first})
    assert (gone.status_code, gone.json["error"]["code"]) == (409, "not_in_this_group")
    assert program.post(f"/groups/{group['id']}/split").json["state"] == "ended"
    assert program.post(f"/groups/{group['id']}/split").status_code == 409
    assert program.get("/groups").json["items"] == []
    assert len(program.get("/groups", ended="true").json["items"]) == 1


def test_a_group_of_another_place_is_not_there(world: World) -> None:
    storm(world)
    group = the_one(caller(world.app, Scope.CASES))
    elsewhere = caller(world.app, Scope.CASES, "group/west/")
    assert elsewhere.get("/groups").json["items"] == []
    assert elsewhere.get(f"/groups/{group['id']}").status_code == 404
    assert elsewhere.post(f"/groups/{group['id']}/acknowledgement").status_code == 404
