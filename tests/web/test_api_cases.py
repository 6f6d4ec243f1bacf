"""Cases through the API: what they look like, what can be done with them, and what is refused."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest

from cem import clock
from cem.domain.vocabulary import Scope
from cem.extensions import db
from cem.models import Case
from tests.web.api_caller import Caller, caller, feedback, queries_counted
from tests.world import World


@pytest.fixture
def program(world: World) -> Caller:
    return caller(world.app)


def opened(program: Caller, value: int = 1, **more: Any) -> str:
    """The id of the case that a bad rating opens."""
    case = program.send(feedback(rating={"scale": "csat5", "value": value}, **more)).json["case"]
    return str(case["id"])


def act(program: Caller, case: str, action: str, **body: Any) -> Any:
    answer = program.post(f"/cases/{case}/{action}", body or None)
    assert answer.status_code == 200, answer.text
    return answer.json


def test_a_case_shows_its_owner_its_reason_its_promises_and_its_history(program: Caller) -> None:
    case = program.get(f"/cases/{opened(program)}").json
    assert case["state"] == "open"
    assert case["priority"] == "p2"
    assert case["owner"]["username"] == "lin"
    assert case["customer"] == {"tier": "unknown"}
    assert case["reason"] == {"code": "very_dissatisfied", "text": "The customer is very dissatisfied."}
    assert [(p["kind"], p["round"], p["state"], p["hours"]) for p in case["promises"]] == [
        ("acknowledge", 1, "running", "wall"),
        ("first_contact", 1, "running", "wall"),
        ("resolve", 1, "running", "wall"),
    ]
    (first,) = case["events"]
    assert (first["kind"], first["from"], first["to"]) == ("opened", None, "open")
    assert first["at"] == case["opened_at"] == clock.now().isoformat()


def test_a_case_goes_from_a_tap_to_an_answer(program: Caller) -> None:
    case = opened(program)
    assert act(program, case, "acknowledgement")["state"] == "acknowledged"
    assert act(program, case, "assignment", user="zhou")["owner"]["username"] == "zhou"
    act(program, case, "notes", text="Called the kitchen.")
    assert act(program, case, "contacts", via="phone", summary="Spoke with her.")["state"] == "in_progress"
    solved = act(
        program, case, "resolution", code="apologised", summary="New dish sent.", customer_words="Thanks!"
    )
    assert solved["state"] == "resolved"
    ended = act(program, case, "closure")
    assert ended["state"] == "closed"
    assert {promise["state"] for promise in ended["promises"]} == {"met"}
    assert all("fulfilled_at" in promise for promise in ended["promises"])
    told = [(each["kind"], each.get("text")) for each in ended["events"]]
    assert told == [
        ("opened", None),
        ("acknowledged", None),
        ("assigned", None),
        ("noted", "Called the kitchen."),
        ("contacted", "Spoke with her."),
        ("customer_said", "Thanks!"),
        ("resolved", "New dish sent."),
        ("closed", None),
    ]


def test_the_ledger_follows_the_case(program: Caller) -> None:
    case = opened(program)
    feedback_id = program.get(f"/cases/{case}").json["feedback_id"]
    act(program, case, "acknowledgement")
    act(program, case, "contacts", via="phone", summary="No answer.", outcome="not_reached")
    assert program.get(f"/feedback/{feedback_id}").json["ledger"]["state"] == "owed"
    act(program, case, "contacts", via="phone", summary="Spoke with him.")
    entry = program.get(f"/feedback/{feedback_id}").json["ledger"]
    assert (entry["state"], entry["how"], entry["evidence"]["kind"]) == ("answered", "personal", "contact")


def test_a_token_that_acknowledges_leaves_the_owner(program: Caller) -> None:
    case = opened(program)
    before = program.get(f"/cases/{case}").json["owner"]
    assert act(program, case, "acknowledgement")["owner"] == before


def test_what_the_state_forbids_is_refused_with_a_sentence_and_changes_nothing(program: Caller) -> None:
    case = opened(program)
    before = program.get(f"/cases/{case}").json
    for action, body in (
        ("closure", None),
        ("resumption", None),
        ("pause", {"reason": "waiting_customer"}),
        ("resolution", {"code": "explained", "summary": "s", "reply": "r"}),
        ("reopening", {"reason": "again"}),
    ):
        answer = program.post(f"/cases/{case}/{action}", body)
        assert answer.status_code == 409, action
        assert answer.json["error"]["message"].endswith(".")
    assert program.get(f"/cases/{case}").json == before


def test_nothing_is_resolved_over_the_customers_head(program: Caller) -> None:
    case = opened(program)
    act(program, case, "acknowledgement")
    silent = program.post(f"/cases/{case}/resolution", {"code": "no_fault", "summary": "Nothing found."})
    assert silent.status_code == 409
    assert silent.json["error"]["code"] == "resolution_needs_answer"


def test_what_a_field_may_not_hold_is_refused_by_its_name(program: Caller) -> None:
    case = opened(program)
    for action, body, name in (
        ("assignment", {"user": "nobody"}, "user"),
        ("assignment", {}, "user"),
        ("notes", {"text": ""}, "text"),
        ("notes", {"text": "a\0"}, "text"),
        ("notes", {"text": " \u3000\n"}, "text"),
        ("contacts", {"via": "pigeon", "summary": "s"}, "via"),
        ("contacts", {"via": "phone", "summary": "s", "outcome": "maybe"}, "outcome"),
        ("pause", {"reason": "lunch"}, "reason"),
        ("resolution", {"code": "shrugged", "summary": "s"}, "code"),
        ("resolution", {"code": "explained", "summary": "s", "reply": " "}, "reply"),
        ("dismissal", {"reason": "test"}, "evidence"),
        ("merge", {"into": "7"}, "into"),
        ("merge", {"into": "01a20621-ad00-7074-9117-d47063c03c31"}, "into"),
        ("acknowledgement", {"by": "me"}, "by"),
    ):
        answer = program.post(f"/cases/{case}/{action}", body)
        assert answer.status_code == 422, (action, answer.text)
        assert name in answer.json["error"]["fields"]
    assert len(program.get(f"/cases/{case}").json["events"]) == 1


def test_a_pause_shows_why_and_the_time_that_was_left_runs_on(world: World, program: Caller) -> None:
    case = opened(program)
    act(program, case, "acknowledgement")
    due_at = program.get(f"/cases/{case}").json["promises"][-1]["due_at"]
    paused = act(program, case, "pause", reason="waiting_customer")
    assert paused["state"] == "waiting_customer"
    running = [promise for promise in paused["promises"] if "fulfilled_at" not in promise]
    assert {(p["state"], p["paused_because"]) for p in running} == {("paused", "waiting_customer")}
    clock.stand_at(clock.now() + timedelta(hours=3))
    resumed = act(program, case, "resumption")["promises"][-1]
    assert resumed["state"] == "running"
    assert resumed["due_at"] == (datetime.fromisoformat(due_at) + timedelta(hours=3)).isoformat()


def test_a_refusal_of_what_waits_changes_nothing_that_is_shown(world: World, program: Caller) -> None:
    case = opened(program)
    act(program, case, "acknowledgement")
    act(program, case, "pause", reason="waiting_customer")
    before = program.get(f"/cases/{case}").json
    clock.stand_at(clock.now() + timedelta(minutes=10))
    assert program.post(f"/cases/{case}/acknowledgement").status_code == 409
    assert program.get(f"/cases/{case}").json == before


def test_business_promises_wait_outside_hours_and_say_so(program: Caller) -> None:
    case = opened(program, value=2)
    clock.stand_at(clock.now() + timedelta(hours=12))
    promises = program.get(f"/cases/{case}").json["promises"]
    resolve = next(promise for promise in promises if promise["kind"] == "resolve")
    assert (resolve["state"], resolve["paused_because"]) == ("paused", "outside_hours")


def test_a_missed_promise_stays_missed_when_it_is_kept_late(world: World, program: Caller) -> None:
    case = opened(program)
    world.fast_forward(minutes=16)
    acknowledged = act(program, case, "acknowledgement")["promises"][0]
    assert acknowledged["state"] == "breached"
    assert acknowledged["fulfilled_at"] == clock.now().isoformat()


def test_merging_ends_one_case_in_the_other(program: Caller) -> None:
    one, other = opened(program), opened(program)
    merged = act(program, one, "merge", into=other)
    assert (merged["state"], merged["merged_into"]) == ("closed", other)
    assert program.get(f"/feedback/{merged['feedback_id']}").json["case_id"] == other


def test_a_case_that_is_reopened_late_goes_on_in_a_new_one(world: World, program: Caller) -> None:
    case = opened(program)
    act(program, case, "acknowledgement")
    act(program, case, "resolution", code="explained", summary="s", reply="Sorry.")
    act(program, case, "closure")
    clock.stand_at(clock.now() + timedelta(days=15))
    following = act(program, case, "reopening", reason="It is back.")
    assert following["id"] != case
    assert following["follows"] == case


def test_a_reply_is_shown_in_the_history_with_its_words(program: Caller) -> None:
    case = opened(program)
    feedback_id = program.get(f"/cases/{case}").json["feedback_id"]
    answer = program.post(f"/feedback/{feedback_id}/replies", {"text": "We are sorry.", "via": "email"})
    assert answer.status_code == 200
    assert answer.json["ledger"]["how"] == "personal"
    last = program.get(f"/cases/{case}").json["events"][-1]
    assert (last["kind"], last["text"]) == ("replied", "We are sorry.")


def test_the_most_urgent_come_first_and_pages_join_without_a_gap(program: Caller) -> None:
    normal = [opened(program, value=2) for _ in range(3)]
    high = [opened(program) for _ in range(3)]
    act(program, high[0], "dismissal", reason="test", evidence="Our own.")
    expected = [*high[1:], *normal, high[0]]
    seen: list[str] = []
    query: dict[str, Any] = {"limit": 4}
    while True:
        page = program.get("/cases", **query).json
        seen += [case["id"] for case in page["items"]]
        if page["next"] is None:
            break
        query["cursor"] = page["next"]
    assert seen == expected


def test_cases_are_found_by_what_they_are(world: World, program: Caller) -> None:
    high, normal = opened(program), opened(program, value=2)
    opened(program, site="soho")
    act(program, normal, "acknowledgement")
    act(program, normal, "assignment", user="zhou")

    def found(**query: str) -> list[str]:
        return [case["id"] for case in program.get("/cases", site="bund", **query).json["items"]]

    assert found() == [high, normal]
    assert found(priority="p2") == [high]
    assert found(state="acknowledged") == [normal]
    assert found(state="open,acknowledged") == [high, normal]
    assert found(owner="zhou") == [normal]
    assert found(overdue="true") == []
    world.fast_forward(minutes=20)
    assert found(overdue="true") == [high]
    assert found(overdue="false") == [normal]
    assert len(program.get("/cases").json["items"]) == 3


@pytest.mark.parametrize(
    ("query", "name"),
    [
        ({"state": "sleeping"}, "state"),
        ({"priority": "p9"}, "priority"),
        ({"site": "atlantis"}, "site"),
        ({"owner": "nobody"}, "owner"),
        ({"overdue": "perhaps"}, "overdue"),
        ({"limit": "501"}, "limit"),
        ({"limit": "0"}, "limit"),
        ({"limit": "ten"}, "limit"),
        ({"cursor": "xyz"}, "cursor"),
        ({"cursor": "WzEsMiwzLDRd"}, "cursor"),
        ({"colour": "red"}, "colour"),
    ],
)
def test_a_question_that_makes_no_sense_is_refused_by_name(
    program: Caller, query: dict[str, str], name: str
) -> None:
    answer = program.get("/cases", **query)
    assert answer.status_code == 422
    assert name in answer.json["error"]["fields"]


def test_more_cases_and_longer_histories_cost_no_more_queries(program: Caller) -> None:
    case = opened(program)
    program.get(f"/cases/{case}")  # who owns it is remembered from here on
    with queries_counted() as few:
        program.get(f"/cases/{case}")
        program.get("/cases")
    for _ in range(5):
        opened(program)
        act(program, case, "notes", text="One more.")
    with queries_counted() as more:
        program.get(f"/cases/{case}")
        program.get("/cases")
    assert len(more) == len(few)


def test_a_program_of_another_place_is_told_that_there_is_no_such_case(world: World, program: Caller) -> None:
    case = opened(program)
    stranger = caller(world.app, Scope.CASES, "group/west/")
    assert stranger.get("/cases").json["items"] == []
    assert stranger.get(f"/cases/{case}").status_code == 404
    assert stranger.post(f"/cases/{case}/acknowledgement").status_code == 404
    own = opened(program, site="soho")
    merged = stranger.post(f"/cases/{own}/merge", {"into": case})
    assert merged.status_code == 422
    db.session.rollback()
    assert {state.value for state in db.session.scalars(db.select(Case.state))} == {"open"}
