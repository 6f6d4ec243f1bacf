"""Which program may call what, how far it sees, and how often it may ask."""

from __future__ import annotations

import pytest
from flask import Flask

from cem.domain.vocabulary import Scope
from cem.extensions import db
from cem.http import auth, calls
from cem.http.calls import CallCounter
from cem.models import ApiToken
from cem.web.api import resource
from tests.web.api_caller import API, Caller, caller, feedback
from tests.world import World

NOBODY = "01a20621-ad00-7074-9117-d47063c03c31"
STORE = {"/feedback", "/feedback/batch"}
CASES = {
    f"/feedback/{NOBODY}/replies",
    f"/feedback/{NOBODY}/excuse",
    "/feedback/replies",
    *(
        f"/cases/{NOBODY}/{action}"
        for action in (
            "acknowledgement", "assignment", "notes", "contacts", "pause", "resumption", "resolution",
            "closure", "dismissal", "merge", "reopening",
        )
    ),
    *(f"/groups/{NOBODY}/{action}" for action in ("acknowledgement", "separation", "split", "resolution")),
}  # fmt: skip
CORRECTIONS = f"/feedback/{NOBODY}/corrections"
CASES |= {CORRECTIONS}
GROUPS = {"/groups", f"/groups/{NOBODY}"}
READ = {
    *(f"/feedback/{NOBODY}", "/sites", "/cases", f"/cases/{NOBODY}", "/ledger", "/metrics/nps", "/stream"),
    "/topics/emerging",
    *("/webhooks", f"/webhooks/{NOBODY}/messages"),
}
HOOKS = {
    ("POST", path) for path in ("/webhooks", f"/webhooks/{NOBODY}/rotation", f"/webhooks/{NOBODY}/replays")
}
HOOKS |= {("DELETE", f"/webhooks/{NOBODY}")}
GROUPS |= {f"/cases/{NOBODY}/similar", f"/cases/{NOBODY}/reply-draft"}
CASES |= {f"/cases/{NOBODY}/reply-draft", f"/cases/{NOBODY}/reply-draft/rewording"}
READ |= GROUPS | {CORRECTIONS}
CARD = "/customers/card"
ALLOWED = {
    Scope.ADMIN: {("POST", path) for path in STORE | CASES | {"/analyses"}}
    | {("GET", path) for path in READ | {CARD}}
    | HOOKS,
    Scope.COLLECT: {("POST", path) for path in STORE},
    Scope.CASES: {("POST", path) for path in CASES | {"/analyses"}}
    | {("GET", path) for path in (f"/feedback/{NOBODY}", "/cases", f"/cases/{NOBODY}", "/stream", CARD)}
    | {("GET", path) for path in GROUPS | {CORRECTIONS}},
    Scope.READ: {("GET", path) for path in READ},
}


@pytest.mark.parametrize("scope", Scope)
def test_a_scope_opens_what_the_contract_says_and_nothing_else(world: World, scope: Scope) -> None:
    program = caller(world.app, scope)
    opened = {
        (method, path)
        for method, path in ALLOWED[Scope.ADMIN]
        if program.request(method, path).status_code not in (401, 403)
    }
    assert opened == ALLOWED[scope]


def test_every_call_asks_for_a_token(app: Flask) -> None:
    stranger = Caller(app, "made up")
    for method, path in ALLOWED[Scope.ADMIN]:
        answer = stranger.request(method, path)
        assert answer.status_code == 401
        assert answer.json["error"]["code"] == "unauthorized"
    bare = app.test_client().get(f"{API}/cases", headers={"Authorization": "Basic YTpi"})
    assert bare.status_code == 401


def test_every_route_of_the_api_is_in_this_matrix(app: Flask) -> None:
    known = {path.replace(NOBODY, "*") for _, path in ALLOWED[Scope.ADMIN]}
    open_to_all = {"/openapi.json", "/sandbox/clock", "/sandbox/deliveries"}
    for rule in app.url_map.iter_rules():
        if rule.rule.startswith(f"{API}/"):
            path = rule.rule.removeprefix(API)
            for variable in ("<uuid:feedback_id>", "<uuid:case_id>", "<uuid:webhook_id>", "<uuid:group_id>"):
                path = path.replace(variable, "*")
            assert path.replace("<name>", "nps") in known | open_to_all, path


def test_a_revoked_token_is_out(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(auth, "REMEMBERED", -1.0)
    program = caller(world.app)
    assert program.get("/cases").status_code == 200
    with db.engines[None].begin() as connection:
        connection.execute(ApiToken.__table__.update().values(ended_at=ApiToken.created_at))
    assert program.get("/cases").status_code == 401


def test_a_token_of_one_place_stores_only_there(world: World) -> None:
    program = caller(world.app, Scope.COLLECT, "group/east/bund/")
    assert program.send(feedback()).status_code == 201
    elsewhere = program.send(feedback(site="soho"))
    assert elsewhere.status_code == 422
    assert elsewhere.json["error"]["fields"] == {"site": ["There is no such site."]}


def test_a_token_of_one_place_sees_only_its_part(world: World) -> None:
    everything, east = caller(world.app), caller(world.app, path="group/east/")
    here, there = everything.send(feedback()).json["id"], everything.send(feedback(site="soho")).json["id"]
    assert east.get(f"/feedback/{here}").status_code == 200
    assert east.get(f"/feedback/{there}").status_code == 404
    assert [site["code"] for site in east.get("/sites").json["items"]] == ["bund"]
    assert east.get("/ledger").json["total"] == 1
    assert everything.get("/ledger").json["total"] == 2
    assert east.get("/ledger", site="soho").status_code == 422
    assert east.get("/metrics/csat").json[0]["n"] == 1
    for call in (f"/feedback/{there}/replies", f"/feedback/{there}/excuse"):
        body = (
            {"text": "t", "via": "email"} if call.endswith("replies") else {"reason": "test", "evidence": "e"}
        )
        assert east.post(call, body).status_code == 404
    both = {"ids": [here, there], "text": "t", "via": "email"}
    assert east.post("/feedback/replies", both).status_code == 404


def test_too_many_calls_are_told_when_to_come_again(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    assert resource.CALLS.limit == 6_000
    monkeypatch.setattr(resource, "CALLS", CallCounter(2, per=3_600))
    busy, other = caller(world.app, Scope.READ), caller(world.app, Scope.READ)
    assert [busy.get("/cases").status_code for _ in range(3)] == [200, 200, 429]
    refused = busy.get("/cases")
    assert 1 <= int(refused.headers["Retry-After"]) <= 3_600
    assert refused.json["error"]["code"] == "too_many_requests"
    assert other.get("/cases").status_code == 200


def test_a_new_window_takes_calls_again(monkeypatch: pytest.MonkeyPatch) -> None:
    at = [59.0]
    monkeypatch.setattr(calls.time, "monotonic", lambda: at[0])
    counter = CallCounter(1, per=60)
    assert [counter.too_many("a"), counter.too_many("a"), counter.too_many("b")] == [0, 1, 0]
    at[0] = 60.0
    assert counter.too_many("a") == 0


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH"])
def test_a_method_that_does_not_exist_says_which_do(world: World, method: str) -> None:
    answer = caller(world.app).request(method, "/feedback")
    assert answer.status_code == 405
    assert "POST" in answer.headers["Allow"]
    assert answer.json["error"]["code"] == "method_not_allowed"
