"""A page reaches its person and its group; what does not get through goes another way, or is seen to fail."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from cem import clock
from cem.domain.actors import HUB
from cem.domain.vocabulary import TransportName
from cem.engine import cases, dispatch, notify, robots
from cem.extensions import db
from cem.models import Attempt
from tests.engine.outside import all_to, reachable, really_sends, robot, sent_to, states
from tests.transports.others import MailServer, WebServer, mail_server, web_server
from tests.world import World

OK = {"errcode": 0}


@pytest.fixture
def web() -> Iterator[WebServer]:
    with web_server() as server:
        server.says(OK)
        yield server


@pytest.fixture
def mail() -> Iterator[MailServer]:
    with mail_server() as server:
        yield server


def test_a_page_goes_to_its_person_and_to_the_group_of_its_place(world: World, web: WebServer) -> None:
    really_sends(world)
    robot(world, "外滩值班群", web.url)
    receipt = world.tap(1)
    world.settle()
    assert sorted(world.told()) == [("lin", "page"), ("外滩值班群", "page")]
    (request,) = web.requests
    number = world.case(receipt).number
    assert f"个案 {number}（P2）" in request.json["text"]["content"]
    assert "林知夏" in request.json["text"]["content"]
    assert request.json["text"]["content"].endswith(f"/desk/cases/{number}")


def test_the_nearest_robots_speak_and_those_above_are_silent(world: World) -> None:
    for name, site in (("group", "group"), ("bund one", "bund"), ("bund two", "bund"), ("soho", "soho")):
        robot(world, name, site=site)
    world.tap(1)
    world.settle()
    assert {to for to, _ in world.told()} == {"lin", "bund one", "bund two"}


def test_a_place_without_a_robot_has_that_of_the_place_above(world: World) -> None:
    robot(world, "group", site="group")
    world.tap(1)
    world.settle()
    assert world.told() == [("lin", "page"), ("group", "page")]


def test_in_the_sandbox_it_is_listed_and_nothing_leaves(world: World, web: WebServer) -> None:
    robot(world, "group", web.url)
    reachable(world, "lin", "email", "lin@example.com")
    world.tap(1)
    world.settle()
    assert {row.transport.value for row in sent_to(world, "lin")} == {"inbox", "email"}
    assert states(world, "group") == ["sent"]
    assert web.requests == []


def test_an_address_counts_from_when_it_was_proved(world: World) -> None:
    address = robots.give_address(world.people["lin"], TransportName.EMAIL, "lin@example.com", HUB)
    world.tap(1)
    world.settle()
    assert all_to(world, "lin", "email") == []
    assert robots.prove_address(address, HUB)
    world.tap(1)
    world.settle()
    assert states(world, "lin", "email") == ["sent"]


def test_an_e_mail_arrives_at_the_proved_address(world: World, mail: MailServer) -> None:
    really_sends(world, smtp_url=mail.url, mail_from="hub@example.com")
    reachable(world, "lin", "email", "lin@example.com")
    world.tap(1)
    world.settle()
    (letter,) = mail.letters
    assert letter["To"] == "lin@example.com"
    (delivery,) = sent_to(world, "lin", "email")
    assert delivery.external_id == letter["Message-ID"] == f"<{delivery.id}@example.com>"


def test_without_a_mail_server_no_mail_is_planned(world: World) -> None:
    really_sends(world)
    reachable(world, "lin", "email", "lin@example.com")
    world.tap(1)
    world.settle()
    assert all_to(world, "lin", "email") == []


def test_no_connection_to_the_database_waits_for_other_servers(world: World, web: WebServer) -> None:
    really_sends(world)
    robot(world, "group", web.url)
    seen: list[int] = []
    pools = [engine.pool for engine in db.engines.values()]
    web.looks = lambda: seen.append(sum(pool.checkedout() for pool in pools))
    world.tap(1)
    world.settle()
    assert seen == [0]


def test_refused_by_the_first_route_it_goes_by_the_second_at_once(
    world: World, mail: MailServer, web: WebServer
) -> None:
    really_sends(world, smtp_url=mail.url, mail_from="hub@example.com", sms_url=web.url)
    reachable(world, "lin", "email", "lin@example.com")
    reachable(world, "lin", "sms", "+8613800000000")
    mail.to_recipient = "550 no such user"
    world.tap(1)
    world.settle()
    assert states(world, "lin", "email") == ["failed"]
    assert states(world, "lin", "sms") == ["sent"]
    assert all_to(world, "lin", "email")[0].error == "SMTP 550"


def test_failing_twice_it_goes_by_the_second_route_within_thirty_seconds(
    world: World, web: WebServer
) -> None:
    with web_server() as broken:
        broken.says(b"", 503)
        really_sends(world)
        robot(world, "bund", broken.url)
        robot(world, "group", web.url, site="group")
        world.tap(1)
        world.settle()
        assert states(world, "bund") == ["held"]
        world.fast_forward(seconds=10)
        assert len(broken.requests) == 2
    assert (states(world, "bund"), states(world, "group")) == (["failed"], ["sent"])


def test_the_only_route_is_tried_again_until_it_is_open(world: World, web: WebServer) -> None:
    really_sends(world)
    robot(world, "group", web.url)
    web.says({"errcode": 45009})
    world.tap(1)
    world.settle()
    web.says(OK)
    world.fast_forward(seconds=10)
    (delivery,) = sent_to(world, "group")
    assert (delivery.tries, len(web.requests), delivery.error) == (2, 2, None)
    errors = db.session.scalars(db.select(Attempt.error).order_by(Attempt.began_at)).all()
    assert errors == ["code 45009", None]


def test_acknowledging_stops_what_waits_for_its_next_try(world: World, web: WebServer) -> None:
    really_sends(world)
    robot(world, "group", web.url)
    web.says({}, 500)
    receipt = world.tap(1)
    world.settle()
    assert states(world, "group") == ["held"]
    cases.acknowledge(world.seen(receipt, "lin"))
    assert states(world, "group") == ["stopped"]
    world.fast_forward(minutes=1)
    assert len(web.requests) == 1


def test_what_was_sent_or_stopped_does_not_leave_again_however_often_it_is_asked_to(
    world: World, web: WebServer
) -> None:
    really_sends(world)
    robot(world, "group", web.url)
    web.says({}, 500)
    receipt = world.tap(1)
    world.settle()
    cases.acknowledge(world.seen(receipt, "lin"))
    web.says(OK)
    world.fast_forward(hours=8)
    assert world.case(receipt).state == "open", "the acknowledgement led to nothing: the case waits again"
    over = [row.id for row in all_to(world, "group") if row.state in ("sent", "stopped")]
    asked = len(web.requests)
    assert {"sent", "stopped"} <= set(states(world, "group"))
    assert [dispatch.begin(id) for id in over] == [None] * len(over)
    assert len(web.requests) == asked


def test_a_message_that_fails_for_a_defect_of_ours_sends_no_other_twice(
    world: World, web: WebServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    from cem.transports.dingtalk import Dingtalk

    def breaks(self: object, message: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(Dingtalk, "send", breaks)
    really_sends(world)
    robot(world, "sound", web.url)
    robot(world, "broken", web.url, transport="dingtalk")
    world.tap(1)
    world.settle()
    assert (states(world, "sound"), states(world, "broken")) == (["sent"], ["held"])
    assert len(web.requests) == 1


def test_opening_the_case_is_the_receipt_of_what_told_of_it(world: World) -> None:
    receipt = world.tap(1)
    world.settle()
    case_id, lin = world.case(receipt).id, world.people["lin"]
    world.fast_forward(minutes=1)
    assert notify.seen(world.people["zhou"], case_id) == 0
    assert notify.seen(lin, case_id) == 1
    first = sent_to(world, "lin")[0].seen_at
    assert first == clock.now()
    world.fast_forward(seconds=30)
    assert notify.seen(lin, case_id) == 0
    assert sent_to(world, "lin")[0].seen_at == first
