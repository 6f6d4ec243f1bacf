"""Who was told and has looked: the receipt of a message."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from cem import clock
from cem.domain.actors import HUB
from cem.engine import browsers
from cem.extensions import db
from cem.http import messages
from cem.models import Delivery, User
from tests.engine.outside import reachable
from tests.transports.browser import Browser
from tests.web.office import Office, opened


@pytest.fixture
def office(database_url: str, tmp_path: Path) -> Iterator[Office]:
    with opened(database_url, tmp_path) as office:
        yield office


def _seen(office: Office, who: str) -> list[object]:
    with office.inside():
        told = db.select(Delivery.seen_at).join(User, User.id == Delivery.user_id)
        return list(db.session.scalars(told.where(User.username == who).order_by(Delivery.id)))


def test_a_page_is_seen_when_its_case_is_opened_by_whom_it_was_for(office: Office) -> None:
    number = office.tap(1)
    with office.inside():
        office.world.settle()
    assert _seen(office, "lin") == [None]
    office.desk("zhou").page(f"/desk/cases/{number}")
    assert _seen(office, "lin") == [None]
    office.desk("lin").page(f"/desk/cases/{number}")
    assert _seen(office, "lin") == [clock.now()]


def _told(office: Office, transport: str = "webpush") -> tuple[str, list[object]]:
    """Where the receipt of the first such message goes, and what is known of it."""
    with office.inside():
        row = db.session.scalars(db.select(Delivery).where(Delivery.transport == transport)).first()
        assert row is not None
        known = [row.state.value, row.received_at, row.seen_at]
        return f"/receipts/{row.id}/{messages.proof_of(row.id)}", known


def test_a_device_says_that_it_has_it_and_that_it_was_read(office: Office) -> None:
    with office.inside():
        raw = Browser().subscription("https://push.example")
        browsers.subscribe(office.world.people["lin"], raw, "Chrome", HUB)
    office.tap(1)
    address, known = _told(office)
    assert known == ["sent", None, None]
    assert office.stranger().post(address).status_code == 204
    assert _told(office)[1] == ["sent", clock.now(), None]
    office.stranger().post(address, json={"state": "read"})
    assert _told(office)[1] == ["sent", clock.now(), clock.now()]


def test_what_a_provider_could_not_deliver_goes_by_the_next_route(office: Office) -> None:
    with office.inside():
        reachable(office.world, "lin", "email", "lin@example.com")
        reachable(office.world, "lin", "sms", "+8613800000000")
    office.tap(1)
    address, _ = _told(office, "email")
    assert office.stranger().post(address, json={"state": "failed"}).status_code == 204
    with office.inside():
        office.world.settle()
    assert _told(office, "email")[1][0] == "failed"
    assert _told(office, "sms")[1][0] == "sent"


def test_a_receipt_that_nobody_was_given_is_no_address(office: Office) -> None:
    with office.inside():
        reachable(office.world, "lin", "email", "lin@example.com")
    office.tap(1)
    address, known = _told(office, "email")
    for wrong in (address[:-1] + ("0" if address[-1] != "0" else "1"), address.rsplit("/", 1)[0] + "/é"):
        assert office.stranger().post(wrong).status_code == 404
    assert _told(office, "email")[1] == known


def test_a_person_asks_their_browser_to_ring_and_to_stop(office: Office) -> None:
    lin = office.desk("lin")
    raw = Browser().subscription("https://push.example")
    assert lin.post("/me/browsers", subscription=raw).status_code == 204
    page = lin.page("/me/reach")
    assert "push.example" not in page
    (end,) = set(re.findall(r'action="(/me/browsers/[^"]+/end)"', page))
    assert office.desk("zhou").post(end).status_code == 404
    assert lin.post(end).status_code == 303
    assert "/end" not in lin.page("/me/reach")
    assert lin.post("/me/browsers", subscription="{}").status_code == 422


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"quiet_from": "22:00", "digest_at": "08:00"}, "Give both ends of the quiet hours, or neither."),
        ({"quiet_from": "25:00", "quiet_to": "07:00", "digest_at": "08:00"}, "Write the time as 22:00."),
        ({"digest_at": ""}, "Write the time as 22:00."),
    ],
)
def test_hours_are_kept_as_a_person_chose_them(office: Office, given: dict[str, str], words: str) -> None:
    lin = office.desk("lin")
    lin.post("/me/hours", quiet_from="22:30", quiet_to="07:00", digest_at="09:15")
    kept = [f'value="{time}"' for time in ("22:30", "07:00", "09:15")]
    page = lin.page("/me/reach")
    assert all(each in page for each in kept)
    answer = lin.post("/me/hours", **given)
    assert (answer.status_code, words in answer.text) == (422, True)


def test_the_worker_is_asked_for_anew_and_may_be_run_by_browsers(office: Office) -> None:
    answer = office.stranger().get("/push-worker.js")
    assert (answer.mimetype, answer.headers["Cache-Control"]) == ("text/javascript", "no-store")


def test_the_bell_counts_what_is_unread_until_its_person_has_seen_it(office: Office) -> None:
    lin, zhou = office.desk("lin"), office.desk("zhou")
    number = office.tap(1)
    assert "1 unread message" in lin.page("/desk")
    assert "No unread message" in zhou.page("/desk")
    page = lin.page("/me/messages")
    assert f'href="/desk/cases/{number}"' in page
    assert lin.post("/me/messages/seen").status_code == 303
    assert "No unread message" in lin.page("/me/messages/bell")
    assert "unread</b>" not in lin.page("/me/messages")
    assert _seen(office, "lin") == [clock.now()]
