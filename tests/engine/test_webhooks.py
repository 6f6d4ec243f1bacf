"""Programs hear of what happens: each event once, signed, tried again, and seen where it was given up."""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from cem import clock
from cem.domain.actors import HUB
from cem.domain.events import PUBLIC
from cem.domain.reasons import Invalid, NotFound
from cem.engine import cases, outbox, robots, webhooks
from cem.engine.webhooks import Made, NewWebhook
from cem.extensions import db
from cem.models import OutboxRow, Robot, Task
from tests.engine.outside import all_to, really_sends, robot, states
from tests.transports.others import Request, WebServer, web_server
from tests.world import World


@pytest.fixture
def web() -> Iterator[WebServer]:
    with web_server() as server:
        yield server


def hook(world: World, web: WebServer, name: str = "erp", site: str = "bund", *events: str) -> Made:
    return webhooks.make(NewWebhook(name, site, web.url, events), HUB)


def heard(web: WebServer) -> list[str]:
    """The names of the events, in the order of their ids."""
    return [body["type"] for body in sorted((r.json for r in web.requests), key=lambda b: b["data"]["id"])]


def fits(request: Request, secret: str) -> bool:
    key = base64.b64decode(secret.removeprefix("whsec_"))
    said = f"{request.headers['webhook-id']}.{request.headers['webhook-timestamp']}.".encode() + request.body
    right = base64.b64encode(hmac.new(key, said, hashlib.sha256).digest()).decode()
    return f"v1,{right}" in request.headers["webhook-signature"].split(" ")


def test_a_program_hears_of_every_public_event_once(world: World, web: WebServer) -> None:
    really_sends(world)
    made = hook(world, web)
    receipt = world.tap(1)
    world.settle()
    cases.acknowledge(world.seen(receipt, "lin"))
    world.fast_forward(hours=3)
    happened = db.session.scalars(
        db.select(OutboxRow.id).where(OutboxRow.kind.in_(PUBLIC)).order_by(OutboxRow.id)
    ).all()
    ids = sorted(request.json["data"]["id"] for request in web.requests)
    assert ids == [str(id) for id in happened]
    assert set(heard(web)) == {
        "case.opened", "case.changed", "case.acknowledged", "case.breached", "delivery.sent"
    }  # fmt: skip
    assert all(fits(request, made.secret) for request in web.requests)


def test_what_it_gets_are_ids_and_codes_and_nothing_that_anybody_said(world: World, web: WebServer) -> None:
    really_sends(world)
    hook(world, web, "erp", "bund", "case.opened")
    receipt = world.say("服务员骂人，我要投诉", value=1)
    world.settle()
    (request,) = web.requests
    case = world.case(receipt)
    assert request.json["type"] == "case.opened"
    assert request.json["timestamp"] == case.opened_at.isoformat()
    assert request.json["data"] == {
        "id": request.json["data"]["id"],
        "v": 1,
        "at": case.opened_at.isoformat(),
        "case": str(case.id),
        "feedback": str(receipt.feedback_id),
    } | ({"late": False} if "late" in request.json["data"] else {})
    assert "投诉" not in str(request)


def test_it_hears_only_what_it_asked_for_and_only_of_its_places(world: World, web: WebServer) -> None:
    really_sends(world)
    hook(world, web, "opened only", "group", "case.opened")
    hook(world, web, "elsewhere", "soho")
    world.tap(1)
    world.settle()
    assert heard(web) == ["case.opened"]
    assert states(world, "opened only") == ["sent"]
    assert all_to(world, "elsewhere") == []


def test_what_was_before_it_was_made_or_after_it_ended_is_not_for_it(world: World, web: WebServer) -> None:
    really_sends(world)
    world.tap(1)
    world.fast_forward(minutes=1)
    made = hook(world, web, "erp", "bund", "case.opened")
    world.settle()
    assert web.requests == []
    robots.end_robot(made.id, HUB)
    world.tap(1)
    world.settle()
    assert web.requests == []


def test_without_a_webhook_what_is_only_told_is_not_relayed(world: World, web: WebServer) -> None:
    receipt = world.tap(1)
    world.settle()
    cases.acknowledge(world.seen(receipt, "lin"))
    waiting = db.select(OutboxRow.kind).where(OutboxRow.expanded_at.is_(None))
    assert set(db.session.scalars(waiting)) & PUBLIC <= {"case.opened", "case.breached"}


