"""A browser rings for whoever asked it to, until they, or it, want no more; and says that it did."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest

from cem import clock
from cem.domain.actors import HUB
from cem.domain.reasons import Invalid
from cem.engine import browsers
from cem.extensions import db
from cem.models import Address
from tests.engine.outside import all_to, reachable, really_sends, states
from tests.transports.browser import Browser
from tests.transports.others import WebServer, mail_server, web_server
from tests.world import World


@pytest.fixture
def service() -> Iterator[WebServer]:
    """The push service of a browser's maker."""
    with web_server() as server:
        server.says(b"", 201)
        yield server


def rings(world: World, service: WebServer, who: str = "lin", path: str = "/push/1") -> Browser:
    browser = Browser()
    browsers.subscribe(world.people[who], browser.subscription(service.url, path), "Chrome", HUB)
    return browser


def test_a_page_rings_in_every_browser_of_its_person(world: World, service: WebServer) -> None:
    really_sends(world)
    first, second = rings(world, service), rings(world, service, path="/push/2")
    receipt = world.tap(1)
    world.settle()
    by_path = {request.path: request.body for request in service.requests}
    told = json.loads(first.decrypted(by_path["/push/1"]))
    assert str(world.case(receipt).number) in told["text"]
    assert told["url"].endswith(f"/desk/cases/{world.case(receipt).number}")
    assert json.loads(second.decrypted(by_path["/push/2"]))["text"] == told["text"]
    assert states(world, "lin", "webpush") == ["sent", "sent"]


def test_it_rings_beside_the_mail_and_not_instead_of_it(world: World, service: WebServer) -> None:
    with mail_server() as mail:
        really_sends(world, smtp_url=mail.url, mail_from="hub@example.com")
        reachable(world, "lin", "email", "lin@example.com")
        rings(world, service)
        world.tap(1)
        world.settle()
        assert (len(mail.letters), len(service.requests)) == (1, 1)


@pytest.mark.parametrize("status", [404, 410])
def test_a_browser_that_is_gone_rings_no_more(world: World, service: WebServer, status: int) -> None:
    really_sends(world)
    rings(world, service)
    service.says(b"", status)
    world.tap(1)
    world.settle()
    world.tap(1)
    world.settle()
    assert len(service.requests) == 1
    assert db.session.scalars(db.select(Address)).one().ended_at == clock.now()


def test_ended_by_its_person_it_rings_no_more(world: World, service: WebServer) -> None:
    really_sends(world)
    rings(world, service)
    (row,) = db.session.scalars(db.select(Address)).all()
    assert not browsers.end(world.people["zhou"], row.id, HUB)
    assert browsers.end(world.people["lin"], row.id, HUB)
    world.tap(1)
    world.settle()
    assert service.requests == []


def test_who_signs_in_at_a_browser_after_somebody_has_it_alone(world: World, service: WebServer) -> None:
    raw = Browser().subscription(service.url)
    first = browsers.subscribe(world.people["lin"], raw, "Chrome", HUB)
    assert browsers.subscribe(world.people["lin"], raw, "Chrome", HUB) == first
    browsers.subscribe(world.people["zhou"], raw, "Chrome", HUB)
    db.session.rollback()
    live = db.session.scalars(db.select(Address).where(Address.ended_at.is_(None))).all()
    assert [row.user_id for row in live] == [world.people["zhou"]]


def test_what_no_browser_gives_is_refused(world: World) -> None:
    with pytest.raises(Invalid):
        browsers.subscribe(world.people["lin"], "{}", "Chrome", HUB)


def test_a_service_that_is_busy_is_tried_again(world: World, service: WebServer) -> None:
    really_sends(world)
    rings(world, service)
    service.says(b"", 503)
    world.tap(1)
    world.settle()
    service.says(b"", 201)
    world.fast_forward(seconds=10)
    assert states(world, "lin", "webpush") == ["sent"]
    assert len({request.headers["topic"] for request in service.requests}) == 1
    assert all_to(world, "lin", "webpush")[0].tries == 2
