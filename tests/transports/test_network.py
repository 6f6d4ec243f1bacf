"""The hub cannot be talked into calling machines of its own network, nor be kept waiting."""

from __future__ import annotations

import ipaddress
import socket

import pytest

from cem.transports.base import TransportError
from cem.transports.http import Http
from cem.transports.network import is_public
from tests.transports.others import web_server

PRIVATE = [
    "127.0.0.1",
    "10.1.2.3",
    "172.16.0.1",
    "192.168.1.1",
    "169.254.169.254",
    "100.64.0.1",
    "0.0.0.0",
    "224.0.0.1",
    "::1",
    "::",
    "fe80::1",
    "fd00::1",
    "ff02::1",
    "::ffff:127.0.0.1",
    "2002:7f00:1::",
    "64:ff9b::a00:1",
]


@pytest.mark.parametrize("address", PRIVATE)
def test_an_address_that_is_not_of_the_open_internet_is_known(address: str) -> None:
    assert not is_public(ipaddress.ip_address(address))


@pytest.mark.parametrize("address", ["1.1.1.1", "8.8.8.8", "2606:4700::1111", "64:ff9b::808:808"])
def test_an_address_of_the_open_internet_is_known(address: str) -> None:
    assert is_public(ipaddress.ip_address(address))


@pytest.mark.parametrize(
    "host", ["127.0.0.1", "localhost", "[::1]", "[::ffff:127.0.0.1]", "127.1", "2130706433"]
)
def test_a_private_address_is_refused_for_good_however_it_is_written(host: str) -> None:
    with pytest.raises(TransportError, match="not a public one") as caught:
        Http().post(f"https://{host}/hook", b"", {})
    assert caught.value.permanent


def test_a_name_with_one_private_address_among_others_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    both = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (ip, 443)) for ip in ("1.1.1.1", "10.0.0.1")]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: both)
    with pytest.raises(TransportError, match="not a public one"):
        Http().post("https://rebound.example/hook", b"", {})


@pytest.mark.parametrize(
    "url",
    [
        "http://example.com/",
        "ftp://example.com/",
        "https://",
        "https://a:b@example.com/",
        "https://x:0/",
        "https://[/",
        "",
    ],
)
def test_only_https_without_a_password_is_called(url: str) -> None:
    with pytest.raises(TransportError, match="https") as caught:
        Http().post(url, b"", {})
    assert caught.value.permanent


def test_a_private_address_is_called_where_the_administrator_allows_it() -> None:
    with web_server() as server:
        assert Http(private=True).post(f"{server.url}/hook", b"body", {}).status == 200
        assert server.requests[0].body == b"body"


def test_nobody_there_is_worth_another_try() -> None:
    with pytest.raises(TransportError) as caught:
        Http(private=True, seconds=1).post("http://127.0.0.1:9/", b"", {})
    assert not caught.value.permanent


def test_no_redirect_is_followed() -> None:
    with web_server() as server:
        server.says({}, 302, Location=f"{server.url}/elsewhere")
        answer = Http(private=True).post(f"{server.url}/hook", b"", {})
        assert (answer.status, len(server.requests)) == (302, 1)


def test_a_server_that_answers_one_letter_at_a_time_is_left_in_time() -> None:
    with web_server() as server:
        server.drips = True
        with pytest.raises(TransportError) as caught:
            Http(private=True, seconds=0.3).post(server.url, b"", {})
        assert not caught.value.permanent


def test_a_server_without_a_valid_certificate_gets_nothing() -> None:
    with web_server() as server:
        with pytest.raises(TransportError) as caught:
            Http(private=True, seconds=1).post(server.url.replace("http://", "https://"), b"words", {})
        assert not caught.value.permanent
        assert server.requests == []


@pytest.mark.parametrize(("said", "seconds"), [("90", 90), ("99999999", 3600), ("soon", None), ("-5", None)])
def test_how_long_to_wait_is_read_from_the_answer(said: str, seconds: int | None) -> None:
    with web_server() as server:
        server.says({}, 429, Retry_After=said)
        wait = Http(private=True).post(server.url, b"", {}).wait
        assert (None if wait is None else wait.total_seconds()) == seconds
