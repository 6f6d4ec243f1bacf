"""Webhooks are signed as Standard Webhooks says, and carry ids alone."""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from cem.transports.base import Gone, Message, TransportError
from cem.transports.http import Http
from cem.transports.webhook import Webhook
from tests.transports.others import WebServer, web_server

KEY = b"a key of the receiver's"
SECRET = f"whsec_{base64.b64encode(KEY).decode()}"
AT = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)


@pytest.fixture
def server() -> Iterator[WebServer]:
    with web_server() as server:
        yield server


def send(server: WebServer, secret: str | None = SECRET) -> None:
    words = "what the customer said"
    message = Message("0190-7", "case.opened", "hook", words, server.url, secret, ids={"case": "7"}, at=AT)
    Webhook(Http(private=True, seconds=2)).send(message)


def test_its_signature_is_over_id_time_and_body(server: WebServer) -> None:
    send(server)
    (request,) = server.requests
    signed = (
        f"{request.headers['webhook-id']}.{request.headers['webhook-timestamp']}.".encode() + request.body
    )
    right = base64.b64encode(hmac.new(KEY, signed, hashlib.sha256).digest()).decode()
    assert request.headers["webhook-signature"] == f"v1,{right}"
    assert request.headers["webhook-id"] == "0190-7"


def test_its_body_has_ids_and_no_words(server: WebServer) -> None:
    send(server)
    assert server.requests[0].json == {
        "type": "case.opened",
        "timestamp": "2026-11-23T02:00:00+00:00",
        "data": {"case": "7"},
    }


def test_gone_is_for_ever(server: WebServer) -> None:
    server.says({}, 410)
    with pytest.raises(Gone) as caught:
        send(server)
    assert caught.value.permanent


@pytest.mark.parametrize("secret", [None, "", "whsec_", "whsec_no base 64!", base64.b64encode(KEY).decode()])
def test_without_a_right_secret_nothing_is_sent(server: WebServer, secret: str | None) -> None:
    with pytest.raises(TransportError, match="secret") as caught:
        send(server, secret)
    assert caught.value.permanent
    assert server.requests == []
