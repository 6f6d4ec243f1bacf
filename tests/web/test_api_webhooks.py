"""Programs make, rotate and end webhooks, and ask what was told and for it to be told again."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from cem.domain.events import PUBLIC
from cem.domain.vocabulary import Scope
from tests.engine.outside import really_sends
from tests.transports.others import WebServer, web_server
from tests.web.api_caller import Caller, caller
from tests.world import World


@pytest.fixture
def web() -> Iterator[WebServer]:
    with web_server() as server:
        yield server


@pytest.fixture
def program(world: World) -> Caller:
    really_sends(world)
    return caller(world.app)


def asked(web: WebServer, **more: object) -> dict[str, object]:
    return {"name": "erp", "site": "bund", "url": f"{web.url}/hook?key=hidden"} | more


def test_it_is_made_with_a_secret_that_is_shown_once(program: Caller, web: WebServer) -> None:
    made = program.post("/webhooks", asked(web))
    assert made.status_code == 201
    assert made.json["secret"].startswith("whsec_")
    assert made.json["events"] == sorted(PUBLIC)
    (listed,) = program.get("/webhooks").json["items"]
    assert listed == {name: value for name, value in made.json.items() if name != "secret"}
    assert listed["host"] == "127.0.0.1"
    assert "hidden" not in str(listed)


def test_it_is_told_listed_replayed_rotated_and_ended(world: World, program: Caller, web: WebServer) -> None:
    made = program.post("/webhooks", asked(web, events=["case.opened"])).json
    web.says({}, 500)
    world.tap(1)
    world.fast_forward(minutes=40)
    here = f"/webhooks/{made['id']}"
    (message,) = program.get(f"{here}/messages", state="failed").json["items"]
    assert (message["event"], message["tries"], message["error"]) == ("case.opened", 4, "HTTP 500")
    web.says({})
    again = program.post(f"{here}/replays", {"id": message["event_id"]})
    assert (again.status_code, again.json["state"]) == (200, "pending")
    world.settle()
    assert program.get(f"{here}/messages").json["items"][0]["state"] == "sent"
    assert web.requests[-1].headers["webhook-id"] == message["id"]
    assert program.post(f"{here}/rotation").json["secret"] != made["secret"]
    assert program.request("DELETE", here).status_code == 200
    assert program.get("/webhooks").json["items"] == []
    assert program.post(f"{here}/rotation").status_code == 404


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("events", ["case.exploded"]),
        ("url", "ftp://example.org/"),
        ("url", "no address"),
        ("site", "nowhere"),
        ("secret", "mine"),
    ],
)
def test_what_does_not_fit_is_refused_by_its_name(
    program: Caller, web: WebServer, field: str, value: object
) -> None:
    answer = program.post("/webhooks", asked(web, **{field: value}))
    assert answer.status_code == 422
    assert any(name.startswith(field) for name in answer.json["error"]["fields"])


def test_a_name_is_taken_once_and_a_replay_needs_something_to_repeat(program: Caller, web: WebServer) -> None:
    made = program.post("/webhooks", asked(web)).json
    assert program.post("/webhooks", asked(web)).json["error"]["fields"].keys() == {"name"}
    nothing = program.post(f"/webhooks/{made['id']}/replays", {"id": made["id"]})
    assert nothing.json["error"]["fields"].keys() == {"id"}


def test_only_the_scope_admin_may_and_only_within_its_places(world: World, web: WebServer) -> None:
    for scope in (Scope.CASES, Scope.READ, Scope.COLLECT):
        assert caller(world.app, scope).post("/webhooks", asked(web)).status_code == 403
    really_sends(world)
    made = caller(world.app).post("/webhooks", asked(web)).json
    elsewhere = caller(world.app, path="group/west/")
    assert elsewhere.post("/webhooks", asked(web, name="other")).status_code == 422
    assert elsewhere.get("/webhooks").json["items"] == []
    assert elsewhere.request("DELETE", f"/webhooks/{made['id']}").status_code == 404
