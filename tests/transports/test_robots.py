"""The robots of WeCom, DingTalk and Feishu get what their protocols ask for."""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Iterator

import pytest

from cem.transports.base import Message, Transport, TransportError
from cem.transports.dingtalk import Dingtalk
from cem.transports.feishu import Feishu
from cem.transports.http import Http
from cem.transports.robots import cut
from cem.transports.wecom import Wecom
from tests.transports.others import WebServer, web_server

HTTP = Http(private=True, seconds=2)
SECRET = "SEC-of-the-robot"


@pytest.fixture
def server() -> Iterator[WebServer]:
    with web_server() as server:
        server.says({"errcode": 0, "code": 0})
        yield server


def send(transport: Transport, server: WebServer, secret: str | None = None, text: str = "你好") -> None:
    address = f"{server.url}/robot/send?access_token=t"
    transport.send(Message("id", "page", "group", text, address, secret, link="https://hub.example/desk"))


def test_wecom_gets_a_text(server: WebServer) -> None:
    send(Wecom(HTTP), server)
    assert server.requests[0].json == {
        "msgtype": "text",
        "text": {"content": "你好\nhttps://hub.example/desk"},
    }
    assert server.requests[0].headers["content-type"] == "application/json; charset=utf-8"


def test_dingtalk_gets_a_text_with_its_signature(server: WebServer) -> None:
    send(Dingtalk(HTTP), server, SECRET)
    (request,) = server.requests
    assert request.json["text"]["content"].startswith("你好")
    assert request.query["access_token"] == "t"
    assert len(request.query["timestamp"]) == 13
    words = f"{request.query['timestamp']}\n{SECRET}"
    right = base64.b64encode(hmac.new(SECRET.encode(), words.encode(), hashlib.sha256).digest()).decode()
    assert request.query["sign"] == right


def test_feishu_gets_a_text_with_its_signature(server: WebServer) -> None:
    send(Feishu(HTTP), server, SECRET)
    said = server.requests[0].json
    assert (said["msg_type"], said["content"]["text"][:2]) == ("text", "你好")
    key = f"{said['timestamp']}\n{SECRET}".encode()
    assert said["sign"] == base64.b64encode(hmac.new(key, b"", hashlib.sha256).digest()).decode()


@pytest.mark.parametrize("transport", [Dingtalk(HTTP), Feishu(HTTP)])
def test_without_a_secret_nothing_is_signed(transport: Transport, server: WebServer) -> None:
    send(transport, server)
    assert "sign" not in server.requests[0].query
    assert "sign" not in server.requests[0].json


BUSY = [(Wecom, 45009), (Wecom, -1), (Dingtalk, 130101), (Dingtalk, -1), (Feishu, 9499), (Feishu, 11232)]
REFUSED = [
    (Wecom, 93000),
    (Wecom, 40058),
    (Dingtalk, 310000),
    (Dingtalk, 300001),
    (Feishu, 19021),
    (Feishu, 19024),
]


@pytest.mark.parametrize("kind", [Wecom, Dingtalk, Feishu])
@pytest.mark.parametrize("status", [200, 400])
def test_the_providers_own_code_says_whether_another_try_helps(
    kind: type[Wecom], status: int, server: WebServer
) -> None:
    for codes, permanent in ((BUSY, False), (REFUSED, True)):
        for code in (code for of, code in codes if of is kind):
            server.says({"errcode": code, "code": code, "msg": "no"}, status)
            with pytest.raises(TransportError, match=f"^code {code}$") as caught:
                send(kind(HTTP), server)
            assert caught.value.permanent is permanent


def test_the_older_words_of_feishu_are_understood(server: WebServer) -> None:
    server.says({"StatusCode": 0, "StatusMessage": "success"})
    send(Feishu(HTTP), server)


@pytest.mark.parametrize(("status", "permanent"), [(404, True), (429, False), (502, False), (200, False)])
def test_an_answer_without_a_code_is_judged_by_its_status(
    status: int, permanent: bool, server: WebServer
) -> None:
    server.says(b"<html>", status)
    with pytest.raises(TransportError) as caught:
        send(Wecom(HTTP), server)
    assert caught.value.permanent is permanent


def test_a_long_text_is_cut_between_letters() -> None:
    assert cut("你" * 10, 30) == "你" * 10
    assert cut("你" * 11, 30) == "你" * 9 + "…"
    assert len(cut("a你" * 1000, 2048).encode()) <= 2048
