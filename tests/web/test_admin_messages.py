"""The administrators see who did not get what and why, send it again, and try every robot for real."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from cem.domain.vocabulary import DeliveryState
from cem.extensions import db
from cem.models import Delivery, Robot
from tests.engine.outside import really_sends, robot
from tests.transports.others import WebServer, web_server
from tests.web.office import Office, opened

FORM = {"name": "外滩值班群", "transport": "wecom", "site": "bund", "locale": "zh-Hans"}


@pytest.fixture
def office(database_url: str, tmp_path: Path) -> Iterator[Office]:
    with opened(database_url, tmp_path) as office:
        with office.inside():
            really_sends(office.world)
        yield office


@pytest.fixture
def web() -> Iterator[WebServer]:
    with web_server() as server:
        server.says({"errcode": 0})
        yield server


def settled(office: Office, **by: float) -> None:
    with office.inside():
        office.world.fast_forward(**(by or {"seconds": 0}))


def robots(office: Office) -> list[Robot]:
    with office.inside():
        return list(db.session.scalars(db.select(Robot).where(Robot.ended_at.is_(None))))


def test_what_was_given_up_says_why_and_is_sent_again(office: Office, web: WebServer) -> None:
    web.says({"errcode": 93000})
    with office.inside():
        robot(office.world, "group", web.url)
    office.tap(1)
    office.tap(1)
    settled(office)
    admin = office.desk("admin")
    page = admin.page("/admin/deliveries")
    assert page.count("WeCom does not know this robot (93000). Copy its address again.") == 2
    assert "Send all 2 again" in page
    web.says({"errcode": 0})
    with office.inside():
        route = str(db.session.scalar(db.select(Robot.id)))
    answer = admin.post("/admin/deliveries/replays", route=route)
    assert answer.location == "/admin/deliveries?again=2"
    settled(office)
    assert "Every message got through." in admin.page("/admin/deliveries")
    assert len(web.requests) == 4


def test_one_is_sent_again_or_set_aside(office: Office, web: WebServer) -> None:
    web.says({"errcode": 93000})
    with office.inside():
        robot(office.world, "group", web.url)
    office.tap(1)
    office.tap(1)
    settled(office)
    with office.inside():
        failed = db.select(Delivery.id).where(Delivery.state == DeliveryState.FAILED)
        first, second = db.session.scalars(failed.order_by(Delivery.id)).all()
    admin = office.desk("admin")
    assert admin.post(f"/admin/deliveries/{first}/end").location == "/admin/deliveries?forgone=1"
    web.says({"errcode": 0})
    assert admin.post(f"/admin/deliveries/{second}/replay").location == "/admin/deliveries?again=1"
    assert admin.post(f"/admin/deliveries/{second}/replay").location == "/admin/deliveries?again=0"
    settled(office)
    assert len(web.requests) == 3


def test_what_is_held_back_says_why_and_the_minute_is_shown(office: Office, web: WebServer) -> None:
    with office.inside():
        robot(office.world, "group", web.url)
        for _ in range(22):  # dissatisfied, but not so much that they are one storm
            office.world.tap(2)
    settled(office)
    page = office.desk("admin").page("/admin/deliveries")
    assert page.count("This minute is full.") == 2
    assert "20 / 20" in page


def test_a_robot_is_added_with_a_test_that_is_really_sent(office: Office, web: WebServer) -> None:
    admin = office.desk("admin")
    added = admin.post("/admin/robots", **FORM, url=f"{web.url}/send?key=f00ba4")
    (request,) = web.requests
    assert "外滩值班群" in request.json["text"]["content"]
    page = admin.page(added.location)
    assert "外滩值班群 was reached." in page
    assert "f00ba4" not in page


def test_a_test_that_fails_says_why_and_is_not_tried_again(office: Office, web: WebServer) -> None:
    web.says({"errcode": 93000})
    admin = office.desk("admin")
    page = admin.page(admin.post("/admin/robots", **FORM, url=web.url).location)
    assert "外滩值班群 was not reached." in page
    assert "WeCom does not know this robot (93000)." in page
    settled(office, minutes=2)
    assert len(web.requests) == 1
    assert "Every message got through." in admin.page("/admin/deliveries")


def test_it_is_changed_without_showing_its_address_tried_and_ended(office: Office, web: WebServer) -> None:
    admin = office.desk("admin")
    admin.post("/admin/robots", **FORM, url=f"{web.url}/send?key=f00ba4")
    (made,) = robots(office)
    here = f"/admin/robots/{made.id}"
    assert "f00ba4" not in admin.page(here)
    assert admin.post(here, **FORM | {"name": "another"}, url="").status_code == 303
    (changed,) = robots(office)
    assert (changed.name, changed.url) == ("another", made.url)
    admin.post(f"{here}/trial")
    assert len(web.requests) == 2
    admin.post(f"{here}/end")
    assert robots(office) == []
    assert admin.post(f"{here}/trial").status_code == 404


def test_a_webhook_shows_its_secret_once(office: Office, web: WebServer) -> None:
    admin = office.desk("admin")
    form = {"name": "erp", "transport": "webhook", "site": "bund", "events": "case.opened", "url": web.url}
    page = admin.page(admin.post("/admin/robots", **form).location)
    assert "whsec_" in page
    assert "whsec_" not in admin.page("/admin/robots")
    assert web.requests[0].json["type"] == "webhook.trial"
    (made,) = robots(office)
    assert made.events == ["case.opened"]
    assert "whsec_" in admin.page(admin.post(f"/admin/robots/{made.id}/rotation").location)


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("name", "", "Write a name that people know it by."),
        ("url", "", "Paste the address"),
        ("url", "ftp://example.org", "Give an https:// address."),
        ("events", [], "Choose at least one event."),
    ],
)
def test_what_is_missing_is_said_beside_its_field(
    office: Office, web: WebServer, field: str, value: object, words: str
) -> None:
    form = FORM | {"url": web.url, "events": ["case.opened"], "transport": "webhook", field: value}
    answer = office.desk("admin").post("/admin/robots", **form)
    assert answer.status_code == 422
    assert words in answer.text
    assert robots(office) == []


def test_executives_look_and_change_nothing(office: Office, web: WebServer) -> None:
    fallback = office.desk("fallback")
    assert "Add a robot" not in fallback.page("/admin/robots")
    assert fallback.post("/admin/robots", **FORM, url=web.url).status_code == 403
    assert office.desk("lin").get("/admin/deliveries").status_code == 403