def test_pages_do_not_go_to_programs(world: World, web: WebServer) -> None:
    really_sends(world)
    hook(world, web, "erp", "bund", "ledger.changed")
    world.tap(1)
    world.settle()
    assert world.told() == [("lin", "page")]


def test_planned_twice_it_is_told_once(world: World, web: WebServer) -> None:
    really_sends(world)
    hook(world, web, "erp", "bund", "case.opened")
    world.tap(1)
    world.settle()
    tasks = db.session.scalars(db.select(Task.id).where(Task.job == "tell")).all()
    assert tasks
    assert webhooks.tell(tasks) == 0
    world.settle()
    assert len(web.requests) == 1


def test_what_fails_is_tried_after_one_five_and_thirty_minutes_and_then_seen(
    world: World, web: WebServer
) -> None:
    really_sends(world)
    made = hook(world, web, "erp", "bund", "case.opened")
    web.says({}, 500)
    world.tap(1)
    world.settle()
    id = all_to(world, "erp")[0].id
    began = clock.now()
    for minutes, tries in ((1, 2), (5, 3), (30, 4)):
        world.fast_forward(minutes=minutes)
        assert all_to(world, "erp")[0].tries == tries
    assert clock.now() - began == timedelta(minutes=36)
    assert (states(world, "erp"), all_to(world, "erp")[0].error) == (["failed"], "HTTP 500")
    web.says({})
    assert webhooks.replay(made.id, id, world.actor("admin"))
    assert not webhooks.replay(made.id, id, world.actor("admin"))
    world.settle()
    assert states(world, "erp") == ["sent"]
    assert {request.headers["webhook-id"] for request in web.requests} == {str(id)}
    assert len(web.requests) == 5


def test_what_was_taken_can_be_told_again_by_the_id_of_its_event(world: World, web: WebServer) -> None:
    really_sends(world)
    made = hook(world, web, "erp", "bund", "case.opened")
    world.tap(1)
    world.settle()
    event = UUID(web.requests[0].json["data"]["id"])
    assert webhooks.replay(made.id, event, HUB)
    world.settle()
    first, second = web.requests
    assert (first.body, first.headers["webhook-id"]) == (second.body, second.headers["webhook-id"])
    assert not webhooks.replay(made.id, UUID(int=7), HUB)


def test_after_a_rotation_either_secret_fits_for_a_day(world: World, web: WebServer) -> None:
    really_sends(world)
    made = hook(world, web, "erp", "bund", "case.opened")
    new = webhooks.rotate(made.id, HUB)
    world.tap(1)
    world.settle()
    assert fits(web.requests[0], made.secret)
    assert fits(web.requests[0], new)
    clock.stand_at(clock.now() + timedelta(hours=24))
    world.tap(1)
    world.settle()
    assert not fits(web.requests[-1], made.secret)
    assert fits(web.requests[-1], new)


def test_a_webhook_that_is_gone_is_told_nothing_more(world: World, web: WebServer) -> None:
    really_sends(world)
    hook(world, web, "erp", "bund", "case.opened")
    web.says({}, 410)
    world.tap(1)
    world.settle()
    world.tap(1)
    world.settle()
    assert len(web.requests) == 1
    assert states(world, "erp") == ["failed"]
    assert db.session.scalars(db.select(Robot)).one().ended_at == clock.now()


def test_an_address_inside_the_house_is_refused_where_that_is_not_allowed(
    world: World, web: WebServer
) -> None:
    really_sends(world)
    world.app.extensions["cem_settings"] = _strict(world)
    hook(world, web, "erp", "bund", "case.opened")
    world.tap(1)
    world.settle()
    assert web.requests == []
    assert states(world, "erp") == ["failed"]


def _strict(world: World) -> Any:
    from dataclasses import replace

    return replace(world.app.extensions["cem_settings"], private_addresses=False)


def test_what_is_no_event_and_what_is_no_webhook_is_refused(world: World, web: WebServer) -> None:
    with pytest.raises(Invalid):
        hook(world, web, "erp", "bund", "case.exploded")
    with pytest.raises(NotFound):
        webhooks.rotate(robot(world, "group", web.url), HUB)


def test_nothing_is_left_to_do_when_all_is_told(world: World, web: WebServer) -> None:
    really_sends(world)
    hook(world, web)
    world.tap(1)
    world.settle()
    assert not outbox.unfinished()
