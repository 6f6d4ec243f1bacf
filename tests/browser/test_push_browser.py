"""A browser that was asked to ring shows what it is sent, says that it came, and is asked politely."""

from __future__ import annotations

import json
from typing import Any

from playwright.sync_api import Page, expect
from sqlalchemy import insert, update

from cem import clock
from cem.domain.vocabulary import DeliveryKind, DeliveryState, TransportName
from cem.extensions import db
from cem.http import sign_in
from cem.http.messages import proof_of
from cem.ids import new_id
from cem.models import Delivery, User
from tests import world as worlds
from tests.browser.conftest import Hub

PASSWORD = "a long enough one"
REGISTERED = """async () => {
  await navigator.serviceWorker.register('/push-worker.js', { scope: '/' });
  await navigator.serviceWorker.ready;
}"""
SHOWN = """async () => {
  const registration = await navigator.serviceWorker.ready;
  return (await registration.getNotifications()).map((each) => [each.body, each.data.url]);
}"""


def reach(hub: Hub, *allowed: str) -> Page:
    """lin's page of how she is reached, in a browser that allows this."""
    clock.stand_at(worlds.MONDAY)
    with hub.app.app_context():
        known = sign_in.hash_password(PASSWORD)
        with db.engines[None].begin() as connection:
            connection.execute(update(User).values(password_hash=known, locale="en"))
    context = hub.visitor()
    context.grant_permissions(list(allowed), origin=hub.address)
    page = hub.page(context)
    page.goto("/me/reach")
    page.fill("#username", "lin")
    page.fill("#password", PASSWORD)
    page.click("main button[type=submit]")
    page.wait_for_url("**/me/reach")
    return page


def sent(hub: Hub) -> Any:
    """The id of a message that has left for lin's browser."""
    with hub.app.app_context():
        user = db.session.scalars(db.select(User).where(User.username == "lin")).one()
        row = {"id": new_id(clock.now()), "dedupe_key": "push", "kind": DeliveryKind.PAGE, "to": "lin"}
        row |= {"transport": TransportName.WEBPUSH, "user_id": user.id, "message": {}}
        row |= {"state": DeliveryState.SENT, "created_at": clock.now(), "sent_at": clock.now()}
        with db.engines[None].begin() as connection:
            connection.execute(insert(Delivery), [row])
        return row["id"]


def deliver(page: Page, hub: Hub, told: dict[str, Any]) -> None:
    """What the browser's own service does when something has come for it."""
    found: list[dict[str, Any]] = []
    devtools = page.context.new_cdp_session(page)
    devtools.on("ServiceWorker.workerRegistrationUpdated", lambda event: found.extend(event["registrations"]))
    devtools.send("ServiceWorker.enable")
    while not found:
        page.wait_for_timeout(20)
    where = {"origin": hub.address, "registrationId": found[-1]["registrationId"]}
    devtools.send("ServiceWorker.deliverPushMessage", where | {"data": json.dumps(told)})


def test_a_message_is_shown_and_its_receipt_is_sent(hub: Hub) -> None:
    page, id = reach(hub, "notifications"), sent(hub)
    page.evaluate(REGISTERED)
    receipt = f"{hub.address}/receipts/{id}/{proof_of(id)}"
    told = {"text": "Bund: case 7", "url": f"{hub.address}/desk", "id": str(id), "receipt": receipt}
    deliver(page, hub, told)
    for _ in range(100):  # waiting for a function would take the promise of an answer for one
        if page.evaluate(SHOWN):
            break
        page.wait_for_timeout(50)
    assert page.evaluate(SHOWN) == [["Bund: case 7", f"{hub.address}/desk"]]
    with hub.app.app_context():
        for _ in range(100):
            db.session.rollback()
            if db.session.get_one(Delivery, id).received_at is not None:
                break
            page.wait_for_timeout(50)
        assert db.session.get_one(Delivery, id).received_at == clock.now()
    assert hub.errors == []


def test_a_browser_that_was_told_not_to_says_so(hub: Hub) -> None:
    page = reach(hub)
    button = page.get_by_role("button", name="Ring in this browser")
    denied = page.get_by_text("This browser was told not to.")
    expect(button.or_(denied)).to_be_visible()
    if button.is_visible():
        button.click()
    expect(denied).to_be_visible()
    assert hub.errors == []
