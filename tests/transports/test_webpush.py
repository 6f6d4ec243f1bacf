"""A browser's service gets what only that browser can read, from a hub that proves who it is."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature

from cem import clock
from cem.transports.base import Gone, Message, TransportError
from cem.transports.http import Http
from cem.transports.webpush import Subscription, Webpush, encrypted, from_text, key_from, public_text
from tests.transports.browser import Browser
from tests.transports.others import WebServer, web_server


@pytest.fixture
def server() -> Iterator[WebServer]:
    with web_server() as server:
        server.says(b"", 201)
        yield server


def send(server: WebServer, browser: Browser, kind: str = "page", **more: object) -> None:
    message = Message(
        "0190-7",
        kind,
        "lin",
        "外滩店：个案 7",
        browser.subscription(server.url),
        link="https://hub/desk/cases/7",
    )
    transport = Webpush(Http(private=True, seconds=2), key_from("secret"), "mailto:hub@example.com")
    transport.send(message)


def test_the_example_of_the_standard_comes_out_letter_for_letter() -> None:
    """RFC 8291, appendix A."""
    there = Subscription(
        "https://push.example.net/",
        from_text("BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4"),
        from_text("BTBZMqHH6r4Tts7J_aSIgg"),
    )
    private = int.from_bytes(from_text("yfWPiYE-n46HLnH0KqZOF1fJJU3MYrct3AELtAQ-oRw"), "big")
    key = ec.derive_private_key(private, ec.SECP256R1())
    words = b"When I grow up, I want to be a watermelon"
    assert encrypted(words, there, key, from_text("DGv6ra1nlYgDCS1FRnbzlw")) == from_text(
        "DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8w"
        "EqKK6PBru3jl7A_yl95bQpu6cVPTpK4Mqgkf1CXztLVBSt2Ks3oZwbuwXPXLWyouBWLVWGNWQexSgSxsj_Qulcy4a-fN"
    )


def test_the_browser_reads_what_the_service_cannot(server: WebServer) -> None:
    browser = Browser()
    send(server, browser)
    (request,) = server.requests
    assert "个案" not in request.body.decode(errors="ignore")
    told = json.loads(browser.decrypted(request.body))
    assert (told["text"], told["url"]) == ("外滩店：个案 7", "https://hub/desk/cases/7")
    assert request.headers["content-encoding"] == "aes128gcm"
    assert int(request.headers["ttl"]) > 0


def test_what_asks_somebody_to_act_is_urgent(server: WebServer) -> None:
    send(server, Browser())
    send(server, Browser(), kind="breach")
    assert [request.headers["urgency"] for request in server.requests] == ["high", "normal"]
    assert len(server.requests[0].headers["topic"]) <= 32


def test_the_hub_proves_who_it_is(server: WebServer) -> None:
    send(server, Browser())
    scheme, _, rest = server.requests[0].headers["authorization"].partition(" ")
    given = dict(part.strip().split("=", 1) for part in rest.split(","))
    said, _, signature = given["t"].rpartition(".")
    raw = from_text(signature)
    point = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), from_text(given["k"]))
    pair = (int.from_bytes(raw[:32], "big"), int.from_bytes(raw[32:], "big"))
    point.verify(encode_dss_signature(*pair), said.encode(), ec.ECDSA(hashes.SHA256()))
    claims = json.loads(from_text(said.split(".")[1]))
    assert scheme == "vapid"
    assert given["k"] == public_text(key_from("secret"))
    assert (claims["aud"], claims["sub"]) == (server.url, "mailto:hub@example.com")
    assert clock.now() < datetime.fromtimestamp(claims["exp"], UTC)


@pytest.mark.parametrize("status", [404, 410])
def test_a_browser_that_is_gone_is_gone_for_ever(server: WebServer, status: int) -> None:
    server.says(b"", status)
    with pytest.raises(Gone):
        send(server, Browser())


@pytest.mark.parametrize("raw", ["", "{}", "[]", '{"endpoint": 1, "keys": {"p256dh": "AA", "auth": "AA"}}'])
def test_what_no_browser_gives_is_refused(raw: str) -> None:
    with pytest.raises(TransportError) as caught:
        Subscription.read(raw)
    assert caught.value.permanent
