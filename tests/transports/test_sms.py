"""A text message is handed to the provider once, with a key that makes a second try harmless."""

from __future__ import annotations

import pytest

from cem.transports.base import Message, TransportError
from cem.transports.http import Http
from cem.transports.sms import HttpSms, Sms
from tests.transports.others import web_server

HTTP = Http(private=True, seconds=2)
TEXT = Message("0190-7", "page", "lin", "个案 7", "+8613800000000", link="https://hub.example")


def test_the_provider_gets_number_text_and_key() -> None:
    with web_server() as server:
        server.says({"id": 4711})
        assert Sms(HttpSms(HTTP, f"{server.url}/sms", "token")).send(TEXT) == "4711"
        (request,) = server.requests
    assert request.json == {"id": "0190-7", "to": "+8613800000000", "text": "个案 7"}
    assert request.headers["authorization"] == "Bearer token"
    assert request.headers["idempotency-key"] == "0190-7"


@pytest.mark.parametrize(("status", "permanent"), [(400, True), (402, True), (429, False), (503, False)])
def test_its_status_says_whether_another_try_helps(status: int, permanent: bool) -> None:
    with web_server() as server:
        server.says({}, status)
        with pytest.raises(TransportError, match=f"^HTTP {status}$") as caught:
            Sms(HttpSms(HTTP, server.url, None)).send(TEXT)
    assert caught.value.permanent is permanent
