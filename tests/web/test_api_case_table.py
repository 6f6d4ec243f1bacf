"""Every cell of the contract's table of what moves a case, asked through HTTP by a program."""

from __future__ import annotations

from typing import Any, Final

import pytest

from cem.domain.vocabulary import CaseState, Scope
from tests.engine.case_table import NO, SAME, STATES, TABLE
from tests.engine.moves import bring, complaint
from tests.web.api_caller import Caller, caller
from tests.world import World

ACTIONS: Final[dict[str, tuple[str, dict[str, Any]]]] = {
    "acknowledgement": ("acknowledgement", {}),
    "assignment": ("assignment", {"user": "shen"}),
    "notes": ("notes", {"text": "a note"}),
    "contacts": ("contacts", {"via": "phone", "summary": "called"}),
    "pause waiting_customer": ("pause", {"reason": "waiting_customer"}),
    "pause waiting_third_party": ("pause", {"reason": "waiting_third_party"}),
    "resumption": ("resumption", {}),
    "resolution": ("resolution", {"code": "explained", "summary": "done", "reply": "We are sorry."}),
    "closure": ("closure", {}),
    "dismissal": ("dismissal", {"reason": "test", "evidence": "our own test"}),
    "merge": ("merge", {}),
    "reopening": ("reopening", {"reason": "It is back."}),
}


@pytest.fixture
def program(world: World) -> Caller:
    return caller(world.app, Scope.CASES)


def shown(program: Caller, case: str) -> dict[str, Any]:
    return dict(program.get(f"/cases/{case}").json)


@pytest.mark.parametrize("state", STATES)
def test_every_cell_of_this_states_column(world: World, program: Caller, state: CaseState) -> None:
    other = str(world.case(complaint(world)).id)
    for name, (path, usual) in ACTIONS.items():
        expected = TABLE[name][STATES.index(state)]
        receipt = complaint(world)
        bring(world, receipt, state)
        case = str(world.case(receipt).id)
        before = shown(program, case)
        body = {"into": other} if name == "merge" else usual
        answer = program.post(f"/cases/{case}/{path}", body or None)
        cell = f"{name} of a case that is {state.value}"
        if expected == NO:
            assert answer.status_code == 409, cell
            assert answer.json["error"]["message"], cell
            assert shown(program, case) == before, f"{cell}: nothing has changed"
        else:
            assert answer.status_code == 200, f"{cell}: {answer.text}"
            assert answer.json["state"] == (state.value if expected == SAME else expected), cell


def test_the_table_names_every_action_and_every_state() -> None:
    assert set(TABLE) - set(ACTIONS) == {"not solved"}, "that one is the customer's, on the status page"
    assert {len(row) for row in TABLE.values()} == {len(STATES)}


@pytest.mark.parametrize("state", [CaseState.ACKNOWLEDGED, CaseState.IN_PROGRESS])
def test_what_waits_for_others_is_resumed_where_it_was(
    world: World, program: Caller, state: CaseState
) -> None:
    receipt = complaint(world)
    bring(world, receipt, state)
    case = world.case(receipt).id
    assert program.post(f"/cases/{case}/pause", {"reason": "waiting_third_party"}).status_code == 200
    assert program.post(f"/cases/{case}/resumption").json["state"] == state.value


def test_a_merged_case_is_not_reopened_and_the_refusal_names_the_other(world: World, program: Caller) -> None:
    one, other = complaint(world), complaint(world)
    case, into = world.case(one).id, world.case(other)
    number = into.number
    assert program.post(f"/cases/{case}/merge", {"into": str(into.id)}).status_code == 200
    before = shown(program, str(case))
    answer = program.post(f"/cases/{case}/reopening", {"reason": "It is back."})
    assert (answer.status_code, answer.json["error"]["code"]) == (409, "merged_case_goes_on")
    assert str(number) in answer.json["error"]["message"]
    assert shown(program, str(case)) == before
